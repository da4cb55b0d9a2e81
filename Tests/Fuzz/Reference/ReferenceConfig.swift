@testable import Profiles

/// What a config or credentials file says, read a line at a time with no regard to speed: the second opinion on
/// `ConfigDocument`.
struct ReferenceConfig: Equatable {
  /// Values by `kind name` of the section, then by key in lower case.
  private(set) var sections: [String: [String: String]] = [:]
  private var current: String?
  private var key: String?
  private var isInSection = false
  private var isInProperty = false
  private var valueWasEmpty = false

  /// Nil if the file is malformed.
  init?(_ bytes: [UInt8], isConfig: Bool) {
    guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else { return nil }
    for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
      guard take(line.last == 0x0d ? line.dropLast() : line, isConfig: isConfig) else { return nil }
    }
    if sections["profile default"] != nil { sections["default"] = nil }
  }

  private mutating func take(_ line: ArraySlice<UInt8>, isConfig: Bool) -> Bool {
    let text = Self.trim(line)
    guard let first = text.first, !Self.isCommentMark(first) else { return true }
    if Self.isBlank(line[line.startIndex]) { return takeContinuation(text) }
    if first == UInt8(ascii: "[") { return takeHeader(text, isConfig: isConfig) }
    return takeProperty(text)
  }

  private mutating func takeHeader(_ text: ArraySlice<UInt8>, isConfig: Bool) -> Bool {
    let header = Self.trim(text.prefix { !Self.isCommentMark($0) })
    guard header.count > 1, header.last == UInt8(ascii: "]") else { return false }
    (isInSection, isInProperty, key) = (true, false, nil)
    current = Self.meaning(of: Self.trim(header.dropFirst().dropLast()), isConfig: isConfig)
    if let current { sections[current, default: [:]] = sections[current] ?? [:] }
    return true
  }

  private mutating func takeProperty(_ text: ArraySlice<UInt8>) -> Bool {
    let text = Self.withoutComment(text)
    guard isInSection, let equals = text.firstIndex(of: UInt8(ascii: "=")) else { return false }
    let name = Self.trim(text[..<equals])
    let value = Self.trim(text[equals...].dropFirst())
    guard !name.isEmpty else { return false }
    (isInProperty, valueWasEmpty, key) = (true, value.isEmpty, nil)
    guard let current, name.allSatisfy(Self.isNameCharacter) else { return true }
    key = Self.string(name).lowercased()
    sections[current]?[Self.string(name).lowercased()] = Self.string(value)
    return true
  }

  private mutating func takeContinuation(_ text: ArraySlice<UInt8>) -> Bool {
    guard isInProperty else { return false }
    if valueWasEmpty {
      guard let equals = text.firstIndex(of: UInt8(ascii: "=")), equals > text.startIndex else { return false }
    }
    guard let current, let key else { return true }
    sections[current]?[key]? += "\n" + Self.string(text)
    return true
  }

  private static func meaning(of header: ArraySlice<UInt8>, isConfig: Bool) -> String? {
    guard isConfig else { return isName(header) ? "profile " + string(header) : nil }
    let type = string(header.prefix { !isBlank($0) })
    let name = trim(header.drop { !isBlank($0) })
    if name.isEmpty { return type == "default" ? "default" : nil }
    guard ["profile", "sso-session", "services"].contains(type), isName(name) else { return nil }
    return type + " " + string(name)
  }

  private static func withoutComment(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let mark = text.indices.dropFirst().first { isCommentMark(text[$0]) && isBlank(text[$0 - 1]) }
    return text[..<(mark ?? text.endIndex)]
  }

  private static func trim(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let start = text.drop(while: isBlank)
    return start.prefix(start.count - start.reversed().prefix(while: isBlank).count)
  }

  private static func isName(_ text: ArraySlice<UInt8>) -> Bool { !text.isEmpty && text.allSatisfy(isNameCharacter) }
  private static func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
  private static func isCommentMark(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "#") || byte == UInt8(ascii: ";") }

  private static func isNameCharacter(_ byte: UInt8) -> Bool {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/.%@:+".utf8.contains(byte)
  }
}

// MARK: - Everything

extension ConfigDocument {
  /// All values, in the shape of `ReferenceConfig.sections`.
  var everything: [String: [String: String]] {
    var everything: [String: [String: String]] = [:]
    for section in sections where section.kind != .quotedProfile && section.kind != .bareName {
      let name = text(section.name)
      guard let (title, merged) = merged(section.kind, name) else { continue }
      let values = merged.keys.map { key in (key, merged.property(key)?.value ?? "?") }
      everything[title] = Dictionary(uniqueKeysWithValues: values)
    }
    return everything
  }

  private func merged(_ kind: ConfigSection.Kind, _ name: String) -> (title: String, section: MergedSection)? {
    let (title, selection) =
      switch kind {
      case .profile: ("profile " + name, sections(kind, named: name))
      case .plainDefault: ("default", sections(.profile, named: name))
      case .ssoSession: ("sso-session " + name, sections(kind, named: name))
      case .services, .quotedProfile, .bareName: ("services " + name, sections(kind, named: name))
      }
    let isReplaced = kind == .plainDefault && selection.sections.first?.kind == .profile
    return isReplaced ? nil : MergedSection(of: [selection]).map { (title, $0) }
  }
}
