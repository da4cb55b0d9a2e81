internal import AWSValues
internal import HTTP

extension AWSClient {
  /// The address of a service's page.
  func page(
    of service: Connection.Service, _ path: String, _ parameters: [(name: String, value: String)]
  ) throws(AWSError) -> String {
    var url = try endpoint(of: service).url
    url.path += path
    url.query = PercentEncoding.query(parameters)
    return url.text
  }
}

/// AWS's pages to which a browser may be sent for signing in.
package enum AWSPage {
  /// Whether `text` is an https URL of one of AWS's hosts, at its usual port and without user information, so that what a
  /// server answers cannot send the user elsewhere.
  package static func isTrusted(_ text: String) -> Bool {
    let base = text.prefix { $0 != "#" && $0 != "?" }
    do {
      let url = try URLText(strictly: String(base))
      return url.scheme == .https && url.port == nil && isOfAWS(url.host)
    } catch {
      return false
    }
  }

  /// Whether a host is AWS's own, rather than a company's name that leads there.
  static func isOfAWS(_ host: String) -> Bool {
    if hosts.contains(host) || suffixes.contains(where: { host == $0 || host.hasSuffix("." + $0) }) { return true }
    let labels = host.split(separator: ".", maxSplits: 3).map(String.init)
    return labels.count == 4 && labels[0] == "device" && labels[1] == "sso" && labels[2].isHostLabel
      && Partition.all.contains { $0.suffix == labels[3] }
  }

  /// https://docs.aws.amazon.com/singlesignon/latest/userguide/howtochangeURL.html
  private static let suffixes = [
    "app.aws", "portal.amazonaws.com", "portal.amazonaws.com.cn", "app.amazonwebservices.com.cn",
    "portal.amazonaws.eu", "api.amazonwebservices.eu", "awsapps.com", "awsapps.cn",
  ]
  private static let hosts: Set = [
    "identitycenter.amazonaws.com", "identitycenter.amazonaws.com.cn", "identitycenter.amazonaws.eu",
    "identitycenter.us-gov.amazonaws.com",
  ]
}
