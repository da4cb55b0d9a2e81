import AWSValues
import HTTP

/// What is said of a request that got no answer.
enum HTTPWords {
  static func cannotResolve(_ host: String) -> Explanation {
    Explanation(
      "no address is known for \(host.displayText())", hint: "check the network, and the region in the name",
      status: .tryAgain)
  }

  static func cannotConnect(_ host: String) -> Explanation {
    Explanation(
      "no connection to \(host.displayText())", hint: "check the network, and HTTPS_PROXY if you need one",
      status: .tryAgain)
  }

  static func connectTimedOut(_ host: String, _ seconds: Int) -> Explanation {
    Explanation(
      "no connection to \(host.displayText()) within \(seconds) s",
      hint: "check the network, and HTTPS_PROXY if you need one", status: .tryAgain)
  }

  static func responseTooLarge(_ host: String, _ limit: Int) -> Explanation {
    Explanation(
      "\(host.displayText()) answers with more than \(limit) bytes, which AWS never does",
      hint: "check AWS_ENDPOINT_URL and HTTPS_PROXY", status: .failure)
  }

  static func notHTTP(_ host: String) -> Explanation {
    Explanation(
      "what answers at \(host.displayText()) does not speak HTTP", hint: "check AWS_ENDPOINT_URL and HTTPS_PROXY",
      status: .failure)
  }

  static func encoded(_ host: String) -> Explanation {
    Explanation(
      "\(host.displayText()) sends a compressed answer, which was not asked for",
      hint: "check AWS_ENDPOINT_URL and HTTPS_PROXY", status: .failure)
  }

  static func tls(_ host: String, _ reason: String) -> Explanation {
    Explanation(
      "cannot trust \(host.displayText()): \(reason.displayText())",
      hint: "behind a company's proxy, set AWS_CA_BUNDLE to its certificate", status: .failure)
  }

  static func caBundleUnreadable(_ path: String) -> Explanation {
    Explanation(
      "cannot read the certificates in \(path.displayText())",
      hint: "AWS_CA_BUNDLE and ca_bundle name a regular file that you may read", status: .badConfig)
  }

  static func proxy(_ reason: String) -> Explanation {
    Explanation(
      "the proxy failed: \(reason.displayText())", hint: "check HTTPS_PROXY and NO_PROXY", status: .tryAgain)
  }

  static func invalidProxy(_ variable: String) -> Explanation {
    Explanation(
      "\(variable) names no usable proxy", hint: "like http://proxy.example.com:3128", status: .badConfig)
  }

  static func insecure(_ url: String) -> Explanation {
    Explanation(
      "'\(url.displayText())' is plain http, which is for loopback addresses only",
      hint: "use https, or http://127.0.0.1:PORT", status: .badConfig)
  }

  static let optionRefused = Explanation(
    "libcurl is too old, or built without TLS", hint: "sudo apt install libcurl4 (7.85 or later)",
    status: .failure)

  static func other(_ host: String, _ reason: String) -> Explanation {
    Explanation(
      "the call to \(host.displayText()) failed: \(reason.displayText())", hint: "try again", status: .tryAgain)
  }

  static func givenUp(_ host: String) -> Explanation {
    Explanation("interrupted while \(host.displayText()) was asked", status: .failure)
  }
}
