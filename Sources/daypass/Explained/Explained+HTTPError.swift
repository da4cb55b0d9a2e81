import AWSValues
import HTTP

extension HTTPError: Explainable {
  var explanation: Explanation {
    switch self {
    case .cannotResolve(let host): HTTPWords.cannotResolve(host)
    case .cannotConnect(let host): HTTPWords.cannotConnect(host)
    case .connectTimedOut(let host, let seconds): HTTPWords.connectTimedOut(host, seconds)
    case .timedOut(let host, let seconds):
      Explanation("\(host.displayText()) did not answer within \(seconds) s", hint: "try again", status: .tryAgain)
    case .interrupted(let host):
      Explanation("\(host.displayText()) broke off in mid-answer", hint: "try again", status: .tryAgain)
    case .givenUp(let host): HTTPWords.givenUp(host)
    case .responseTooLarge(let host, let limit): HTTPWords.responseTooLarge(host, limit)
    case .notHTTP(let host): HTTPWords.notHTTP(host)
    case .encoded(let host): HTTPWords.encoded(host)
    case .tls(let host, let reason): HTTPWords.tls(host, reason)
    case .caBundleUnreadable(let path): HTTPWords.caBundleUnreadable(path)
    case .proxy(let reason): HTTPWords.proxy(reason)
    case .invalidProxy(let variable): HTTPWords.invalidProxy(variable)
    case .invalidURL(let fault):
      Explanation("a URL is not usable: \(fault.words)", hint: "check AWS_ENDPOINT_URL", status: .badConfig)
    case .insecure(let url): HTTPWords.insecure(url)
    case .invalidHeader(let name):
      Explanation("the header \(name.displayText()) cannot be sent: it holds a control character", status: .failure)
    case .libraryMissing(let file, let package): Explained.missingLibrary(file, package: package)
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
