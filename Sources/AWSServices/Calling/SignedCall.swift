internal import AWSValues
internal import HTTP
internal import Secrets
internal import SigV4

/// One call of an AWS service: what to ask, how to know the answer, and whether it may be asked twice.
struct SignedCall: ~Copyable {
  let service: Connection.Service
  /// The operation's name in AWS's documentation.
  let action: String
  /// The name of the root element of the answer.
  let root: String
  let repetition: Repetition
  private let method: HTTPRequest.Method
  private let query: String
  private let body: SecretBytes

  /// A call in the Query protocol, with its parameters in the body.
  init(_ service: Connection.Service, _ action: String, _ body: consuming FormBody, _ repetition: Repetition) {
    self.service = service
    self.action = action
    self.root = action + "Response"
    self.repetition = repetition
    self.method = .post
    self.query = ""
    self.body = body.finish()
  }

  /// A call of S3 that reads, with its parameters in the URL.
  init(s3 action: String, root: String, query: [(name: String, value: String)]) {
    self.service = .s3
    self.action = action
    self.root = root
    self.repetition = .allowed
    self.method = .get
    self.query = query.map { "\($0.name)=\(PercentEncoding.encode($0.value.utf8))" }.joined(separator: "&")
    self.body = SecretBytes()
  }

  /// The request to send to `endpoint`, still unsigned.
  func request(to endpoint: Endpoint) -> HTTPRequest {
    var url = endpoint.url
    url.query = query
    let headers = method == .post ? [HTTPRequest.Header("Content-Type", SignedCall.formType)] : []
    return HTTPRequest(method: method, url: url, headers: headers, body: body.clone())
  }

  private static let formType = "application/x-www-form-urlencoded; charset=utf-8"
}
