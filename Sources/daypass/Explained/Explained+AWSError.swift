import AWSServices
import AWSValues

extension AWSError: Explainable {
  var explanation: Explanation {
    switch self {
    case .endpoint(let error): error.explanation
    case .invalidRequest(let error): error.explanation
    case .signing(let error): error.explanation
    case .http(let error): error.explanation
    case .service(let error): error.explanation
    case .notAWS(let answer): answer.explanation
    case .malformed(let call, let element):
      Explanation(
        "AWS's answer to \(call) is not usable: \(element.displayText())", hint: "run the command again",
        status: .failure)
    case .otherRole(let asked, let received):
      Explanation(
        "asked for \(asked.displayText()), AWS answered with \(received.displayText()): not used",
        hint: "check role_arn and the endpoint", status: .failure)
    case .libraryMissing(let file, let package):
      Explained.missingLibrary(file, package: package)
    }
  }
}

extension InvalidRequest: Explainable {
  var explanation: Explanation {
    switch self {
    case .durationOutOfRange(let seconds, let allowed):
      Explanation(
        "a session of \(seconds) s is not possible here: AWS allows \(allowed.lowerBound) to \(allowed.upperBound) s",
        hint: "choose another --duration or duration_seconds", status: .usage)
    case .durationBeyondRoleChaining(let seconds, let limit):
      Explanation(
        "a session of \(seconds) s is not possible here: AWS allows \(limit) s for a role assumed from a session",
        hint: "choose another --duration or duration_seconds", status: .usage)
    case .sessionTokenNeedsLongTermKey:
      Explanation(
        "GetSessionToken takes a long-term key, not a session",
        hint: "store a long-term key (AKIA…): daypass add PROFILE --force", status: .failure)
    }
  }
}

extension ForeignAnswer {
  fileprivate var explanation: Explanation {
    let type = contentType ?? "no content type"
    let excerpt = start.isEmpty ? "" : ": \(start)"
    return Explanation(
      "the answer is not AWS's: status \(status), \(type)\(excerpt)",
      hint: "a proxy or a login page of the network may have answered; check HTTPS_PROXY and AWS_ENDPOINT_URL",
      status: .tryAgain)
  }
}
