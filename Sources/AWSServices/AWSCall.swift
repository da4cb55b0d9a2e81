internal import AWSValues
internal import HTTP
internal import Secrets

/// One call of an AWS service: what to ask, what comes back, and whether it may be sent twice. Who asks is the client's
/// to say.
struct AWSCall: ~Copyable {
  let service: Connection.Service
  /// The operation's name in AWS's documentation.
  let action: String
  let format: ResponseFormat
  let retrySafety: RetrySafety
  /// Relative to the endpoint's own.
  private let path: String
  private let query: [(name: String, value: String)]
  private let body: Body

  enum ResponseFormat: Equatable {
    /// A document whose root element has this name.
    case xml(root: String)
    case json
  }

  private enum Body: ~Copyable {
    /// Nothing: the call is a GET.
    case none
    case form(SecretBytes)
    case json(SecretBytes)
  }
}

extension AWSCall {
  /// A call in AWS's Query protocol.
  init(_ service: Connection.Service, _ form: consuming FormBody, _ retrySafety: RetrySafety = .idempotent) {
    self.init(
      service: service, action: form.action, format: .xml(root: form.action + "Response"), retrySafety: retrySafety,
      path: "", query: [], body: .form(form.bytes))
  }

  /// A call that reads, with its parameters in the URL.
  init(
    reading service: Connection.Service, _ action: String, path: String = "",
    query: [(name: String, value: String)] = [], _ format: ResponseFormat
  ) {
    self.init(
      service: service, action: action, format: format, retrySafety: .idempotent, path: path, query: query, body: .none)
  }

  /// A call with a JSON document.
  init(
    _ service: Connection.Service, _ action: String, path: String, json: consuming SecretBytes,
    _ retrySafety: RetrySafety
  ) {
    self.init(
      service: service, action: action, format: .json, retrySafety: retrySafety, path: path, query: [],
      body: .json(json))
  }

  /// The request to send to `endpoint`, without what says who asks.
  func request(to endpoint: Endpoint) -> HTTPRequest {
    var url = endpoint.url
    url.path += path
    url.query = PercentEncoding.query(query)
    switch body {
    case .none: return HTTPRequest(method: .get, url: url)
    case .form(let form): return Self.post(form, "application/x-www-form-urlencoded; charset=utf-8", to: url)
    case .json(let document): return Self.post(document, "application/json", to: url)
    }
  }

  private static func post(_ body: borrowing SecretBytes, _ type: String, to url: URLText) -> HTTPRequest {
    HTTPRequest(method: .post, url: url, headers: [HTTPRequest.Header("Content-Type", type)], body: body.clone())
  }
}

// MARK: - Form body

/// The parameters of a call in AWS's Query protocol, as the body of an HTML form (RFC 3986 encoding).
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/programming.html
struct FormBody: ~Copyable {
  let action: String
  private(set) var bytes = SecretBytes()

  init(action: String, version: String) {
    self.action = action
    append("Action", action)
    append("Version", version)
  }

  /// Adds a parameter; none if there is no value.
  mutating func append(_ name: String, _ value: String?) {
    guard let value else { return }
    appendName(name)
    bytes.append(PercentEncoding.encode(value.utf8))
  }

  /// Adds a secret of digits, which need no encoding.
  mutating func append(_ name: String, digits: borrowing SecretBytes) {
    appendName(name)
    bytes.append(digits)
  }

  /// Adds a secret of any bytes.
  mutating func append(_ name: String, secret: borrowing SecretBytes) {
    appendName(name)
    bytes.append(percentEncoding: secret)
  }

  private mutating func appendName(_ name: String) {
    if !bytes.isEmpty { bytes.append("&") }
    bytes.append(name)
    bytes.append("=")
  }
}

// MARK: - JSON body

/// The members of a JSON object, for a call of AWS's REST-JSON protocol.
struct JSONBody: ~Copyable {
  private var bytes = SecretBytes(copying: "{")

  mutating func append(_ name: String, _ text: String) {
    append(name, text.utf8.span)
  }

  mutating func append(_ name: String, _ secret: borrowing SecretBytes) {
    secret.withBytes { append(name, $0) }
  }

  mutating func append(_ name: String, _ list: [String]) {
    begin(name)
    bytes.append("[" + list.map(\.jsonString).joined(separator: ",") + "]")
  }

  consuming func finish() -> SecretBytes {
    bytes.append("}")
    return bytes
  }

  private mutating func append(_ name: String, _ text: borrowing Span<UInt8>) {
    begin(name)
    let isText = bytes.appendJSONString(text)
    precondition(isText, "what goes into a call is text")
  }

  private mutating func begin(_ name: String) {
    bytes.append((bytes.count > 1 ? "," : "") + name.jsonString + ":")
  }
}
