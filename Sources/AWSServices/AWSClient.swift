package import AWSValues
package import FoundationEssentials
package import HTTP
internal import Hashing
internal import Secrets
internal import SigV4

/// Sends calls to AWS and, if that is safe, sends them again after they failed.
package final class AWSClient {
  package let connection: Connection
  /// How far AWS's clock is ahead of ours, in seconds; 0 until AWS refuses a call for that reason.
  package private(set) var clockOffset: TimeInterval = 0
  private let transport: any HTTPTransport
  private let dependencies: ClientDependencies
  private var quota = RetryQuota()

  package init(connection: Connection, transport: any HTTPTransport, dependencies: ClientDependencies) {
    self.connection = connection
    self.transport = transport
    self.dependencies = dependencies
  }

  /// For a call with all its retries and the waits between them.
  private static let callLimit = Duration.seconds(30)

  /// A call that is signed with SigV4, as most are.
  func response(
    to call: borrowing AWSCall, signedBy credentials: borrowing Credentials, until end: ContinuousClock.Instant? = nil
  ) throws(AWSError) -> AWSResponse {
    try response(to: call, until: end) { (request, endpoint) throws(AWSError) in
      let signer = Signer(
        region: endpoint.signingRegion, service: endpoint.service.rawValue, pathRule: endpoint.service.pathRule,
        date: time)
      do throws(HashingError) { return try signer.sign(request, with: credentials) } catch { throw .signing(error) }
    }
  }

  /// A call whose caller is known by a secret in a header: an access token, or a proof that they hold a key. Each attempt
  /// makes a new one.
  func response(
    to call: borrowing AWSCall, until end: ContinuousClock.Instant? = nil,
    provenBy proof: (URLText) throws(AWSError) -> HTTPRequest.SecretHeader
  ) throws(AWSError) -> AWSResponse {
    try response(to: call, until: end) { (request, _) throws(AWSError) in
      var request = request
      request.secretHeader = try proof(request.url)
      return request
    }
  }

  /// A call that anybody may make.
  func responseToUnsigned(_ call: borrowing AWSCall) throws(AWSError) -> AWSResponse {
    try response(to: call) { (request, _) throws(AWSError) in request }
  }

  /// The time by AWS's clock, if it is known; otherwise by ours.
  var time: Date { dependencies.now().addingTimeInterval(clockOffset) }

  var now: Date { dependencies.now() }

  var instant: ContinuousClock.Instant { dependencies.instant() }
}

// MARK: - Attempts

extension AWSClient {
  private typealias Authorization = (consuming HTTPRequest, Endpoint) throws(AWSError) -> HTTPRequest

  /// AWS's response, tried for as often as the connection says and the call allows, and no longer than until `end`.
  private func response(
    to call: borrowing AWSCall, until end: ContinuousClock.Instant? = nil, authorizedBy authorize: Authorization
  ) throws(AWSError) -> AWSResponse {
    let endpoint = try endpoint(of: call.service)
    let ownEnd = instant + Self.callLimit
    let end = end.map { min($0, ownEnd) } ?? ownEnd
    var schedule = RetrySchedule(maxAttempts: call.retrySafety == .idempotent ? connection.maxAttempts : 1)
    while true {
      var retryAfter: Duration?
      do throws(AWSError) {
        var request = try authorize(call.request(to: endpoint), endpoint)
        request.timeout = end - instant
        let response = try send(request)
        retryAfter = response.retryAfter
        let answer = try AWSResponse(response, to: call, receivedAt: dependencies.now())
        quota.refund(schedule.lastCost)
        return answer
      } catch {
        try prepareRetry(after: error, retryAfter: retryAfter, &schedule, until: end)
      }
    }
  }

  func endpoint(of service: Connection.Service) throws(AWSError) -> Endpoint {
    do { return try Endpoint(service, of: connection) } catch { throw .endpoint(error) }
  }

  func send(_ request: borrowing HTTPRequest) throws(AWSError) -> HTTPResponse {
    do { return try transport.send(request) } catch { throw .http(error) }
  }

  /// Waits until the call may be sent again; throws `error` if it may not.
  private func prepareRetry(
    after error: AWSError, retryAfter: Duration?, _ schedule: inout RetrySchedule, until end: ContinuousClock.Instant
  ) throws(AWSError) {
    if correctClock(after: error), !schedule.isExhausted {
      dependencies.clockIsOff(Int(clockOffset))
      return schedule.countImmediateRetry()
    }
    guard let fault = error.retryableFault else { throw error }
    let delay = schedule.delay(after: fault, retryAfter: retryAfter, random: dependencies.random(), quota: &quota)
    guard let delay, instant + delay < end else { throw error }
    dependencies.pause(delay)
  }

  /// Whether `error` tells an offset that makes another signature; later calls use it in any case.
  private func correctClock(after error: AWSError) -> Bool {
    guard case .service(let refusal) = error, case .clockSkew(let offset?) = refusal.meaning else { return false }
    let change = abs(TimeInterval(offset) - clockOffset)
    clockOffset = TimeInterval(offset)
    return change >= Self.smallestCorrection
  }

