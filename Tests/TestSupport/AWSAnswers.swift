internal import Foundation
package import HTTP
internal import Secrets
internal import Testing

/// Answers of AWS, as short as they can be.
package enum Answers {
  package static func credentials(
    key: String = "ASIAIOSFODNN7EXAMPLE", secret: String = "made/up/secret", token: String = "made-up-token",
    expiration: String = "2026-11-21T09:00:00Z"
  ) -> String {
    """
    <Credentials><AccessKeyId>\(key)</AccessKeyId><SecretAccessKey>\(secret)</SecretAccessKey>
    <SessionToken>\(token)</SessionToken><Expiration>\(expiration)</Expiration></Credentials>
    """
  }

  package static func sessionToken(_ credentials: String = Answers.credentials()) -> String {
    """
    <GetSessionTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetSessionTokenResult>\(credentials)\
    </GetSessionTokenResult></GetSessionTokenResponse>
    """
  }

  package static func assumedRole(
    arn: String = "arn:aws:sts::123456789012:assumed-role/deploy/alice@host",
    _ credentials: String = Answers.credentials()
  ) -> String {
    """
    <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser>
    <AssumedRoleId>AROAEXAMPLE:alice@host</AssumedRoleId><Arn>\(arn)</Arn></AssumedRoleUser>\(credentials)\
    </AssumeRoleResult></AssumeRoleResponse>
    """
  }

  package static let callerIdentity = """
    <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
    <Arn>arn:aws:iam::123456789012:user/team/alice</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
    </GetCallerIdentityResult></GetCallerIdentityResponse>
    """

  package static func error(_ code: String, _ message: String = "no") -> String {
    """
    <ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>\(message)</Message></Error>\
    <RequestId>r-1</RequestId></ErrorResponse>
    """
  }

  package static func buckets(_ names: [String], next: String? = nil) -> String {
    let buckets = names.map {
      "<Bucket><Name>\($0)</Name><CreationDate>2026-01-02T03:04:05.000Z</CreationDate></Bucket>"
    }
    let token = next.map { "<ContinuationToken>\($0)</ContinuationToken>" } ?? ""
    return """
      <?xml version="1.0" encoding="UTF-8"?><ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
      <Buckets>\(buckets.joined())</Buckets>\(token)</ListAllMyBucketsResult>
      """
  }
}

// MARK: - Recorded request

/// A request as a test looks at it.
package struct RecordedRequest {
  package let method: HTTPRequest.Method
  package let url: URLText
  package let headers: [String: String]
  package let token: String?
  package let body: String

  package init(_ request: borrowing HTTPRequest) {
    method = request.method
    url = request.url
    headers = Dictionary(
      request.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { _, last in last })
    token = request.secretHeader.withValue { $0.value.revealed() } ?? nil
    body = request.body.revealed() ?? ""
  }

  /// The parameters of the form, decoded.
  package var parameters: [String: String] {
    let pairs = body.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), parts[1].removingPercentEncoding ?? "")
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in "\(first) and again" })
  }
}

// MARK: - Scripted transport

/// Gives the answers of a script in turn, and keeps what it was asked; anything beyond the script fails the test.
package final class ScriptedTransport: HTTPTransport {
  package enum Step {
    case answer(Int, String, headers: [String: String] = ["content-type": "text/xml"])
    case failure(HTTPError)
  }

  private var script: [Step]
  package private(set) var requests: [RecordedRequest] = []

  package init(_ script: [Step]) {
    self.script = script
  }

  /// Steps nobody asked for.
  package var remaining: Int { script.count }

  package func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse {
    requests.append(RecordedRequest(request))
    guard !script.isEmpty else {
      Issue.record("an unscripted request: \(request.url.text)")
      throw .other(host: request.url.host, reason: "unscripted")
    }
    switch script.removeFirst() {
    case .answer(let status, let body, let headers):
      return HTTPResponse(status: status, headers: headers, body: SecretBytes(copying: body))
    case .failure(let error): throw error
    }
  }
}
