package import FoundationEssentials
internal import Glibc

extension Date {
  /// Reads the Date header of a response: `Sat, 21 Nov 2026 08:00:00 GMT` (RFC 9110, 5.6.7), with decimal seconds if
  /// AWS writes them.
  package init?(httpDate text: String) {
    var scanner = TimestampScanner(text)
    guard scanner.take(oneOf: Date.weekdays) != nil, scanner.take(", "), let day = scanner.digits(2), scanner.take(" "),
      let month = scanner.take(oneOf: Date.months), scanner.take(" "), let year = scanner.digits(4), scanner.take(" "),
      let hour = scanner.digits(2), scanner.take(":"), let minute = scanner.digits(2), scanner.take(":"),
      let second = scanner.digits(2), let fraction = scanner.fraction(),
      scanner.take(" GMT"), scanner.isAtEnd,
      let start = secondsSince1970(year, month + 1, day, hour, minute, second)
    else { return nil }
    self.init(timeIntervalSince1970: Double(start) + fraction)
  }

  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

// MARK: - Timestamp

extension Date {
  /// Reads a timestamp as AWS's services write them: ISO 8601 with seconds and a zone (`2026-11-21T08:00:00.5Z`,
  /// `…+01:00`, or compact `20261121T080000Z`), seconds since 1970, or an HTTP date.
  ///
  /// Nil for other text, above all for a time without a zone, and for years outside 1 to 9999.
  package init?(timestamp text: String) {
    guard let date = Date(iso8601: text) ?? Date(secondsText: text) ?? Date(httpDate: text) else { return nil }
    self = date
  }

  package init?(iso8601 text: String) {
    var scanner = TimestampScanner(text)
    guard let local = scanner.dateAndTime() else { return nil }
    guard let fraction = scanner.fraction(), let offset = scanner.zone(), scanner.isAtEnd else { return nil }
    self.init(timeIntervalSince1970: Double(local - offset) + fraction)
  }

  /// Reads RFC 3339, which is ISO 8601 without its compact form: `2026-11-21T08:00:00.5+01:00`.
  package init?(rfc3339 text: String) {
    guard text.utf8.dropFirst(4).first == UInt8(ascii: "-") else { return nil }
    self.init(iso8601: text)
  }

  /// Whole or decimal seconds since 1970, up to the year 9999: milliseconds are not taken for seconds.
  private init?(secondsText text: String) {
    var scanner = TimestampScanner(text)
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard (1...12).contains(digits.count), let seconds = scanner.digits(digits.count) else { return nil }
    guard let fraction = scanner.fraction(), scanner.isAtEnd, seconds < 253_402_300_800 else { return nil }
    self.init(timeIntervalSince1970: Double(seconds) + fraction)
  }
}

extension TimestampScanner {
  /// `2026-11-21T08:00:00` or `20261121T080000`, as seconds since 1970 if it is UTC.
  fileprivate mutating func dateAndTime() -> Int? {
    guard let year = digits(4) else { return nil }
    let (dash, colon) = take("-") ? ("-", ":") : ("", "")
    guard let month = digits(2), take(dash), let day = digits(2), take("T") || take("t"), let hour = digits(2),
      take(colon), let minute = digits(2), take(colon), let second = digits(2)
    else { return nil }
    return secondsSince1970(year, month, day, hour, minute, second)
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

// MARK: - Timestamp scanner

/// Takes numbers and marks off the front of a timestamp.
private struct TimestampScanner {
  private var rest: Substring

  init(_ text: String) {
    rest = text[...]
  }

  var isAtEnd: Bool { rest.isEmpty }

  /// Exactly `count` ASCII digits.
  mutating func digits(_ count: Int) -> Int? {
    let digits = rest.prefix(count)
    guard digits.utf8.count == count, digits.utf8.allSatisfy(\.isDigit) else { return nil }
    rest = rest.dropFirst(count)
    return Int(digits)
  }

  /// The decimal fraction at the front, with its point; 0 if there is no point, nil if no digits follow it.
  mutating func fraction() -> Double? {
    guard take(".") else { return 0 }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    return digits.isEmpty ? nil : Double("0.\(digits)")
  }

  /// Whether the rest starts with `mark`, which is then removed.
  mutating func take(_ mark: String) -> Bool {
    guard rest.hasPrefix(mark) else { return false }
    rest = rest.dropFirst(mark.count)
    return true
  }

  /// The index of the one of `words` that the rest starts with, which is then removed.
  mutating func take(oneOf words: [String]) -> Int? {
    words.firstIndex { take($0) }
  }
}

// MARK: - Calendar

/// The seconds up to a date and time of day in the Gregorian calendar, in UTC; the second is 60 in a leap second. Nil if
/// there is no such day or time, or the year is outside 1 to 9999.
private func secondsSince1970(
  _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int
) -> Int? {
  guard (1...9999).contains(year), (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second) else {
    return nil
  }
  var date = unsafe tm()
  unsafe (date.tm_year, date.tm_mon, date.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
  let midnight = unsafe timegm(&date)
  // timegm(3) takes 31 April for 1 May.
  guard unsafe date.tm_mon == month - 1, unsafe date.tm_mday == day else { return nil }
  return midnight + hour * 3600 + minute * 60 + second
}

// MARK: - RFC3339

extension Date {
  /// The moment in UTC to the second, as AWS SDKs read it: `2026-11-21T08:00:00Z` (RFC 3339).
  ///
  /// Fractions are left out rather than rounded: a session must not seem to live longer than it does. Moments outside
  /// the years 1 to 9999 are written as the nearest inside.
  package var rfc3339: String {
    var seconds = time_t(min(max(timeIntervalSince1970.rounded(.down), Date.firstSecond), Date.lastSecond))
    var time = unsafe tm()
    unsafe gmtime_r(&seconds, &time)
    let date = unsafe "\((time.tm_year + 1900).padded(4))-\((time.tm_mon + 1).padded(2))-\(time.tm_mday.padded(2))"
    return unsafe "\(date)T\(time.tm_hour.padded(2)):\(time.tm_min.padded(2)):\(time.tm_sec.padded(2))Z"
  }

  private static let firstSecond: TimeInterval = -62_135_596_800
  private static let lastSecond: TimeInterval = 253_402_300_799
}

extension Int32 {
  fileprivate func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