  /// Seconds; a smaller step would be refused like the one before.
  private static let smallestCorrection: TimeInterval = 60
}

extension Connection.Service {
  fileprivate var pathRule: PathRule {
    switch self {
    case .sts, .iam, .sso, .ssoOIDC, .signIn: .normalized
    case .s3: .asIs
    }
  }
}

extension HTTPResponse {
  /// The wait that the service asks for, in milliseconds in its header; anything else is ignored.
  fileprivate var retryAfter: Duration? {
    headers["x-amz-retry-after"].flatMap { UInt32($0) }.map { .milliseconds($0) }
  }
}

// MARK: - Dependencies

/// What a client needs of the world besides the network.
package struct ClientDependencies: Sendable {
  let now: @Sendable () -> Date
  let instant: @Sendable () -> ContinuousClock.Instant
  let random: @Sendable () -> Double
  let pause: @Sendable (Duration) -> Void
  let clockIsOff: @Sendable (Int) -> Void

  /// - Parameters:
  ///   - instant: the clock of time limits, which nobody sets.
  ///   - random: a number in 0...1.
  ///   - pause: returns after the time it is given.
  ///   - clockIsOff: is called with how many seconds AWS's clock is ahead, when calls begin to allow for it.
  package init(
    now: @escaping @Sendable () -> Date, instant: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    random: @escaping @Sendable () -> Double, pause: @escaping @Sendable (Duration) -> Void,
    clockIsOff: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.now = now
    self.instant = instant
    self.random = random
    self.pause = pause
    self.clockIsOff = clockIsOff
  }
}

// MARK: - Call

/// One call of an AWS service: what to ask, what comes back, and whether it may be sent twice. The client adds the
/// identity that asks.
struct AWSCall: ~Copyable {
  let service: Connection.Service
  /// The operation's name in AWS's documentation.
  let action: String
  let format: ResponseFormat
  let retrySafety: RetrySafety
  /// Relative to the endpoint's own.
  private let path: String
  private let query: [(name: String, value: String)]
  /// Nil for a call without a body, which is a GET.
  private let contentType: String?
  private let body: SecretBytes

  enum ResponseFormat: Equatable {
    /// A document whose root element has this name.
    case xml(root: String)
    case json
  }
}

extension AWSCall {
  /// A call in AWS's Query protocol.
  init(_ service: Connection.Service, _ form: consuming FormBody, _ retrySafety: RetrySafety = .idempotent) {
    self.init(
      service: service, action: form.action, format: .xml(root: form.action + "Response"), retrySafety: retrySafety,
      path: "", query: [], contentType: "application/x-www-form-urlencoded; charset=utf-8", body: form.bytes)
  }

  /// A call that reads, with its parameters in the URL.
  init(
    reading service: Connection.Service, _ action: String, path: String = "",
    query: [(name: String, value: String)] = [], _ format: ResponseFormat
  ) {
    self.init(
      service: service, action: action, format: format, retrySafety: .idempotent, path: path, query: query,
      contentType: nil, body: SecretBytes())
  }

  /// A call with a JSON document.
  init(
    _ service: Connection.Service, _ action: String, path: String, json: consuming SecretBytes,
    _ retrySafety: RetrySafety
  ) {
    self.init(
      service: service, action: action, format: .json, retrySafety: retrySafety, path: path, query: [],
      contentType: "application/json", body: json)
  }

  /// The request to send to `endpoint`, without an identity.
  func request(to endpoint: Endpoint) -> HTTPRequest {
    var url = endpoint.url
    url.path += path
    url.query = PercentEncoding.query(query)
    guard let contentType else { return HTTPRequest(method: .get, url: url) }
    let header = HTTPRequest.Header("Content-Type", contentType)
    return HTTPRequest(method: .post, url: url, headers: [header], body: body.clone())
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
    bytes.append(PercentEncoding.encode(value))
  }

  /// Adds a secret of any bytes.
  mutating func append(_ name: String, secret: borrowing SecretBytes) {
    appendName(name)
    bytes.append(percentEncoding: secret)
  }

  /// Adds the tags of a session, user, role or MFA device.
  mutating func append(tags: [(key: String, value: String)]) {
    for (index, tag) in tags.enumerated() {
      append("Tags.member.\(index + 1).Key", tag.key)
      append("Tags.member.\(index + 1).Value", tag.value)
    }
  }

  private mutating func appendName(_ name: String) {
    if !bytes.isEmpty { bytes.append("&") }
    bytes.append(name)
    bytes.append("=")
  }
}

extension SecretBytes {
  /// Adds a secret as a value of a form.
  mutating func append(percentEncoding secret: borrowing SecretBytes) {
    secret.withBytes { secret in
      for index in secret.indices { append(PercentEncoding.encode([secret[index]])) }
    }
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
