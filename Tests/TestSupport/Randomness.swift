/// The same numbers at every run: SplitMix64.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

extension SeededGenerator {
  /// Text of `length` parts, each one of `parts`.
  package mutating func text(_ length: ClosedRange<Int>, of parts: [String]) -> String {
    (0..<Int.random(in: length, using: &self)).compactMap { _ in parts.randomElement(using: &self) }.joined()
  }

  package mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// True once in `count` times.
  package mutating func isOne(in count: Int) -> Bool { number(1...count) == 1 }
}

// MARK: - Hostile values

/// Values that would run a command, end a quote, or come back changed, if a reader did not take them as they are. If
/// one gets the better of a shell, the file `canary` appears in its folder.
package enum HostileValues {
  /// 500 by hand and 10 000 at random, the same in every run.
  package static let all = crafted + random
  package static let crafted = Array((texts.map { Array($0.utf8) } + malformed + bytes + marks + pairs).prefix(500))

  package static let random: [[UInt8]] = {
    var generator = SeededGenerator(seed: 20_261_121)
    return (0..<10_000).map { index in
      let alphabet = alphabets[index % alphabets.count]
      let length = Int.random(in: 1...24, using: &generator)
      return (0..<length).flatMap { _ in alphabet.randomElement(using: &generator) ?? [] }
    }
  }()

  /// Whether an environment variable and a shell's word may hold `value`: text, not empty, without control characters.
  package static func isText(_ value: [UInt8]) -> Bool {
    guard let text = String(validating: value, as: UTF8.self), !text.isEmpty else { return false }
    return text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
  }

  private static let texts =
    [
      "'", "''", "a'b", "'a'", "a''b", "'\\''", "'\"'\"'", "\\", "\\\\", "\\'", "a\\", "end\\'", "\\\u{e9}'", "\"",
      "\"\"",
      "!", "!!", "!-1:p", "a!b'!c", "%", "%s%n", "%%", "${HOME}", "$HOME", "$", "$$", "$1", "$@", "~", "~root", "~+",
      "*", "/*", "{a,b}", "{1..9}", "[a-z]", "?", "#", "a #b", " lead", "trail ", "a  b", " ", "-n", "--", "-e x", "-E",
      "--export", "=", "=a=b", "a=b", "=ls", "$'\\x41'", "$\"a\"", "^a^b", "\\n\\t\\x41", "\\0101", "$((1+1))",
      "$[1+1]",
      "é", "漢字🙂", "\u{2018}x\u{2019}", "\u{ff07}", "\u{2bc}", "\u{f600}\u{f6ff}\u{f8ff}\u{10fffd}", "a\u{a0}b",
      "\u{feff}a", "a\u{202e}b", "\u{200b}", "\u{2028}", "\u{2029}", "\u{d7ff}\u{e000}", "\u{ffff}", "e\u{301}",
      "\u{e0041}", "\r\n", "a\nb", "a\rb", "\u{1b}[2J", "\u{9b}2J", "\u{85}", "\u{0}", "a\u{0}b",
      "", "export X=1;", "; exit 3", "';exit 3;'", "'; set -e; false; '", "EOF", "<<EOF", ");", "';;", "end",
      "\u{f6ff}'",
    ] + attacks + long

  /// Ways to have `touch canary` run.
  private static let attacks = [
    "$(%)", "`%`", "\"$(%)\"", "'$(%)'", "\\$(%)", "\\`%\\`", "; %", "& %", "| %", "|| %", "&& %", "'; %; '",
    "\"; %; \"",
    "'\"; %; \"'", "\\'; %; \\'", "'\\''; %; '", "\n%\n", "'\n%\n'", "> canary", "'> canary'", "< canary > canary",
    "${x:=$(%)}", "${x:-`%`}", "$((`%`))", "$[$(%)]", "(%)", "(% | string collect)", "{ %; }", "<(%)", ">(%)", "=(%)",
    "a[$(%)]", "x=$(%)", "-$(%)", "%$(%)", "$(eval %)", "eval %", "'; eval '%'; '", "' | % | '", "' & % & '",
    "$'\\'; %; \\''", "*(e:'%':)", "@[%]", "@{%}", "(begin; %; end)", "'; begin; %; end; '", "\u{2019}; %; \u{2018}",
    "\\\n$(%)", "#\n%", "';%#", "\";%#", "`%", "$(%", "'$(%", "\\\\'; %; \\\\'", "'''; %; '''", "!$(%)", "~$(%)",
  ].map { $0.replacing("%", with: "touch canary") }

  /// 64 KiB each, but for the quotes, which bash takes minutes to read that many of.
  private static let long =
    [String(repeating: "'", count: 2_000)]
    + ["a", "\\", "$(touch canary)", "long'\\ é"].map { part in
      String(repeating: part, count: 65_536 / part.utf8.count)
    }

  /// No UTF-8: overlong forms, surrogates, code points that are none, sequences cut off, bytes that never occur.
  private static let malformed: [[UInt8]] = [
    [0xc0, 0x80], [0xc0, 0xa7], [0xc1, 0xbf], [0xe0, 0x80, 0x80], [0xe0, 0x80, 0xa7], [0xe0, 0x9f, 0xbf],
    [0xf0, 0x80, 0x80, 0x80], [0xf0, 0x80, 0x80, 0xa7], [0xf0, 0x8f, 0xbf, 0xbf], [0xed, 0xa0, 0x80],
    [0xed, 0xbf, 0xbf], [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80],
    [0xf8, 0x88, 0x80, 0x80, 0x80], [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80], [0xfe], [0xff], [0xff, 0xfe], [0x80],
    [0xbf, 0x27], [0xc3], [0xc3, 0x27], [0x27, 0xc3], [0xe2, 0x80], [0xe2, 0x80, 0x27], [0xf0, 0x9f, 0x99],
    [0xf0, 0x9f, 0x99, 0x27, 0x3b], [0x61, 0xed, 0xa0, 0x80, 0x62], [0x5c, 0xff], [0x24, 0x28, 0xc3, 0x29],
  ]

  /// Every byte between two letters.
  private static let bytes: [[UInt8]] = (0...255).map { (byte: UInt8) -> [UInt8] in
    [UInt8(ascii: "a"), byte, UInt8(ascii: "z")]
  }

  private static let marks: [[UInt8]] = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".utf8.flatMap {
    (mark: UInt8) -> [[UInt8]] in
    [[mark, UInt8(ascii: "x")], [UInt8(ascii: "x"), mark]]
  }

  private static let pairs: [[UInt8]] = "'\\$`\"!".utf8.flatMap { (first: UInt8) -> [[UInt8]] in
    "'\\\"$( ".utf8.map { (second: UInt8) -> [UInt8] in [first, second, UInt8(ascii: "c")] }
  }

  private static let alphabets: [[[UInt8]]] = [
    pieces("'", "\\", "\"", "$", "(", ")", "`", "!", " ", "%", "a", ";", "=", "#", "~", "*", "{", "}", "touch canary"),
    pieces("'", "\\", "$(touch canary)", "`touch canary`", "; touch canary;", "> canary", "é", "\u{2019}"),
    bytes(0x20...0x7e),
    pieces("'", "\\", "é", "漢", "🙂", "\u{a0}", "\u{2018}", "\u{202e}", "\u{f6ff}", "e\u{301}", "\u{10ffff}", "$"),
    bytes(0...0xff),
  ]

  /// Without the two that could name or overwrite a file elsewhere, should a shell be fooled.
  private static func bytes(_ range: ClosedRange<UInt8>) -> [[UInt8]] {
    range.filter { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">") }.map { [$0] }
  }

  private static func pieces(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }
}
