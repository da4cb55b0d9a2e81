import AWSServices
import AWSValues
import FoundationEssentials
import Profiles
import Sessions

/// What `list` prints.
struct ProfileReport: Report {
  let profiles: [Entry]
  let sessions: [Session]

  struct Entry: Encodable {
    let name: String
    /// The profile whose key its credentials start with; absent where no plan can be made.
    let keyProfile: String?
    /// Whether the keyring holds that key; absent where a locked keyring does not tell.
    let hasKey: Bool?
    /// Since when it holds that key, RFC 3339, UTC; absent where it does not tell.
    let keyStored: String?
    let keyAgeDays: Int?
    let role: String?
    let mfaSerial: String?
    /// Why no plan can be made.
    let problem: String?

    init(
      name: String, keyProfile: String?, hasKey: Bool?, keyAge: KeyAge?, role: String?, mfaSerial: String?,
      problem: String?
    ) {
      self.name = name
      self.keyProfile = keyProfile
      self.hasKey = hasKey
      keyStored = keyAge?.stored
      keyAgeDays = keyAge?.days
      self.role = role
      self.mfaSerial = mfaSerial
      self.problem = problem
    }
  }

  struct Session: Encodable {
    let keyProfile: String
    let role: String?
    let mfaSerial: String?
    /// RFC 3339, UTC.
    let expiration: String
    let secondsLeft: Int
  }

  init(entries: [Entry], sessions: [CachedSession.About], now: Date) {
    profiles = entries
    self.sessions = sessions.map { about in
      Session(
        keyProfile: about.keyProfile, role: about.role, mfaSerial: about.device,
        expiration: about.expiration.rfc3339, secondsLeft: Int(about.expiration.timeIntervalSince(now)))
    }
  }

  var text: String {
    Table(
      header: ["PROFILE", "KEY", "KEY AGE", "ROLE", "MFA DEVICE", "SESSION"],
      rows: profiles.map {
        [$0.name, keyText(of: $0), ageText(of: $0), $0.role ?? "-", $0.mfaSerial ?? "-", sessionText(of: $0)]
      }
    ).text
  }

  private func keyText(of entry: Entry) -> String {
    guard let keyProfile = entry.keyProfile else { return "-" }
    guard let hasKey = entry.hasKey else { return "unknown: locked" }
    guard hasKey else { return "missing" }
    return keyProfile == entry.name ? "in the keyring" : "of \(keyProfile)"
  }

  private func ageText(of entry: Entry) -> String { entry.keyAgeDays.map { "\($0) d" } ?? "-" }

  /// Or the problem, which is long, and this is the last column.
  private func sessionText(of entry: Entry) -> String {
    if let problem = entry.problem { return problem }
    let mine = sessions.last { $0.keyProfile == entry.keyProfile && $0.role == entry.role }
    return mine.map { TimeLeft(seconds: $0.secondsLeft).text } ?? "-"
  }
}
