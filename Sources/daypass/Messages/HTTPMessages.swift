import AWSValues
import HTTP
import POSIX

extension HTTPError: UserFacingError {
  var errorMessage: ErrorMessage { ErrorMessage(problem, hint: hint, status: status) }

  private var problem: String {
    switch self {
    case .cannotResolve(let host): "no address found for \(host.displayText())"
    case .cannotConnect(let host): "cannot connect to \(host.displayText())"
    case .connectTimedOut(let host, let seconds): "cannot connect to \(host.displayText()) within \(seconds) s"
    case .timedOut(let host, let seconds): "\(host.displayText()) did not answer within \(seconds) s"
    case .interrupted(let host): "\(host.displayText()) closed the connection before the reply was complete"
    case .givenUp(let host): "interrupted while waiting for \(host.displayText())"
    case .responseTooLarge(let host, let limit):
      "\(host.displayText()) sent more than \(limit) bytes, which AWS never does"
    case .notHTTP(let host): "the server at \(host.displayText()) does not speak HTTP"
    case .encoded(let host): "\(host.displayText()) sent a compressed reply, which daypass did not ask for"
    case .tls(let host, let reason): "cannot trust \(host.displayText()): \(reason.displayText())"
    case .caBundleUnreadable(let path): "cannot read the certificates in \(path.displayText())"
    case .proxy(let reason): "the proxy failed: \(reason.displayText())"
    case .invalidProxy(let variable): "\(variable) is not the URL of a usable proxy"
    case .invalidURL(let fault): "a URL is unusable: \(fault.words)"
    case .insecure(let url): "'\(url.displayText())' is plain http, which is allowed for loopback addresses only"
    case .invalidHeader(let name):
      "the header \(name.displayText()) cannot be sent: it contains a control character"
    case .libraryMissing(let library): library.errorMessage.problem
    case .optionRefused: "libcurl is too old, or built without TLS"
    case .other(let host, let reason): "the call to \(host.displayText()) failed: \(reason.displayText())"
    }
  }

  private var hint: String? {
    switch self {
    case .cannotResolve: "check the network, and the region in the name"
    case .cannotConnect, .connectTimedOut: "check the network, and HTTPS_PROXY if you need one"
    case .timedOut, .interrupted, .other: "try again"
    case .responseTooLarge, .notHTTP, .encoded: "check AWS_ENDPOINT_URL and HTTPS_PROXY"
    case .tls: "behind a company's proxy, set AWS_CA_BUNDLE to its certificate"
    case .caBundleUnreadable: "set AWS_CA_BUNDLE or ca_bundle to a regular file that you may read"
    case .proxy: "check HTTPS_PROXY and NO_PROXY"
    case .invalidProxy: "like http://proxy.example.com:3128"
    case .invalidURL: "check AWS_ENDPOINT_URL"
    case .insecure: "use https, or http://127.0.0.1:PORT"
    case .libraryMissing(let library): library.errorMessage.hint
    case .optionRefused: "sudo apt install libcurl4 (7.87 or later)"
    case .givenUp, .invalidHeader: nil
    }
  }

  private var status: ExitStatus {
    switch self {
    case .cannotResolve, .cannotConnect, .connectTimedOut, .timedOut, .interrupted, .proxy, .other: .tryAgain
    case .caBundleUnreadable, .invalidProxy, .invalidURL, .insecure: .badConfig
    case .givenUp, .responseTooLarge, .notHTTP, .encoded, .tls, .invalidHeader, .libraryMissing, .optionRefused:
      .failure
    }
  }
}

extension URLText.Fault {
  var words: String {
    switch self {
    case .scheme: "it is neither http nor https"
    case .userInformation: "it names a user or a password"
    case .fragment: "it has a fragment (#)"
    case .host: "its host is neither a name nor an address"
    case .port: "its port is not a number from 1 to 65535"
    case .character: "it holds a character that has to be percent-encoded"
    }
  }
}
