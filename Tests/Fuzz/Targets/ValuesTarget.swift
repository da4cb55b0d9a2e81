import AWSValues
import Secrets

@testable import AWSServices
@testable import HTTP
@testable import Keyring
@testable import Profiles

/// Reads the input as each value that has rules: what is accepted keeps them, and is written as it was read.
enum ValuesTarget {
  static func check(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    try checkARN(text)
    try checkURL(text)
    try checkEndpoint(text)
    try checkProxy(text)
    try checkRegion(text)
    try checkDuration(text)
    try checkNames(text)
    try demand(
      BusAddress(parsing: BusAddress(path: text).text) == BusAddress(path: text), "a bus at \(text) is another")
  }

  private static func checkARN(_ text: String) throws {
    if let arn = RoleARN(text) {
      let start = "arn:\(arn.partition):iam::\(arn.account):role/"
      let isSpelled = text.hasPrefix(start) && text.hasSuffix("/" + arn.name) && !arn.name.contains("/")
      try demand(isSpelled && arn.account.count == 12, "\(text) is no role's ARN")
      try demand(arn.text == text && text.utf8.count <= 2048, "\(text) came back as \(arn.text)")
    }
    if let arn = UserARN(text) {
      try demand(text.hasSuffix("/" + arn.name.text), "\(text) is not of the user \(arn.name)")
    }
    _ = Partition(arn: text)
  }

  private static func checkURL(_ text: String) throws {
    guard let url = try? URLText(strictly: text) else { return }
    let again = try? URLText(strictly: Planted.bug(in: url.text, when: (url.port ?? 0) > 9000, url.text + "#"))
    try demand(again == url, "\(text) came back as \(url.text)")
    try demand(url.text.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "\(url.text) is not of visible characters")
    try demand(
      !url.host.isEmpty && !url.host.contains("@") && !text.contains("@") || url.path.contains("@")
        || url.query.contains("@"), "\(text) names a user")
    try demand(url.path.hasPrefix("/") && !url.path.contains("?"), "\(url.path) is no path")
  }

  private static func checkEndpoint(_ text: String) throws {
    guard let url = try? URLText(endpoint: text) else { return }
    try demand(url.scheme == .https || url.isLoopback, "\(text) is sent in clear")
    try demand(url.query.isEmpty && url.path.hasSuffix("/"), "\(text) is no endpoint")
    let connection = Connection(region: "eu-west-1", endpoints: [.sts: text])
    try demand((try? Endpoint(.sts, of: connection))?.url == url, "\(text) is not taken for STS")
  }

  private static func checkProxy(_ text: String) throws {
    let target = URLText(scheme: .https, host: "sts.amazonaws.com")
    let settings = ProxySettings(environment: ["HTTPS_PROXY": text, "NO_PROXY": text])
    _ = try? settings.proxy(for: target)
    guard let proxy = try? Proxy(parsing: text) else { return }
    try demand((try? Proxy(parsing: proxy.secretText)) == proxy, "the proxy \(text) came back as another")
    try demand(!proxy.origin.contains("@"), "\(proxy.origin) shows a password")
  }

  private static func checkRegion(_ text: String) throws {
    for service in Connection.Service.allCases {
      for isSet in [false, true] {
        let connection = Connection(region: text, useFIPS: isSet, useGlobalSTSEndpoint: isSet)
        guard let endpoint = try? Endpoint(service, of: connection) else { continue }
        try demand((try? URLText(strictly: endpoint.url.text)) == endpoint.url, "\(endpoint.url.text) is no URL")
        let host = endpoint.url.host
        try demand(
          [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"].contains { host.hasSuffix($0) }
            || text.contains("iso"), "\(host) is not AWS's")
      }
    }
  }

  private static func checkDuration(_ text: String) throws {
    guard let duration = SessionDuration(text) else { return }
    let number = Int(text.filter(\.isNumber)) ?? -1
    let units = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    let unit = units[String(text.suffix(1))] ?? 1
    try demand(duration.seconds == number * unit, "\(text) is \(duration.seconds) seconds")
  }

  private static func checkNames(_ text: String) throws {
    let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
    let name = RoleSessionName(user: parts.first ?? "", host: parts.last ?? "")
    try demand(RoleSessionName(name.text) == name, "\(name.text) is no session name")
    for accepted in [MFADevice(text)?.text, ExternalID(text)?.text, RoleSessionName(text)?.text].compactMap({ $0 }) {
      try demand(accepted == text && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "\(text) was accepted")
    }
    let shown = text.displayText(limit: 50)
    try demand(shown.unicodeScalars.allSatisfy(\.isDisplayable) || !shown.contains("\u{1b}"), "\(shown) is unsafe")
  }
}
