import FoundationEssentials
import Sessions

/// What the keyring tells of its keys without being unlocked.
struct KeptKeys {
  /// nil where it tells nothing.
  private let keys: [String: KeptKey]?
  private let now: Date

  init(_ keys: [KeptKey]?, at now: Date) {
    // Where there are two of a profile, using them says so.
    self.keys = keys.map { Dictionary($0.map { ($0.profile, $0) }) { first, _ in first } }
    self.now = now
  }

  var profiles: Set<String> { Set((keys ?? [:]).keys) }

  func holdsKey(of profile: String) -> Bool? { keys.map { $0[profile] != nil } }

  func age(ofKeyOf profile: String) -> KeyAge? {
    keys?[profile]?.stored.map { KeyAge(of: $0, at: now) }
  }
}
