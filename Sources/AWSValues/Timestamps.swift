package import FoundationEssentials
internal import Glibc

extension Date {
  /// Reads the Date header of a response: `Sat, 21 Nov 2026 08:00:00 GMT` (RFC 9110, 5.6.7), with decimal seconds where
  /// AWS writes them.
  package init?(httpDate text: String) {
    var scanner = TimestampScanner(text)
    guard scanner.take(oneOf: Date.weekdays) != nil, scanner.take(", "), let day = scanner.digits(2), scanner.take(" "),
      let month = scanner.take(oneOf: Date.months), scanner.take(" "), let year = scanner.digits(4), scanner.take(" "),
      let hour = scanner.digits(2), scanner.take(":"), let minute = scanner.digits(2), scanner.take(":"),
      let second = scanner.digits(2), let fraction = scanner.fraction(),
      scanner.take(" GMT"), scanner.isAtEnd,
      let time = UTCTime(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    self.init(timeIntervalSince1970: Double(time.secondsSince1970) + fraction)
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
    guard let time = scanner.dateAndTime() else { return nil }
    guard let fraction = scanner.fraction(), let offset = scanner.zone(), scanner.isAtEnd else { return nil }
    self.init(timeIntervalSince1970: Double(time.secondsSince1970 - offset) + fraction)
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
  /// `2026-11-21T08:00:00` or `20261121T080000`.
  fileprivate mutating func dateAndTime() -> UTCTime? {
    guard let year = digits(4) else { return nil }
    let (dash, colon) = take("-") ? ("-", ":") : ("", "")
    guard let month = digits(2), take(dash), let day = digits(2), take("T") || take("t"), let hour = digits(2),
      take(colon), let minute = digits(2), take(colon), let second = digits(2)
    else { return nil }
    return UTCTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
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

  /// The fraction behind a point in front; 0 where there is no point, nil where no digits are behind it.
  mutating func fraction() -> Double? {
    guard take(".") else { return 0 }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    return digits.isEmpty ? nil : Double("0.\(digits)")
  }

  /// Whether `mark` stands in front; it is taken.
  mutating func take(_ mark: String) -> Bool {
    guard rest.hasPrefix(mark) else { return false }
    rest = rest.dropFirst(mark.count)
    return true
  }

  /// The index of the one of `words` that stands in front; it is taken.
  mutating func take(oneOf words: [String]) -> Int? {
    words.firstIndex { take($0) }
  }
}

// MARK: - Calendar

/// A date and time of day in the Gregorian calendar, in UTC.
struct UTCTime: Equatable {
  var year, month, day, hour, minute: Int
  /// 60 in a leap second.
  var second: Int

  /// Nil if there is no such day or time, or the year is outside 1 to 9999.
  init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    (self.year, self.month, self.day) = (year, month, day)
    (self.hour, self.minute, self.second) = (hour, minute, second)
    // timegm(3) takes 31 April for 1 May.
    var regular = self
    regular.second = min(second, 59)
    guard (1...9999).contains(year), (0...60).contains(second),
      UTCTime(secondsSince1970: regular.secondsSince1970) == regular
    else { return nil }
  }

  init(secondsSince1970 seconds: Int) {
    var time = time_t(seconds)
    var fields = unsafe tm()
    unsafe gmtime_r(&time, &fields)
    (year, month, day) = unsafe (Int(fields.tm_year) + 1900, Int(fields.tm_mon) + 1, Int(fields.tm_mday))
    (hour, minute, second) = unsafe (Int(fields.tm_hour), Int(fields.tm_min), Int(fields.tm_sec))
  }

  var secondsSince1970: Int {
    var fields = unsafe tm()
    unsafe (fields.tm_year, fields.tm_mon, fields.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
    unsafe (fields.tm_hour, fields.tm_min, fields.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
    return unsafe timegm(&fields)
  }
}

// MARK: - RFC3339

extension Date {
  /// The moment in UTC to the second, as AWS SDKs read it: `2026-11-21T08:00:00Z` (RFC 3339).
  ///
  /// Fractions are left out rather than rounded: a session must not seem to live longer than it does. Moments outside
  /// the years 1 to 9999 are written as the nearest inside.
  package var rfc3339: String {
    let seconds = timeIntervalSince1970.rounded(.down)
    let time = UTCTime(secondsSince1970: Int(min(max(seconds, Date.firstSecond), Date.lastSecond)))
    let date = "\(time.year.padded(4))-\(time.month.padded(2))-\(time.day.padded(2))"
    return "\(date)T\(time.hour.padded(2)):\(time.minute.padded(2)):\(time.second.padded(2))Z"
  }

  private static let firstSecond: TimeInterval = -62_135_596_800
  private static let lastSecond: TimeInterval = 253_402_300_799
}

extension Int {
  fileprivate func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
