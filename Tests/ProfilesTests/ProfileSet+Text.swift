import Profiles

/// Profiles from the text of files that do not exist: `/config` and `/credentials`.
extension ProfileSet {
  init(config: String = "", credentials: String = "") throws(ConfigError) {
    self.init(
      config: try ConfigDocument(parsing: Array(config.utf8), file: "/config", as: .config),
      credentials: try ConfigDocument(parsing: Array(credentials.utf8), file: "/credentials", as: .credentials))
  }
}

extension SourceLocation {
  static func config(_ line: Int) -> SourceLocation { SourceLocation(file: "/config", line: line) }
  static func credentials(_ line: Int) -> SourceLocation { SourceLocation(file: "/credentials", line: line) }
}
