import AWSValues
import FoundationEssentials
import Scenarios

extension ScenarioEvent {
  /// Nil for what is shown in another way.
  var words: String? {
    switch self {
    case .made(let resource): "\(resource.words) created"
    case .deviceEnabled: "MFA device enabled for the user"
    case .keyMade: "access key created"
    case .policyWritten: "policy written"
    case .found(let finding): finding.words
    case .removing: "removing what was created"
    case .removed(let resource): "\(resource.words) removed"
    case .notRemoved(let resource, let error):
      "\(resource.words) not removed: \(Messages.error(error).problem)"
    case .waiting, .seen, .waitingForCode, .codeCame: nil
    }
  }
}

extension Resource {
  var words: String {
    switch self {
    case .user: "user \(name.displayText())"
    case .role: "role \(name.displayText())"
    case .device: "MFA device \(name.displayText())"
    }
  }
}

extension Condition {
  var words: String {
    switch self {
    case .user: "IAM to see the new user"
    case .key: "AWS to accept the new key"
    case .role: "IAM to see the new role"
    case .trust: "the role's trust in the new user"
    case .permission: "the policy to be in force"
    }
  }
}

extension Finding {
  fileprivate var words: String {
    "\(holds ? "ok" : "FAILED"): \(check.words): \(outcome.words)"
  }
}

extension Check {
  fileprivate var words: String {
    switch self {
    case .identity: "the key's user"
    case .buckets: "list buckets without MFA"
    case .role: "assume the role without MFA"
    case .session: "get a session with MFA"
    case .sessionIdentity: "the session's user"
    case .bucketsWithMFA: "list buckets with MFA"
    case .bucketsAfterwards: "list buckets without MFA, now that the policies are in force"
    }
  }
}

extension Finding.Outcome {
  var words: String {
    switch self {
    case .identity(let arn, _): arn.displayText()
    case .denied(let refusal): "denied (\(refusal.code))"
    case .buckets(let names): "allowed, \(Self.list(names))"
    case .session(let expiration):
      expiration.map { "good until \($0.localClockTime(at: Date()))" } ?? "without an end"
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(5).map { $0.displayText() }.joined(separator: ", ")
    let count = names.count == 1 ? "1 bucket" : "\(names.count) buckets"
    return names.isEmpty ? "no buckets" : names.count > 5 ? "\(count): \(shown), ..." : "\(count): \(shown)"
  }
}

extension Teardown.Result {
  /// The last line of a run, or of a cleanup.
  func words(ofRun run: String?) -> String {
    guard !removed.isEmpty || !remaining.isEmpty else { return "there is nothing to remove" }
    let list = removed.map(\.words).joined(separator: ", ")
    guard remaining.isEmpty else { return "removed: \(removed.isEmpty ? "nothing" : list)" }
    return "removed \(list) and everything in them; IAM confirms that nothing is left"
  }
}

// MARK: - Scenario error

extension ScenarioError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .expectationFailed(let check):
      ErrorMessage(
        "the scenario failed: \(check.failureWords)", hint: "see man daypass-scenario for what each step shows",
        status: .disproved)
    case .notSeen(let fact, let seconds):
      .tryAgain("waited \(seconds) s for \(fact.words), which did not happen", hint: "try again")
    case .codesRefused(let tries, let refusal):
      .refused(
        "AWS rejected \(tries == 1 ? "the codes" : "the codes of all \(tries) tries")\(refusal.quotedBehind)",
        hint: "enter two consecutive codes, then a third, and check the clock of the device")
    case .interrupted: .failure("interrupted")
    case .unusableARN(let text): .failure("AWS returned a user ARN in an unknown form: \(text.displayText())")
    case .remains(let resources):
      .failure(
        "could not be removed, or their removal not confirmed: \(resources.map(\.words).joined(separator: ", "))",
        hint: "remove it: daypass scenario cleanup PROFILE")
    }
  }
}

extension Check {
  fileprivate var failureWords: String {
    switch self {
    case .identity, .sessionIdentity: "AWS takes the credentials for those of another identity"
    case .buckets, .bucketsAfterwards: "the buckets can be listed without MFA"
    case .role: "the role can be assumed without MFA"
    case .session: "no session could be obtained with MFA"
    case .bucketsWithMFA: "the buckets cannot be listed with MFA"
    }
  }
}
