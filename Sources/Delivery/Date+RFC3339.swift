package import FoundationEssentials

extension Date {
  /// The second this date falls in, in UTC, as SDKs read an expiration: `2026-11-21T08:00:00Z` (RFC 3339).
  ///
  /// - Throws: `unusableValue` outside the years 1 to 9999.
  package func rfc3339() throws(DeliveryError) -> String {
    guard let seconds = Int(exactly: timeIntervalSince1970.rounded(.down)),
      (-62_135_596_800..<253_402_300_800).contains(seconds)
    else { throw .unusableValue(name: CredentialVariable.expiration.rawValue, problem: .outOfRange) }
    let days = Int((Double(seconds) / 86_400).rounded(.down))
    let time = seconds - days * 86_400
    let (year, month, day) = Self.civil(fromDays: days)
    return "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))T"
      + "\((time / 3_600).padded(2)):\((time / 60 % 60).padded(2)):\((time % 60).padded(2))Z"
  }

  /// The Gregorian date `days` after 1970-01-01, by Howard Hinnant's `civil_from_days`, whose years begin in March.
  private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }
}

extension Int {
  /// Decimal digits, filled up with zeros on the left.
  fileprivate func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
