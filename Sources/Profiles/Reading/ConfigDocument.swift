/// One of AWS's shared files, split into sections; names and values stay bytes until somebody asks for them.
package struct ConfigDocument: Sendable {
  let file: String
  let kind: Kind
  let bytes: [UInt8]
  let sections: [ConfigSection]
  let properties: [ConfigProperty]

  /// Which of the two files it is: they write their section headers differently.
  package enum Kind: Sendable {
    /// `~/.aws/config`, with `[profile NAME]`.
    case config
    /// `~/.aws/credentials`, with `[NAME]`.
    case credentials
  }

  /// Reads `bytes` by the grammar that the AWS SDKs share.
  /// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
  package init(parsing bytes: [UInt8], file: String, as kind: Kind) throws(ConfigError) {
    var parser = ConfigParser(file: file, kind: kind)
    try parser.parse(bytes.span)
    self.init(file: file, kind: kind, bytes: bytes, sections: parser.sections, properties: parser.properties)
  }

  private init(
    file: String, kind: Kind, bytes: [UInt8], sections: [ConfigSection], properties: [ConfigProperty]
  ) {
    self.file = file
    self.kind = kind
    self.bytes = bytes
    self.sections = sections
    self.properties = properties
  }

  func location(line: Int) -> SourceLocation {
    SourceLocation(file: file, line: line)
  }

  func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }
}
