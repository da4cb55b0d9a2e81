internal import AWSValues
package import FoundationEssentials

extension Date {
  /// Reads the Date header of a response: `Sat, 21 Nov 2026 08:00:00 GMT` (RFC 9110, 5.6.7), with decimal seconds where
  /// AWS writes them.
  package init?(httpDate text: String) {
    var scanner = TimestampScanner(text)
    guard scanner.take(oneOf: Date.weekdays) != nil, scanner.take(", "), let day = scanner.digits(2), scanner.take(" "),
      let month = scanner.take(oneOf: Date.months), scanner.take(" "), let year = scanner.digits(4), scanner.take(" "),
      let hour = scanner.digits(2), scanner.take(":"), let minute = scanner.digits(2), scanner.take(":"),
      let second = scanner.digits(2), let fraction = scanner.take(".") ? scanner.fraction() : 0,
      scanner.take(" GMT"), scanner.isAtEnd,
      let time = CivilTime(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    self.init(timeIntervalSince1970: Double(time.secondsSince1970) + fraction)
  }

  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
