internal import AWSValues
package import FoundationEssentials

extension Date {
  /// Reads a timestamp as AWS's services write them: ISO 8601 with seconds and a zone (`2026-11-21T08:00:00.5Z`,
  /// `…+01:00`, or compact `20261121T080000Z`), seconds since 1970, or an HTTP date.
  ///
  /// Nil for other text, above all for a time without a zone, and for years outside 1 to 9999.
  package init?(timestamp text: String) {
    guard let date = Date(iso8601: text) ?? Date(secondsText: text) ?? Date(httpDate: text) else { return nil }
    self = date
  }

  init?(iso8601 text: String) {
    var scanner = TimestampScanner(text)
    guard let time = scanner.dateAndTime() else { return nil }
    let fraction = scanner.take(".") ? scanner.fraction() : 0
    guard let fraction, let offset = scanner.zone(), scanner.isAtEnd else { return nil }
    self.init(timeIntervalSince1970: Double(time.secondsSince1970 - offset) + fraction)
  }

  /// Whole or decimal seconds since 1970, up to the year 9999: milliseconds are not taken for seconds.
  private init?(secondsText text: String) {
    var scanner = TimestampScanner(text)
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard (1...12).contains(digits.count), let seconds = scanner.digits(digits.count) else { return nil }
    let fraction = scanner.take(".") ? scanner.fraction() : 0
    guard let fraction, scanner.isAtEnd, seconds < 253_402_300_800 else { return nil }
    self.init(timeIntervalSince1970: Double(seconds) + fraction)
  }
}

extension TimestampScanner {
  /// `2026-11-21T08:00:00` or `20261121T080000`.
  fileprivate mutating func dateAndTime() -> CivilTime? {
    guard let year = digits(4) else { return nil }
    let (dash, colon) = take("-") ? ("-", ":") : ("", "")
    guard let month = digits(2), take(dash), let day = digits(2), take("T") || take("t"), let hour = digits(2),
      take(colon), let minute = digits(2), take(colon), let second = digits(2)
    else { return nil }
    return CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  }

  /// The seconds that a zone is ahead of UTC: `Z`, `+01:00`, `-0100`.
  fileprivate mutating func zone() -> Int? {
    if take("Z") || take("z") { return 0 }
    let sign = take("+") ? 1 : take("-") ? -1 : 0
    guard sign != 0, let hours = digits(2), hours < 24 else { return nil }
    guard take(":") || !isAtEnd, let minutes = digits(2), minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
