internal import AWSValues
internal import Delivery
internal import FoundationEssentials
internal import POSIX
internal import Secrets
package import TerminalIO

// All wording of the server: what clients and the user read.

/// What a client gets instead of credentials.
struct ClientWords: Equatable {
  let code: String
  let message: String

  /// SDKs differ in which pair they show.
  var json: String {
    let (code, message) = (code.jsonString, message.jsonString)
    return "{\"code\": \(code), \"message\": \(message), \"Code\": \(code), \"Message\": \(message)}\n"
  }
}

extension Refusal {
  var words: ClientWords {
    switch self {
    case .badRequest: ClientWords(code: "BadRequest", message: "daypass: not a request for credentials")
    case .wrongMethod: ClientWords(code: "MethodNotAllowed", message: "daypass: only GET is answered")
    case .forbiddenHost:
      ClientWords(code: "ForbiddenHost", message: "daypass: no browser or proxy may pass requests on to this server")
    case .otherUser: ClientWords(code: "Forbidden", message: "daypass: this server is another user's")
    case .notFound: ClientWords(code: "NotFound", message: "daypass: no profile is served here")
    case .unauthorized:
      ClientWords(code: "Unauthorized", message: "daypass: AWS_CONTAINER_AUTHORIZATION_TOKEN is not of this server")
    }
  }
}

extension RenewalError {
  var clientWords: ClientWords {
    ClientWords(
      code: needsPerson ? "SignInRequired" : "RefreshFailed", message: "daypass: " + words.joined(separator: "; "))
  }

  /// After the exit statuses of daypass(1): refused, or the keyring is locked.
  private var needsPerson: Bool {
    guard case .daypass(let status, _) = self else { return false }
    return [77, 78].contains(status)
  }

  fileprivate var words: [String] {
    switch self {
    case .daypass(let status, let lines):
      lines.isEmpty ? ["daypass credential-process ended with status \(status)"] : lines.map(\.withoutName)
    case .noAnswer: ["daypass credential-process gave no answer in time"]
    case .notLonger: ["the credentials could not be renewed yet"]
    case .unfinished: ["the credentials are being renewed"]
    }
  }
}

extension String {
  /// A line that daypass wrote, without `daypass: ` before it.
  fileprivate var withoutName: String { (hasPrefix("daypass: ") ? String(dropFirst(9)) : self).displayText(limit: 500) }
}

extension Diagnostics {
  func tell(_ notice: SupplyNotice, of profile: String, at now: Date) {
    switch notice {
    case .renewed(let expiration):
      debug("the credentials of '\(profile)' are renewed until \(expiration.rfc3339)")
    case .notRenewed(let error, let expiration):
      let minutes = Int(max(0, expiration.timeIntervalSince(now)) / 60)
      let end = minutes == 0 ? "have expired" : "expire in \(minutes) min"
      report("the credentials of '\(profile.displayText())' \(end) and cannot be renewed", quoting: error.words)
    }
  }

  /// The access log: no token, no credentials.
  func tell(_ answer: ObservedAnswer) {
    debug("server: \(answer.status.code) \((answer.path ?? "").displayText())")
  }
}

extension Diagnostics {
  /// Reports why there is no server. Returns the exit status, as daypass(1) lists it.
  package func report(_ error: any Error) -> Int32 {
    switch error {
    case ServerError.notAsked:
      report("this program is a part of daypass, which starts it", hint: "daypass exec --server PROFILE -- COMMAND")
      return 64
    case DeliveryError.commandNotFound(let command):
      report("command not found: \(command.displayText())")
      return 127
    case DeliveryError.commandNotExecutable(let path, let reason):
      report("cannot run \(path.displayText()): \(reason.words)")
      return reason == .interpreterMissing ? 127 : 126
    case FileFailure.call(let code), DeliveryError.outputFailed(let code):
      report("cannot serve credentials: \(String.systemError(code))")
      return 1
    default:
      report("cannot serve credentials: \("\(error)".displayText())")
      return 1
    }
  }
}
