/// A section of a config file; its name is a range of the file's bytes, its properties one of the document's.
struct ConfigSection: Equatable, Sendable {
  var kind: Kind
  var name: Range<Int>
  /// The line of the header.
  var line: Int
  /// Where the header's line ends: its line feed, or the end of the file.
  var headerEnd: Int
  var properties: Range<Int>

  enum Kind: Equatable, Sendable {
    case profile
    /// `[default]` in the config file, which any `[profile default]` replaces.
    case plainDefault
    case ssoSession, services
  }
}
