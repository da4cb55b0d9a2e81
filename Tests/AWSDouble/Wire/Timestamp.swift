import FoundationEssentials

/// The ways AWS writes a time, all UTC.
enum Timestamp {
  private static let basic = Date.ISO8601FormatStyle(
    dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted)

  /// `20150830T123600Z`, as in `X-Amz-Date`.
  static func basic(_ time: Date) -> String { time.formatted(basic) }

  /// nil unless it is exactly of the form `20150830T123600Z`.
  static func parseBasic(_ text: String) -> Date? {
    guard text.utf8.count == 16, let time = try? basic.parse(text), basic(time) == text else { return nil }
    return time
  }

  /// `2015-08-30T12:36:00Z`.
  static func extended(_ time: Date) -> String { time.formatted(Date.ISO8601FormatStyle()) }

  /// `2015-08-30T12:36:00.000Z`, as S3 writes creation dates.
  static func milliseconds(_ time: Date) -> String {
    time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// `Sun, 30 Aug 2015 12:36:00 GMT`, as in the `Date` header.
  static func http(_ time: Date) -> String {
    let date = extended(time)
    let (year, month, day) = (date.prefix(4), Int(date.dropFirst(5).prefix(2)) ?? 0, date.dropFirst(8).prefix(2))
    // 1 January 1970 was a Thursday.
    let weekday = Int((time.timeIntervalSince1970 / 86_400).rounded(.down)) + 4
    return "\(days[weekday % 7]), \(day) \(months[month - 1]) \(year) \(date.dropFirst(11).prefix(8)) GMT"
  }

  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
