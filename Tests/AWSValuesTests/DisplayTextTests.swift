import AWSValues
import Testing

struct DisplayTextTests {
  @Test(arguments: [
    ("plain – text, ünïcödé 漢字 🙂", "plain – text, ünïcödé 漢字 🙂"),
    ("a\u{1b}[31mb", "a\\u{1b}[31mb"), ("a\r\nb\tc\0", "a\\u{d}\\u{a}b\\u{9}c\\u{0}"),
    ("\u{7f}\u{9b}2J\u{85}", "\\u{7f}\\u{9b}2J\\u{85}"),
    (
      "\u{202a}\u{202e}\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}",
      "\\u{202a}\\u{202e}\\u{2066}\\u{2069}\\u{200e}\\u{200f}\\u{61c}"
    ),
    ("a\u{200b}\u{200d}\u{feff}\u{2060}\u{ad}b", "a\\u{200b}\\u{200d}\\u{feff}\\u{2060}\\u{ad}b"),
    ("\u{2028}\u{2029}\u{e0041}\u{e000}", "\\u{2028}\\u{2029}\\u{e0041}\\u{e000}"),
  ])
  func `what a terminal would obey or hide is made visible`(text: String, shown: String) {
    #expect(text.displayText() == shown)
  }

  @Test func `text of others is cut after 200 characters and says so`() {
    #expect(String(repeating: "x", count: 200).displayText() == String(repeating: "x", count: 200))
    #expect(String(repeating: "x", count: 201).displayText() == String(repeating: "x", count: 200) + "…")
    #expect(("e" + String(repeating: "\u{301}", count: 5_000)).displayText().unicodeScalars.count == 201)
  }

  @Test func `a line of our own is not cut`() {
    #expect(String(repeating: "x", count: 500).displayLine().count == 500)
  }
}
