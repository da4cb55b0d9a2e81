import Foundation

/// The answer of STS to GetSessionToken or AssumeRole, right unless a test changes it.
struct SessionAnswer {
  var accessKeyID = "ASIAIOSFODNN7EXAMPLE"
  var secretAccessKey = Self.secret
  var sessionToken = Self.token
  var expiration = Self.time(secondsFromNow: 3600)
  /// Stands before the document.
  var prologue = ""
  var namespace = "https://sts.amazonaws.com/doc/2011-06-15/"
  /// Of AssumeRole only.
  var assumedRole: String?

  static let secret = "CNRYsession/111111111111111111111111111/"
  static let token = "CNRYtoken/22222222222222222222222222222222=="

  var document: String {
    """
    \(prologue)<\(call)Response xmlns="\(namespace)">
      <\(call)Result>
        \(credentials)\(user)
      </\(call)Result>
      <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>
    </\(call)Response>

    """
  }

  var credentials: String {
    "<Credentials><AccessKeyId>\(accessKeyID)</AccessKeyId><SecretAccessKey>\(secretAccessKey)</SecretAccessKey>"
      + "<SessionToken>\(sessionToken)</SessionToken><Expiration>\(expiration)</Expiration></Credentials>"
  }

  var bytes: [UInt8] { Self.http(document) }

  private var call: String { assumedRole == nil ? "GetSessionToken" : "AssumeRole" }

  private var user: String {
    assumedRole.map { "<AssumedRoleUser><AssumedRoleId>AROA:daypass</AssumedRoleId><Arn>\($0)</Arn></AssumedRoleUser>" }
      ?? ""
  }

  static func time(secondsFromNow seconds: Double) -> String {
    ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: seconds))
  }

  /// `body` as a whole response.
  static func http(
    _ body: String, status: String = "200 OK", type: String = "text/xml", headers: [String] = []
  ) -> [UInt8] {
    http(Array(body.utf8), status: status, type: type, headers: headers)
  }

  static func http(
    _ body: [UInt8], status: String = "200 OK", type: String = "text/xml", headers: [String] = []
  ) -> [UInt8] {
    let head = ["HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.count)"] + headers
    return Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }
}
