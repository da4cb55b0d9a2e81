internal import Files

/// Where AWS's two shared files are.
/// https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
package struct ConfigFiles: Equatable, Sendable {
  /// `AWS_CONFIG_FILE`, else `~/.aws/config`.
  package var config: String
  /// `AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`.
  package var credentials: String
  /// How long another process is waited for: one that is making a change too, or one that writes to a pipe.
  package var patience = Duration.seconds(10)

  /// Throws `homeUnknown` where neither a variable nor `HOME` tells where a file is.
  package init(environment: [String: String]) throws(ConfigError) {
    config = try Self.path(named: "AWS_CONFIG_FILE", else: "/.aws/config", environment)
    credentials = try Self.path(named: "AWS_SHARED_CREDENTIALS_FILE", else: "/.aws/credentials", environment)
  }

  /// Reads both; a missing one counts as empty.
  package func read() throws(ConfigError) -> ProfileSet {
    ProfileSet(config: try read(config, as: .config), credentials: try read(credentials, as: .credentials))
  }

  private func read(_ path: String, as kind: ConfigDocument.Kind) throws(ConfigError) -> ConfigDocument {
    let bytes: [UInt8]?
    do throws(FileFailure) {
      bytes = try FileDescriptor.contents(ofFile: path, patience: patience)
    } catch {
      throw ConfigError(reading: path, error)
    }
    return try ConfigDocument(parsing: bytes ?? [], file: path, as: kind)
  }

  private static func path(
    named variable: String, else usual: String, _ environment: [String: String]
  ) throws(ConfigError) -> String {
    if let path = environment[variable], !path.isEmpty { return PathExpansion(environment).expand(path) }
    guard let home = environment["HOME"], !home.isEmpty else { throw .homeUnknown(nil) }
    guard home.hasPrefix("/") else { throw .homeUnknown(home) }
    return home + usual
  }
}
