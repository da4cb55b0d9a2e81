import AWSValues
import Scenarios

extension ScenarioError: Explainable {
  var explanation: Explanation {
    switch self {
    case .expectationFailed(let check):
      Explanation(
        "the scenario failed: \(check.failureWords)", hint: "see man daypass-scenario for what each step shows",
        status: .disproved)
    case .notSeen(let fact, let seconds):
      Explanation("waited \(seconds) s in vain for \(fact.words)", hint: "try again", status: .tryAgain)
    case .codesRefused(let tries, let refusal):
      Explanation(
        "AWS took none of the codes in \(tries) \(tries == 1 ? "try" : "tries")\(refusal.quotedBehind)",
        hint: "two codes that follow one another, then a third; is the clock of the device right?", status: .refused)
    case .interrupted:
      Explanation("interrupted", status: .failure)
    case .unusableARN(let text):
      Explanation("AWS names a user in a way that is not known: \(text.displayText())", status: .failure)
    case .remains(let resources):
      Explanation(
        "not removed, or not seen to be gone: \(resources.map(\.words).joined(separator: ", "))",
        hint: "remove it: daypass scenario cleanup PROFILE", status: .failure)
    }
  }
}

extension Check {
  fileprivate var failureWords: String {
    switch self {
    case .identity, .sessionIdentity: "AWS sees the credentials as another's"
    case .buckets, .bucketsAfterwards: "the buckets can be listed without MFA"
    case .role: "the role can be assumed without MFA"
    case .session: "there is no session with MFA"
    case .bucketsWithMFA: "the buckets cannot be listed with MFA"
    }
  }
}
