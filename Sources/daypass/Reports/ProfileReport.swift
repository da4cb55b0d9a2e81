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
    let role: String?
    let mfaSerial: String?
    /// Why no plan can be made.
    let problem: String?
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
      header: ["PROFILE", "KEY", "ROLE", "MFA DEVICE", "SESSION"],
      rows: profiles.map { [$0.name, keyText(of: $0), $0.role ?? "-", $0.mfaSerial ?? "-", sessionText(of: $0)] }
    ).text
  }

  private func keyText(of entry: Entry) -> String {
    guard let keyProfile = entry.keyProfile else { return entry.problem ?? "-" }
    guard let hasKey = entry.hasKey else { return "unknown: locked" }
    guard hasKey else { return "missing" }
    return keyProfile == entry.name ? "in the keyring" : "of \(keyProfile)"
  }

  private func sessionText(of entry: Entry) -> String {
    let mine = sessions.last { $0.keyProfile == entry.keyProfile && $0.role == entry.role }
    return mine.map { TimeLeft(seconds: $0.secondsLeft).text } ?? "-"
  }
}
