import FoundationEssentials
import Glibc

extension Date {
  /// `14:05` on the day of `now`, `2026-11-22 02:05` on another, in the user's time zone.
  func localClockTime(at now: Date) -> String {
    let (now, then) = unsafe (Self.local(now), Self.local(self))
    let isToday = unsafe now.tm_yday == then.tm_yday && now.tm_year == then.tm_year
    return unsafe Self.format(then, isToday ? "%H:%M" : "%Y-%m-%d %H:%M")
  }

  private static func local(_ date: Date) -> tm {
    var seconds = time_t(date.timeIntervalSince1970)
    var fields = unsafe tm()
    unsafe localtime_r(&seconds, &fields)
    return unsafe fields
  }

  private static func format(_ fields: tm, _ pattern: String) -> String {
    var fields = unsafe fields
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      unsafe strftime(start, buffer.count, pattern, &fields)
      return unsafe String(cString: start)
    }
  }
}
