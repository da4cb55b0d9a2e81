import Console
import HTTP

extension HTTPError: Explainable {
  var explanation: Explanation {
    switch self {
    case .cannotResolve(let host):
      Explanation(
        "no address is known for \(host.displayText())", hint: "check the network, and the region in the name",
        status: .tryAgain)
    case .cannotConnect(let host):
      Explanation(
        "no connection to \(host.displayText())", hint: "check the network, and HTTPS_PROXY if you need one",
        status: .tryAgain)
    case .connectTimedOut(let host, let seconds):
      Explanation(
        "no connection to \(host.displayText()) within \(seconds) s",
        hint: "check the network, and HTTPS_PROXY if you need one", status: .tryAgain)
    case .timedOut(let host, let seconds):
      Explanation("\(host.displayText()) did not answer within \(seconds) s", hint: "try again", status: .tryAgain)
    case .interrupted(let host):
      Explanation("\(host.displayText()) broke off in mid-answer", hint: "try again", status: .tryAgain)
    case .givenUp(let host):
      Explanation("interrupted while \(host.displayText()) was asked", status: .failure)
    case .responseTooLarge(let host, let limit):
      Explanation(
        "\(host.displayText()) answers with more than \(limit) bytes, which AWS never does",
        hint: "check AWS_ENDPOINT_URL and HTTPS_PROXY", status: .failure)
    case .notHTTP(let host):
      Explanation(
        "what answers at \(host.displayText()) does not speak HTTP", hint: "check AWS_ENDPOINT_URL and HTTPS_PROXY",
        status: .failure)
    case .encoded(let host):
      Explanation(
        "\(host.displayText()) sends a compressed answer, which was not asked for",
        hint: "check AWS_ENDPOINT_URL and HTTPS_PROXY", status: .failure)
    case .tls(let host, let reason):
      Explanation(
        "cannot trust \(host.displayText()): \(reason.displayText())",
        hint: "behind a company's proxy, set AWS_CA_BUNDLE to its certificate", status: .failure)
    case .caBundleUnreadable(let path):
      Explanation(
        "cannot read the certificates in \(path.displayText())", hint: "check AWS_CA_BUNDLE and ca_bundle",
        status: .badConfig)
    case .proxy(let reason):
      Explanation(
        "the proxy failed: \(reason.displayText())", hint: "check HTTPS_PROXY and NO_PROXY", status: .tryAgain)
    case .invalidProxy(let variable):
      Explanation(
        "\(variable) names no usable proxy", hint: "like http://proxy.example.com:3128", status: .badConfig)
    case .invalidURL(let fault):
      Explanation("a URL is not usable: \(fault.words)", hint: "check AWS_ENDPOINT_URL", status: .badConfig)
    case .insecure(let url):
      Explanation(
        "'\(url.displayText())' is plain http, which is for loopback addresses only",
        hint: "use https, or http://127.0.0.1:PORT", status: .badConfig)
    case .invalidHeader(let name):
      Explanation("the header \(name.displayText()) cannot be sent: it holds a control character", status: .failure)
    case .libraryMissing(let file, let package):
      Explained.missingLibrary(file, package: package)
    case .optionRefused:
      Explanation(
        "libcurl is too old, or built without TLS", hint: "sudo apt install libcurl4 (7.85 or later)",
        status: .failure)
    case .other(let host, let reason):
      Explanation(
        "the call to \(host.displayText()) failed: \(reason.displayText())", hint: "try again", status: .tryAgain)
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
