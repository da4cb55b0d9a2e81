internal import AWSValues
internal import POSIX

/// Where AWS's two shared files are.
/// https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
package struct ConfigFiles: Equatable, Sendable {
  /// `AWS_CONFIG_FILE`, else `~/.aws/config`.
  package var config: String
  /// `AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`.
  package var credentials: String
  /// How long another process is waited for: one that is making a change too, or one that writes to a pipe.
  package var timeout = Duration.seconds(10)

  /// Throws `homeUnknown` if neither a variable nor `HOME` tells where a file is.
  package init(environment: [String: String]) throws(ConfigError) {
    config = try Self.path(named: "AWS_CONFIG_FILE", else: "/.aws/config", environment)
    credentials = try Self.path(named: "AWS_SHARED_CREDENTIALS_FILE", else: "/.aws/credentials", environment)
    // What was not text in the environment is replaced by this character; such a file would count as missing.
    for path in [config, credentials] where path.unicodeScalars.contains("\u{fffd}") { throw .pathNotText(path) }
  }

  /// Reads both; a missing one counts as empty.
  package func read() throws(ConfigError) -> ProfileSet {
    ProfileSet(config: try read(config, as: .config), credentials: try read(credentials, as: .credentials))
  }

  private func read(_ path: String, as kind: ConfigDocument.Kind) throws(ConfigError) -> ConfigDocument {
    try ConfigDocument(parsing: contents(ofFile: path) ?? [], file: path, as: kind)
  }

  private static func path(
    named variable: String, else usual: String, _ environment: [String: String]
  ) throws(ConfigError) -> String {
    if let path = environment[variable], !path.isEmpty { return PathExpansion(environment: environment).expand(path) }
    guard let home = environment["HOME"], !home.isEmpty else { throw .homeUnknown(nil, insteadOf: variable) }
    guard home.hasPrefix("/") else { throw .homeUnknown(home, insteadOf: variable) }
    return home + usual
  }
}

// MARK: - Path expansion

/// Expands variables and the home directory in a path, as botocore does for the places of the shared files.
///
/// What is not set stays as it is written, and so does another user's home (`~alice/x`).
private struct PathExpansion {
  let environment: [String: String]

  func expand(_ path: String) -> String {
    let path = expandingVariables(path)
    guard let home = environment["HOME"], path == "~" || path.hasPrefix("~/") else { return path }
    return home + path.dropFirst()
  }

  private func expandingVariables(_ path: String) -> String {
    var rest = path[...]
    var expanded = ""
    while let dollar = rest.firstIndex(of: "$") {
      expanded += String(rest[..<dollar])
      let reference = Self.reference(at: rest[dollar...])
      expanded += environment[String(reference.name)] ?? String(reference.text)
      rest = rest[reference.text.endIndex...]
    }
    return expanded + String(rest)
  }

  /// The `$NAME` or `${NAME}` that `text` starts with, or the bare `$`.
  private static func reference(at text: Substring) -> (text: Substring, name: Substring) {
    let tail = text.dropFirst()
    if tail.first == "{", let close = tail.firstIndex(of: "}") {
      return (text[...close], tail[..<close].dropFirst())
    }
    let name = tail.prefix { $0.utf8.allSatisfy(\.isWordCharacter) }
    return (text[..<name.endIndex], name)
  }
}

// MARK: - Editing

extension ConfigFiles {
  /// Changes the config file in one step; it is made, for the user alone, if it is missing.
  ///
  /// Throws, and leaves the file as it was, rather than lose anything that stands in it.
  package func editConfig(_ change: (inout ConfigEditor) throws(ConfigError) -> Void) throws(ConfigError) {
    try edit(config, as: .config, change)
  }

  /// Throws if `profile` can be no profile's name, or the config cannot be changed.
  package func requireChangeableConfig(for profile: String) throws(ConfigError) {
    guard profile.isSectionName else { throw .invalidProfileName(profile) }
    try requireChangeableConfig()
  }

  /// Throws if the config cannot be changed: it is a pipe, or another user's, or its folder is.
  package func requireChangeableConfig() throws(ConfigError) {
    guard AtomicFile.canReplace(config) else { throw .unwritable(file: config, .notRegular) }
    guard try contents(ofFile: config) != nil else { return }
    let file = try open(config)
    do throws(FileFailure) { try file.rehearse() } catch { throw .unwritable(file: config, error) }
  }

  /// Runs `body` while no other process of ours changes the config, or runs a body of its own.
  package func exclusively(_ body: () throws -> Void) throws {
    let file = try open(config)
    try body()
    _ = consume file
  }

  /// Takes `key` out of both files and leaves every other byte as it was, each file in one step.
  package func remove(_ key: PlainTextKey) throws(ConfigError) {
    let files: [(String, ConfigDocument.Kind)] = [(config, .config), (credentials, .credentials)]
    for (path, kind) in files where try contents(ofFile: path) != nil {
      try edit(path, as: kind) { editor throws(ConfigError) in try editor.remove(key) }
    }
  }

  private func edit(
    _ path: String, as kind: ConfigDocument.Kind, _ change: (inout ConfigEditor) throws(ConfigError) -> Void
  ) throws(ConfigError) {
    let file = try open(path)
    let bytes: [UInt8]
    do throws(FileFailure) { bytes = try file.read() } catch { throw .unreadable(file: path, error) }
    var editor = try ConfigEditor(bytes, file: path, as: kind)
    try change(&editor)
    guard editor.bytes != bytes else { return }
    do throws(FileFailure) { try file.replace(with: editor.bytes) } catch { throw .unwritable(file: path, error) }
  }

  private func open(_ path: String) throws(ConfigError) -> AtomicFile {
    do throws(FileFailure) {
      return try AtomicFile(path, timeout: timeout)
    } catch {
      throw .unwritable(file: path, error)
    }
  }

  /// Nil if there is no file.
  private func contents(ofFile path: String) throws(ConfigError) -> [UInt8]? {
    do throws(FileFailure) {
      return try FileDescriptor.contents(ofFile: path, timeout: timeout)
    } catch {
      throw .unreadable(file: path, error)
    }
  }
}
