import AWSServices
import AWSValues
import Console
import FoundationEssentials
import Sessions

extension RotationError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .twoKeys(let keys): RotationWords.twoKeys(keys)
    case .notListed(let id): RotationWords.notListed(id)
    case .busy(let process): RotationWords.busy(process)
    case .notLocked(let error): RotationWords.notLocked(error)
    case .unanswered(let deleted): RotationWords.unanswered(deleted)
    case .stray(let id): RotationWords.stray(id)
    case .unclear(let id, let created): RotationWords.unclear(id, created)
    case .neverWorked(let id, let seconds): RotationWords.neverWorked(id, seconds)
    case .otherIdentity(let expected, let actual): RotationWords.otherIdentity(expected, actual)
    case .noLongerWorks(let id, let old): RotationWords.noLongerWorks(id, old)
    }
  }
}

// MARK: - Words

extension RotationEvent {
  /// Tells the user, as far as it is news.
  func tell(_ diagnostics: Diagnostics) {
    switch self {
    case .resumed: diagnostics.note("a rotation was interrupted, and is taken up")
    case .discarded(let id): diagnostics.note("key \(id.text) of the interrupted rotation is deleted")
    case .created(let id): diagnostics.debug("rotation: AWS made key \(id.text)")
    case .waiting(let id): diagnostics.waiting(for: "AWS, which does not know key \(id.text) everywhere yet")
    case .promoted(let id): diagnostics.note("the new key \(id.text) works, and is in the keyring")
    case .deactivated(let id): diagnostics.debug("rotation: key \(id.text) is inactive")
    case .unfinished:
      diagnostics.note("the new key is in use, and the old one still to be retired: run the same command again")
    case .journalStays: diagnostics.debug("rotation: its journal stays in the keyring")
    case .abandoned(let id):
      diagnostics.warn("key \(id.text) of an interrupted rotation is left in AWS: the profile has another key now")
    }
  }
}

// MARK: - Rotation words

/// What is said when a rotation does not come to its end.
enum RotationWords {
  static func twoKeys(_ keys: [RotationError.ListedKey]) -> ErrorMessage {
    let spare = keys.first { $0.place == .elsewhere }
    return ErrorMessage(
      "the user has two access keys, as many as AWS allows: \(keys.map(\.words).joined(separator: "; "))",
      hint: spare.map { "if nothing uses it: \(deletion(of: $0.key.id))" } ?? "delete one in the IAM console",
      status: .refused)
  }

  static func notListed(_ id: AccessKeyID) -> ErrorMessage {
    ErrorMessage(
      "AWS does not list key \(id.text) of the keyring for its user",
      hint: "see whose it is: daypass whoami --no-session", status: .refused)
  }

  static func busy(_ process: Int32?) -> ErrorMessage {
    ErrorMessage(
      "\(process.map { "process \($0)" } ?? "another process") is changing this key", hint: "try again when it is done",
      status: .tryAgain)
  }

  static func notLocked(_ error: LockError) -> ErrorMessage {
    ErrorMessage(
      "cannot keep other processes from this key: \(error.reason)", hint: "set XDG_RUNTIME_DIR to a folder of yours",
      status: .failure)
  }

  static func unanswered(_ deleted: AccessKeyID?) -> ErrorMessage {
    let made = deleted.map { "; it did, \($0.text), which is deleted again" } ?? ", and lists none"
    return ErrorMessage(
      "AWS did not say whether it made a key" + made, hint: "run the same command again", status: .tryAgain)
  }

  static func stray(_ id: AccessKeyID) -> ErrorMessage {
    ErrorMessage(
      "the new key \(id.text) could be neither stored nor deleted; the old one is as it was",
      hint: "run the same command again, or: \(deletion(of: id))", status: .failure)
  }

  static func unclear(_ id: AccessKeyID, _ created: Date?) -> ErrorMessage {
    ErrorMessage(
      "the user has another key, \(id.text)\(created.map { " of \($0.rfc3339)" } ?? ""), which may be nobody's",
      hint: "if nobody uses it: \(deletion(of: id))", status: .refused)
  }

  static func neverWorked(_ id: AccessKeyID, _ seconds: Int) -> ErrorMessage {
    ErrorMessage(
      "AWS does not accept the new key \(id.text) after \(seconds) s; it is deleted, and the old one is as it was",
      hint: "try again in some minutes", status: .tryAgain)
  }

  static func otherIdentity(_ expected: String, _ actual: String) -> ErrorMessage {
    ErrorMessage(
      "the new key is that of \(actual.displayText()), not of \(expected.displayText()); it is deleted again",
      hint: "see who answers: AWS_ENDPOINT_URL and proxies", status: .failure)
  }

  static func noLongerWorks(_ id: AccessKeyID, _ old: AccessKeyID) -> ErrorMessage {
    ErrorMessage(
      "AWS no longer accepts the new key \(id.text); the old one, \(old.text), is inactive and not deleted",
      hint: "run the same command again, or activate the old key in the IAM console", status: .tryAgain)
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
