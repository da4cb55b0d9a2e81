import AWSValues
import HTTP

extension HTTPError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .cannotResolve(let host): HTTPWords.cannotResolve(host)
    case .cannotConnect(let host): HTTPWords.cannotConnect(host)
    case .connectTimedOut(let host, let seconds): HTTPWords.connectTimedOut(host, seconds)
    case .timedOut(let host, let seconds):
      ErrorMessage("\(host.displayText()) did not answer within \(seconds) s", hint: "try again", status: .tryAgain)
    case .interrupted(let host):
      ErrorMessage("\(host.displayText()) broke off in mid-answer", hint: "try again", status: .tryAgain)
    case .givenUp(let host): HTTPWords.givenUp(host)
    case .responseTooLarge(let host, let limit): HTTPWords.responseTooLarge(host, limit)
    case .notHTTP(let host): HTTPWords.notHTTP(host)
    case .encoded(let host): HTTPWords.encoded(host)
    case .tls(let host, let reason): HTTPWords.tls(host, reason)
    case .caBundleUnreadable(let path): HTTPWords.caBundleUnreadable(path)
    case .proxy(let reason): HTTPWords.proxy(reason)
    case .invalidProxy(let variable): HTTPWords.invalidProxy(variable)
    case .invalidURL(let fault):
      ErrorMessage("a URL is not usable: \(fault.words)", hint: "check AWS_ENDPOINT_URL", status: .badConfig)
    case .insecure(let url): HTTPWords.insecure(url)
    case .invalidHeader(let name):
      ErrorMessage("the header \(name.displayText()) cannot be sent: it holds a control character", status: .failure)
    case .libraryMissing(let file, let package): ErrorMessages.missingLibrary(file, package: package)
    case .optionRefused: HTTPWords.optionRefused
    case .other(let host, let reason): HTTPWords.other(host, reason)
    }
  }
}

extension URLText.Fault {
  var words: String {
    switch self {
    case .scheme: "it is neither http nor https"
    case .userInformation: "it names a user or a password"
    case .fragment: "it has a fragment (#)"
    case .host: "its host is no name and no address"
    case .port: "its port is no number from 1 to 65535"
    case .character: "it holds a character that has to be percent-encoded"
    }
  }
}

// MARK: - HTTP words

/// What is said of a request that got no answer.
enum HTTPWords {
  static func cannotResolve(_ host: String) -> ErrorMessage {
    ErrorMessage(
      "no address is known for \(host.displayText())", hint: "check the network, and the region in the name",
      status: .tryAgain)
  }

  static func cannotConnect(_ host: String) -> ErrorMessage {
    ErrorMessage(
      "no connection to \(host.displayText())", hint: "check the network, and HTTPS_PROXY if you need one",
      status: .tryAgain)
  }

  static func connectTimedOut(_ host: String, _ seconds: Int) -> ErrorMessage {
    ErrorMessage(
      "no connection to \(host.displayText()) within \(seconds) s",
      hint: "check the network, and HTTPS_PROXY if you need one", status: .tryAgain)
  }

  static func responseTooLarge(_ host: String, _ limit: Int) -> ErrorMessage {
    ErrorMessage(
      "\(host.displayText()) answers with more than \(limit) bytes, which AWS never does",
      hint: "check AWS_ENDPOINT_URL and HTTPS_PROXY", status: .failure)
  }

  static func notHTTP(_ host: String) -> ErrorMessage {
    ErrorMessage(
      "what answers at \(host.displayText()) does not speak HTTP", hint: "check AWS_ENDPOINT_URL and HTTPS_PROXY",
      status: .failure)
  }

  static func encoded(_ host: String) -> ErrorMessage {
    ErrorMessage(
      "\(host.displayText()) sends a compressed answer, which was not asked for",
      hint: "check AWS_ENDPOINT_URL and HTTPS_PROXY", status: .failure)
  }

  static func tls(_ host: String, _ reason: String) -> ErrorMessage {
    ErrorMessage(
      "cannot trust \(host.displayText()): \(reason.displayText())",
      hint: "behind a company's proxy, set AWS_CA_BUNDLE to its certificate", status: .failure)
  }

  static func caBundleUnreadable(_ path: String) -> ErrorMessage {
    ErrorMessage(
      "cannot read the certificates in \(path.displayText())",
      hint: "AWS_CA_BUNDLE and ca_bundle name a regular file that you may read", status: .badConfig)
  }

  static func proxy(_ reason: String) -> ErrorMessage {
    ErrorMessage(
      "the proxy failed: \(reason.displayText())", hint: "check HTTPS_PROXY and NO_PROXY", status: .tryAgain)
  }

  static func invalidProxy(_ variable: String) -> ErrorMessage {
    ErrorMessage(
      "\(variable) names no usable proxy", hint: "like http://proxy.example.com:3128", status: .badConfig)
  }

  static func insecure(_ url: String) -> ErrorMessage {
    ErrorMessage(
      "'\(url.displayText())' is plain http, which is for loopback addresses only",
      hint: "use https, or http://127.0.0.1:PORT", status: .badConfig)
  }

  static let optionRefused = ErrorMessage(
    "libcurl is too old, or built without TLS", hint: "sudo apt install libcurl4 (7.85 or later)",
    status: .failure)

  static func other(_ host: String, _ reason: String) -> ErrorMessage {
    ErrorMessage(
      "the call to \(host.displayText()) failed: \(reason.displayText())", hint: "try again", status: .tryAgain)
  }

  static func givenUp(_ host: String) -> ErrorMessage {
    ErrorMessage("interrupted while \(host.displayText()) was asked", status: .failure)
  }
}
