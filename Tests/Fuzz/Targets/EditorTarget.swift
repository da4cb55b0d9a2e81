@testable import Profiles

/// Sets a property in a config file, and compares with what a slow reader finds there before and after.
///
/// The input is the choice of a setting, a line with the profile, a line with the value, and the file.
enum EditorTarget {
  static func check(_ input: [UInt8]) throws {
    var input = FuzzInput(input)
    let setting = input.choice(Setting.allCases)
    let (profile, value) = (input.text(), input.text())
    let before = input.remainder()
    guard let editor = try? ConfigEditor(before, file: "config"),
      let after = changed(editor, setting, to: value, in: profile)
    else { return }
    try compare(before, after, setting, value, profile)
    try demand(losesValueOnly(before, after), "a byte was lost that is no value of \(setting.rawValue)")
    guard let again = try? ConfigEditor(after, file: "config") else { throw Violation("the result is malformed") }
    try demand(changed(again, setting, to: value, in: profile) == after, "the same change made another file")
  }

  private static func changed(
    _ editor: ConfigEditor, _ setting: Setting, to value: String, in profile: String
  ) -> [UInt8]? {
    var editor = editor
    do { try editor.setProperty(setting, to: value, in: profile) } catch { return nil }
    let isRare = value.contains("#")
    return Planted.bug(in: editor.bytes, when: isRare, editor.bytes + Array("\n[profile \(profile)]\nca_bundle=x".utf8))
  }

  private static func compare(
    _ before: [UInt8], _ after: [UInt8], _ setting: Setting, _ value: String, _ profile: String
  ) throws {
    guard var expected = ReferenceConfig(before, isConfig: true)?.sections,
      let found = ReferenceConfig(after, isConfig: true)?.sections
    else { throw Violation("the editor took or made a malformed file") }
    let isPlain = profile == "default" && expected["profile default"] == nil
    expected[isPlain ? "default" : "profile " + profile, default: [:]][setting.rawValue] = value
    try demand(found == expected, "\(found) should be \(expected)")
  }

  /// Whether the files differ in one place only, where at most the value of one property went.
  private static func losesValueOnly(_ before: [UInt8], _ after: [UInt8]) -> Bool {
    let start = zip(before, after).prefix { $0 == $1 }.count
    let end = zip(before.reversed(), after.reversed()).prefix { $0 == $1 }.count
    let lost = before[start..<max(start, before.count - end)]
    // Beyond a property's first line its value has indented lines, with empty ones and comments between them.
    let ownStarts: [UInt8?] = [0x20, 0x09, 0x0d, UInt8(ascii: "#"), UInt8(ascii: ";")]
    return lost.split(separator: 0x0a).dropFirst().allSatisfy { ownStarts.contains($0.first) }
  }
}
