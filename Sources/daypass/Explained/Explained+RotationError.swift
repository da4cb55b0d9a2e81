import AWSServices
import AWSValues
import FoundationEssentials
import Sessions

extension RotationError: Explainable {
  var explanation: Explanation {
    switch self {
    case .twoKeys(let keys):
      Explanation(
        "the user has two access keys, as many as AWS allows: \(keys.map(\.words).joined(separator: "; "))",
        hint: Self.hint(for: keys), status: .refused)
    case .notListed(let id):
      Explanation(
        "AWS does not list key \(id.text) of the keyring for its user",
        hint: "see whose it is: daypass whoami --no-session",
        status: .refused)
    case .busy(let process):
      Explanation(
        "\(process.map { "process \($0)" } ?? "another process") is changing this key",
        hint: "try again when it is done",
        status: .tryAgain)
    case .notLocked(let error):
      Explanation(
        "cannot keep other processes from this key: \(error.reason)", hint: "set XDG_RUNTIME_DIR to a folder of yours",
        status: .failure)
    case .unanswered(let deleted):
      Explanation(
        "AWS did not say whether it made a key"
          + (deleted.map { "; it did, \($0.text), which is deleted again" } ?? ", and lists none"),
        hint: "run the same command again", status: .tryAgain)
    case .stray(let id):
      Explanation(
        "the new key \(id.text) could be neither stored nor deleted; the old one is as it was",
        hint: "run the same command again, or: \(Self.deletion(of: id))", status: .failure)
    case .unclear(let id, let created):
      Explanation(
        "the user has another key, \(id.text)\(created.map { " of \($0.rfc3339)" } ?? ""), which may be nobody's",
        hint: "if nobody uses it: \(Self.deletion(of: id))", status: .refused)
    case .neverWorked(let id, let seconds):
      Explanation(
        "AWS does not accept the new key \(id.text) after \(seconds) s; it is deleted, and the old one is as it was",
        hint: "try again in some minutes", status: .tryAgain)
    case .otherIdentity(let expected, let actual):
      Explanation(
        "the new key is that of \(actual.displayText()), not of \(expected.displayText()); it is deleted again",
        hint: "see who answers: AWS_ENDPOINT_URL and proxies", status: .failure)
    case .noLongerWorks(let id, let old):
      Explanation(
        "AWS no longer accepts the new key \(id.text); the old one, \(old.text), is inactive and not deleted",
        hint: "run the same command again, or activate the old key in the IAM console", status: .tryAgain)
    }
  }

  private static func hint(for keys: [ListedKey]) -> String {
    let spare = keys.first { $0.place == .elsewhere }
    return spare.map { "if nothing uses it: \(deletion(of: $0.key.id))" } ?? "delete one in the IAM console"
  }

  private static func deletion(of id: AccessKeyID) -> String { "aws iam delete-access-key --access-key-id \(id.text)" }
}

extension RotationError.ListedKey {
  /// `AKIA… (in the keyring, active, made 2026-01-02, used 2026-03-04 for s3)`.
  fileprivate var words: String {
    let made = key.creationDate.map { "made \($0.day)" }
    let facts = [place.words, key.status.rawValue.lowercased(), made, lastUse.words].compactMap { $0 }
    return "\(key.id.text) (\(facts.joined(separator: ", ")))"
  }
}

extension RotationError.ListedKey.Place {
  fileprivate var words: String? {
    switch self {
    case .keyring: "in the keyring"
    case .elsewhere: nil
    }
  }
}

extension RotationError.ListedKey.LastUse {
  fileprivate var words: String {
    switch self {
    case .at(let use): "used \(use.date.day) for \(use.service.displayText())"
    case .never: "never used"
    case .notTold: "last use not told"
    }
  }
}

extension Date {
  fileprivate var day: String { String(rfc3339.prefix(10)) }
}
