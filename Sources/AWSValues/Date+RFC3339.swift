package import FoundationEssentials

extension Date {
  /// The moment in UTC to the second, as AWS SDKs read it: `2026-11-21T08:00:00Z` (RFC 3339).
  ///
  /// Fractions are left out rather than rounded: a session must not seem to live longer than it does. Moments outside
  /// the years 1 to 9999 are written as the nearest inside.
  package var rfc3339: String {
    let seconds = timeIntervalSince1970.rounded(.down)
    let time = CivilTime(secondsSince1970: Int(min(max(seconds, Date.firstSecond), Date.lastSecond)))
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
