import FoundationEssentials
import Testing

@testable import AWSServices

struct TimestampTests {
  @Test(arguments: [
    ("2026-11-21T08:00:00Z", 1_795_248_000.0), ("2011-07-11T19:55:29.611Z", 1_310_414_129.611),
    ("2000-01-02T20:34:56.123456Z", 946_845_296.123456), ("2019-12-16T22:48:18-01:00", 1_576_540_098),
    ("2019-12-17T00:48:18+01:00", 1_576_540_098), ("2019-12-17T05:18:18+0530", 1_576_540_098),
    ("20261121T080000Z", 1_795_248_000), ("1398796238", 1_398_796_238), ("1398796238.5", 1_398_796_238.5),
    ("Tue, 29 Apr 2014 18:30:38 GMT", 1_398_796_238), ("2024-02-29T00:00:00Z", 1_709_164_800),
    ("1970-01-01T00:00:00Z", 0), ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
    ("2016-12-31T23:59:60Z", 1_483_228_800),
  ])
  func `timestamps AWS writes are read`(text: String, seconds: Double) {
    #expect(Date(timestamp: text) == Date(timeIntervalSince1970: seconds))
  }

  @Test(arguments: [
    "", "x", "2026-11-21T08:00:00", "2026-11-21 08:00:00Z", "2026-11-21", "2026-11-21T08:00Z", "2026-13-01T00:00:00Z",
    "2026-02-29T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T08:60:00Z", "2026-11-21T08:00:00.Z",
    "2026-11-21T08:00:00+1", "2026-11-21T08:00:00+01:", "2026-11-21T08:00:00+24:00", "2026-11-21T08:00:00Zx",
    "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "-1", "1795248000000", "1e9", "253402300800",
    "\u{0662}026-11-21T08:00:00Z", "2026-1121T080000Z",
  ])
  func `anything else is not guessed at`(text: String) {
    #expect(Date(timestamp: text) == nil)
  }

  @Test(arguments: [
    ("Sat, 21 Nov 2026 08:00:00 GMT", 1_795_248_000.0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
    ("Sun, 06 Nov 1994 08:49:37.5 GMT", 784_111_777.5),
  ])
  func `Date headers are read`(text: String, seconds: Double) {
    #expect(Date(httpDate: text) == Date(timeIntervalSince1970: seconds))
  }

  @Test(arguments: ["Sat, 21 Nov 2026 08:00:00", "Sat, 21 Nov 2026 08:00:00 +0000", "21 Nov 2026 08:00:00 GMT", "now"])
  func `other Date headers are ignored`(text: String) {
    #expect(Date(httpDate: text) == nil)
  }

  @Test(arguments: [
    (1_795_248_000.0, "2026-11-21T08:00:00Z"), (1_795_248_000.999, "2026-11-21T08:00:00Z"),
    (-0.5, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1e15, "9999-12-31T23:59:59Z"),
    (-1e15, "0001-01-01T00:00:00Z"),
  ])
  func `moments are written to the second, in UTC`(seconds: Double, text: String) {
    #expect(Date(timeIntervalSince1970: seconds).rfc3339 == text)
  }

  @Test func `what is written is read back, over eleven centuries`() {
    let days = stride(from: -200_000, to: 200_000, by: 11)
    let wrong = days.first { day in
      let date = Date(timeIntervalSince1970: Double(day * 86_400 + (day & 0xffff)))
      return Date(timestamp: date.rfc3339) != date
    }
    #expect(wrong == nil)
  }
}
