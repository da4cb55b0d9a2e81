internal import Files

extension ConfigFiles {
  /// Changes the config file in one step; it is made, for the user alone, where it is missing.
  ///
  /// Throws, and leaves the file as it was, rather than lose anything that stands in it.
  package func editConfig(_ change: (inout ConfigEditor) throws(ConfigError) -> Void) throws(ConfigError) {
    try edit(config, as: .config, change)
  }

  /// Throws `notRegular` where the config is what cannot be changed, such as a pipe.
  package func requireChangeableConfig() throws(ConfigError) {
    guard AtomicFile.canReplace(config) else { throw .notRegular(file: config) }
  }

  /// Runs `body` while no other process of ours changes the config, or runs a body of its own.
  package func exclusively(_ body: () throws -> Void) throws {
    let file = try open(config)
    try body()
    _ = consume file
  }

  /// Takes `key` out of both files and leaves every other byte as it was, each file in one step.
  package func remove(_ key: PlainTextKey) throws(ConfigError) {
    if try exists(config) {
      try edit(config, as: .config) { editor throws(ConfigError) in try editor.remove(key) }
    }
    if try exists(credentials) {
      try edit(credentials, as: .credentials) { editor throws(ConfigError) in try editor.remove(key) }
    }
  }

  private func edit(
    _ path: String, as kind: ConfigDocument.Kind, _ change: (inout ConfigEditor) throws(ConfigError) -> Void
  ) throws(ConfigError) {
    let file = try open(path)
    let bytes = try Self.contents(of: file, at: path)
    var editor = try ConfigEditor(bytes, file: path, as: kind)
    try change(&editor)
    guard editor.bytes != bytes else { return }
    do throws(FileFailure) {
      try file.replace(with: editor.bytes)
    } catch {
      throw ConfigError(writing: path, error)
    }
  }

  private func open(_ path: String) throws(ConfigError) -> AtomicFile {
    do throws(FileFailure) {
      return try AtomicFile(path, patience: patience)
    } catch {
      throw ConfigError(writing: path, error)
    }
  }

  private static func contents(of file: borrowing AtomicFile, at path: String) throws(ConfigError) -> [UInt8] {
    do throws(FileFailure) {
      return try file.read()
    } catch {
      throw ConfigError(reading: path, error)
    }
  }

  private func exists(_ path: String) throws(ConfigError) -> Bool {
    do throws(FileFailure) {
      return try FileDescriptor.contents(ofFile: path, patience: patience) != nil
    } catch {
      throw ConfigError(reading: path, error)
    }
  }
}
