/// Values that would run a command, end a quote, or come back changed, if a shell did not take them as they are.
enum HostileValues {
  static let all = crafted + random

  private static let crafted = [
    "'", "''", "a'b", "'a'", "a''b", "'; touch canary; '", "\"", "\"$(touch canary)\"", "$(touch canary)",
    "`touch canary`", "; touch canary", "& touch canary", "| touch canary", "> canary", "\\", "\\\\", "\\'", "'\\''",
    "a\\", "\\n\\t\\x41", "!", "!!", "!-1:p", "a!b'!c", "%", "%s%n", "${HOME}", "$HOME", "~", "~root", "*", "/*",
    "{a,b}",
    "[a-z]", "?", "#", "a #b", " lead", "trail ", "a  b", "-n", "--", "-e x", "=", "=a=b", "a=b", "(touch canary)",
    "$'\\x41'", "^a^b", "é", "漢字🙂", "\u{2018}x\u{2019}", "\u{f600}\u{f6ff}\u{f8ff}\u{10fffd}", "a\u{a0}b",
    "\\\u{e9}'", "end\\'", "(touch canary | string collect)", "{ touch canary; }", "<(touch canary)", "$((1+1))",
    String(repeating: "long'\\", count: 5_000),
  ]

  private static let random: [String] = {
    var state: UInt64 = 20_261_121
    let pieces = [
      "'", "\\", "\"", "$", "(", ")", "`", "!", " ", "%", "é", "a", ";", "=", "#", "~", "*", "touch canary", "{", "}",
    ]
    return (0..<40).map { _ in
      (0..<12).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return pieces[Int(state >> 33) % pieces.count]
      }.joined()
    }
  }()
}
