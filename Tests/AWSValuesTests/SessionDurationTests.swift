import AWSValues
import Testing

struct SessionDurationTests {
  @Test(arguments: [("900", 900), ("90s", 90), ("15m", 900), ("12h", 43200), ("1d", 86400)])
  func `durations read as seconds, minutes, hours and days`(text: String, seconds: Int) {
    #expect(SessionDuration(text)?.seconds == seconds)
  }

  @Test(arguments: ["", "h", "-1", "1.5h", "1h30m", " 900", "9223372036854775807h", "\u{0661}h"])
  func `other text is no duration`(text: String) {
    #expect(SessionDuration(text) == nil)
  }
}
