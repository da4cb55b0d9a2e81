import AWSValues
import FoundationEssentials

/// For how long the keyring has a key. The key itself may be older, and AWS tells how old it is.
struct KeyAge {
  /// RFC 3339, UTC.
  let stored: String
  /// Whole days; 0 where the clock was set back meanwhile.
  let days: Int

  init(of stored: Date, at now: Date) {
    self.stored = stored.rfc3339
    days = max(0, Int(now.timeIntervalSince(stored) / 86_400))
  }
}
