import AWSServices
import AWSValues
import FoundationEssentials
import Sessions
import TerminalIO

// MARK: - Events

extension RotationEvent {
  /// Reports what the user should know.
  func report(to diagnostics: Diagnostics) {
    switch self {
    case .resumed: diagnostics.note("finishing an interrupted rotation")
    case .discarded(let id):
      diagnostics.note("deleted key \(id.text) of the interrupted rotation, which does not work")
    case .created(let id): diagnostics.debug("rotation: AWS created key \(id.text)")
    case .waiting(let id): diagnostics.waiting(for: "AWS to accept key \(id.text) everywhere")
    case .shared(let profiles):
      diagnostics.note(
        "\(profiles.quotedProfiles) had the same key, and now \(profiles.count == 1 ? "has" : "have") the new one"
      )
    case .promoted(let id): diagnostics.note("the new key \(id.text) works and is in the keyring")
    case .deactivated(let id): diagnostics.debug("rotation: key \(id.text) is inactive")
    case .unfinished:
      diagnostics.note("the new key is in use, but the old one is not retired yet: run the same command again")
    case .journalStays: diagnostics.debug("rotation: its journal stays in the keyring")
    case .abandoned(let id):
      diagnostics.warn("key \(id.text) of an interrupted rotation stays in AWS: \(id.deletion) removes it")
    }
  }
}

// MARK: - Errors

extension RotationError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .twoKeys(let keys): Self.twoKeys(keys)
    case .notListed(let id):
      .refused(
        "AWS does not list the keyring's key \(id.text) for its user",
        hint: "see whose it is: daypass whoami --no-session")
    case .busy(let process):
      .tryAgain(
        "\(process.map { "process \($0)" } ?? "another process") is changing this key",
        hint: "try again when it is done")
    case .notLocked(let error):
      .failure(
        "cannot keep other processes from this key: \(error.reason)", hint: "set XDG_RUNTIME_DIR to a folder of yours")
    case .unknownJournal(let version):
      .failure(
        "a newer version of daypass began to rotate this key and has not finished (format \(version))",
        hint: "finish with that version: daypass rotate")
    case .unanswered(let seen): Self.unanswered(seen)
    case .stray(let id):
      .failure(
        "the new key \(id.text) could be neither stored nor deleted; the old key is unchanged",
        hint: "\(id.deletion); then run the same command again")
    case .neverWorked(let id, let seconds):
      .tryAgain(
        "AWS still rejects the new key \(id.text) after \(seconds) s; it was deleted, and the old key is unchanged",
        hint: "try again in a few minutes")
    case .otherIdentity(let expected, let actual):
      .failure(
        "the new key belongs to \(actual.displayText()), not to \(expected.displayText()); it was deleted",
        hint: "check AWS_ENDPOINT_URL and the proxy: something else may have answered")
    case .noLongerWorks(let id, let old):
      .tryAgain(
        "AWS no longer accepts the new key \(id.text); the old one, \(old.text), is inactive but not deleted",
        hint: "run the same command again, or activate the old key in the IAM console")
    }
  }

  private static func twoKeys(_ keys: [ListedKey]) -> ErrorMessage {
    let spare = keys.first { $0.profiles.isEmpty }
    return .refused(
      "the user has two access keys, as many as AWS allows: \(keys.map(\.words).joined(separator: "; "))",
      hint: spare.map { "if nothing uses \($0.key.id.text): \($0.key.id.deletion); then run the same command again" }
        ?? "delete one in the IAM console")
  }

  private static func unanswered(_ seen: AccessKeyID?) -> ErrorMessage {
    let problem = "AWS did not confirm that it created a key"
    guard let seen else { return .tryAgain(problem, hint: "run the same command again") }
    return .tryAgain(
      "\(problem); IAM now lists key \(seen.text); if that is the new key, its secret is lost",
      hint: "if nobody else created it: \(seen.deletion); then run the same command again")
  }
}

extension AccessKeyID {
  fileprivate var deletion: String { "aws iam delete-access-key --access-key-id \(text)" }
}

extension [String] {
  fileprivate var quotedProfiles: String {
    (count == 1 ? "profile " : "profiles ") + map { "'\($0.displayText())'" }.joined(separator: ", ")
  }
}

// MARK: - Keys

extension ListedKey {
  /// `AKIA… (of profile 'prod', active, made 2026-01-02, last used 2026-03-04 for s3 in eu-west-1)`.
  var words: String {
    let holders = profiles.isEmpty ? nil : "of \(profiles.quotedProfiles)"
    let made = key.creationDate.map { "made \($0.minute)" }
    let facts = [holders, key.status.rawValue.lowercased(), made, lastUse.words].compactMap { $0 }
    return "\(key.id.text) (\(facts.joined(separator: ", ")))"
  }
}

extension ListedKey.LastUse {
  fileprivate var words: String {
    switch self {
    case .at(let use): "last used \(use.date.minute) for \(use.service.displayText()) in \(use.region.displayText())"
    case .never: "never used as far as AWS knows"
    case .unknown: "last use unknown without iam:GetAccessKeyLastUsed"
    }
  }
}

extension Date {
  /// `2026-03-04 10:15Z`: a use minutes ago differs from a use this morning.
  fileprivate var minute: String { "\(rfc3339.prefix(10)) \(rfc3339.dropFirst(11).prefix(5))Z" }
}
