extension ConfigFiles {
  /// Changes the config file in one step; it is made, for the user alone, where it is missing.
  ///
  /// Throws, and leaves the file as it was, rather than lose anything that stands in it.
  package func editConfig(_ change: (inout ConfigEditor) throws(ConfigError) -> Void) throws(ConfigError) {
    let file = try open()
    let bytes = try contents(of: file)
    var editor = try ConfigEditor(bytes, file: config)
    try change(&editor)
    guard editor.bytes != bytes else { return }
    do throws(FileFailure) {
      try file.replace(with: editor.bytes)
    } catch {
      throw ConfigError(writing: config, error)
    }
  }

  private func open() throws(ConfigError) -> AtomicFile {
    do throws(FileFailure) {
      return try AtomicFile(config)
    } catch {
      throw ConfigError(writing: config, error)
    }
  }

  private func contents(of file: borrowing AtomicFile) throws(ConfigError) -> [UInt8] {
    do throws(FileFailure) {
      return try file.read()
    } catch {
      throw ConfigError(reading: config, error)
    }
  }
}
