/// A moment in UTC, found by counting years and months from the year 1.
struct ReferenceTime {
  /// Year, month, day, hour, minute, second.
  let parts: [Int]
  /// 0 on Sundays.
  private let weekday: Int

  /// 0001-01-01T00:00:00Z.
  static let firstSecond = -62_135_596_800

  init(secondsSince1970 seconds: Int) {
    let sinceStart = seconds - Self.firstSecond
    var days = sinceStart / 86400
    // 0001-01-01 was a Monday.
    weekday = (days + 1) % 7
    var (year, month) = (1, 1)
    while days >= Self.days(in: year) {
      days -= Self.days(in: year)
      year += 1
    }
    while days >= Self.days(in: month, of: year) {
      days -= Self.days(in: month, of: year)
      month += 1
    }
    let time = sinceStart % 86400
    parts = [year, month, days + 1, time / 3600, time % 3600 / 60, time % 60]
  }

  var rfc3339: String { "\(date("-"))T\(time(":"))Z" }
  var httpDate: String {
    let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return "\(names[weekday]), \(text(2)) \(months[parts[1] - 1]) \(text(0)) \(time(":")) GMT"
  }

  /// Other ways in which AWS writes it.
  var spellings: [String] {
    [
      rfc3339, "\(date(""))T\(time(""))Z", "\(date("-"))T\(time(":")).000Z", "\(date("-"))t\(time(":"))+00:00",
      httpDate,
    ]
  }

  private func date(_ mark: String) -> String { [text(0), text(1), text(2)].joined(separator: mark) }
  private func time(_ mark: String) -> String { [text(3), text(4), text(5)].joined(separator: mark) }

  private func text(_ part: Int) -> String {
    let digits = String(parts[part])
    return String(repeating: "0", count: max(0, (part == 0 ? 4 : 2) - digits.count)) + digits
  }

  private static func isLeap(_ year: Int) -> Bool { year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) }
  private static func days(in year: Int) -> Int { isLeap(year) ? 366 : 365 }
  private static func days(in month: Int, of year: Int) -> Int {
    [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }
}

// MARK: - Reference base32

/// Base32 by the letter of RFC 4648: the bits in a row, five at a time.
enum ReferenceBase32 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

  /// Without padding.
  static func encode(_ bytes: [UInt8]) -> String {
    var bits = bytes.flatMap { byte in (0..<8).reversed().map { Int(byte >> $0) & 1 } }
    while bits.count % 5 != 0 { bits.append(0) }
    let letters = stride(from: 0, to: bits.count, by: 5).map { start in
      bits[start..<(start + 5)].reduce(0) { $0 * 2 + $1 }
    }
    return String(letters.map { alphabet[$0] })
  }
}
