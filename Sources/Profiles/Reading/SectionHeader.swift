/// What the text between a section's brackets means.
struct SectionHeader {
  /// The kind of section and its name; nil for a section that is none of ours.
  private(set) var meaning: (kind: ConfigSection.Kind, name: Range<Int>)?

  init(_ text: Range<Int>, of bytes: Span<UInt8>, in document: ConfigDocument.Kind) {
    switch document {
    case .config: meaning = Self.configMeaning(of: text, of: bytes)
    case .credentials: meaning = (.profile, text)
    }
    if let named = meaning, !bytes.isName(named.name) { meaning = nil }
  }

  private static func configMeaning(
    of text: Range<Int>, of bytes: Span<UInt8>
  ) -> (kind: ConfigSection.Kind, name: Range<Int>)? {
    var end = text.lowerBound
    while end < text.upperBound, !bytes[end].isBlank { end += 1 }
    let type = text.lowerBound..<end
    let name = bytes.trimmed(end..<text.upperBound)
    if name.isEmpty { return bytes.equals("default", in: type) ? (.plainDefault, type) : nil }
    if bytes.equals("profile", in: type) { return (.profile, name) }
    if bytes.equals("sso-session", in: type) { return (.ssoSession, name) }
    return bytes.equals("services", in: type) ? (.services, name) : nil
  }
}
