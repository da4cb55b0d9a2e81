import AWSValues
import FoundationEssentials
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
          [
            ".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".aws.amazon.com", ".amazonaws.cn",
            ".amazonaws-us-gov.com",
          ].contains { host.hasSuffix($0) }
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

// MARK: - Times target

/// Reads and writes times: what is written reads back the same, and the calendar agrees with counting days.
enum TimesTarget {
  static func check(_ input: [UInt8]) throws {
    var input = FuzzInput(input)
    switch input.byte() % 3 {
    case 0: try checkText(String(decoding: input.remainder(), as: UTF8.self))
    case 1: try checkMoment(secondsSince1970: Int(truncatingIfNeeded: input.number()) % 253_402_300_800)
    default: try checkZone(&input)
    }
  }

  private static func checkText(_ text: String) throws {
    for date in [Date(timestamp: text), Date(httpDate: text)].compactMap({ $0 }) {
      // A zone may reach a day beyond the years that can be written.
      try demand(abs(date.timeIntervalSince1970 - 95_617_584_000) < 157_800_000_000, "\(text) is \(date)")
      _ = date.rfc3339
    }
  }

  private static func checkMoment(secondsSince1970 wish: Int) throws {
    let seconds = max(wish, ReferenceTime.firstSecond)
    let reference = ReferenceTime(secondsSince1970: seconds)
    let date = Date(timeIntervalSince1970: Double(seconds))
    let text = Planted.bug(in: date.rfc3339, when: date.rfc3339.contains("-01-31T"), "")
    try demand(text == reference.rfc3339, "\(text) should be \(reference.rfc3339)")
    for text in reference.spellings {
      try demand(Date(timestamp: text) == date, "\(text) was read as \(String(describing: Date(timestamp: text)))")
    }
    try demand(Date(httpDate: reference.httpDate) == date, "the header \(reference.httpDate) was misread")
  }

  private static func checkZone(_ input: inout FuzzInput) throws {
    let seconds = Int(input.number() % 253_402_300_800)
    let (hours, minutes) = (Int(input.byte() % 24), Int(input.byte() % 60))
    let zone = "\(two(hours)):\(two(minutes))"
    let local = ReferenceTime(secondsSince1970: seconds).rfc3339.dropLast()
    for (sign, direction) in [("+", -1), ("-", 1)] {
      let expected = Date(timeIntervalSince1970: Double(seconds + direction * (hours * 3600 + minutes * 60)))
      try demand(Date(timestamp: local + sign + zone) == expected, "\(local)\(sign)\(zone) should be \(expected)")
    }
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
