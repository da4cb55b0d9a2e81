package import AWSValues
package import FoundationEssentials
package import HTTP
internal import Secrets
internal import SigV4

/// Sends calls to AWS, signed and, where that is safe, again after they failed.
package final class AWSClient {
  package let connection: Connection
  /// How far AWS's clock is ahead of ours, in seconds; 0 until AWS refused a call for that reason.
  package private(set) var clockOffset: TimeInterval = 0
  private let transport: any HTTPTransport
  private let surroundings: ClientDependencies
  private var quota = RetryQuota()

  /// For a call with all its retries and the waits between them.
  static let timeLimit = Duration.seconds(30)

  package init(connection: Connection, transport: any HTTPTransport, surroundings: ClientDependencies) {
    self.connection = connection
    self.transport = transport
    self.surroundings = surroundings
  }

  var time: ServiceTime {
    ServiceTime(now: surroundings.now().addingTimeInterval(clockOffset), offset: clockOffset)
  }

  /// AWS's answer to `call`, tried as often as the connection says and the call allows.
  func answer(
    to call: borrowing SignedCall, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> Answer {
    let endpoint = try endpoint(of: call.service)
    let deadline = surroundings.instant() + AWSClient.timeLimit
    var schedule = RetrySchedule(maxAttempts: call.repetition == .allowed ? connection.maxAttempts : 1)
    while true {
      var retryAfter: Duration?
      do throws(AWSError) {
        let response = try send(call, to: endpoint, signedBy: credentials, until: deadline)
        retryAfter = response.retryAfter
        let answer = try Answer(response, to: call, receivedAt: surroundings.now())
        quota.refund(schedule.lastCost)
        return answer
      } catch {
        try prepareRetry(after: error, retryAfter: retryAfter, &schedule, until: deadline)
      }
    }
  }

  private func endpoint(of service: Connection.Service) throws(AWSError) -> Endpoint {
    do { return try Endpoint(service, of: connection) } catch { throw .endpoint(error) }
  }

  private func send(
    _ call: borrowing SignedCall, to endpoint: Endpoint, signedBy credentials: borrowing Credentials,
    until deadline: ContinuousClock.Instant
  ) throws(AWSError) -> HTTPResponse {
    let signer = Signer(
      region: endpoint.signingRegion, service: endpoint.service.rawValue, pathRule: endpoint.service.pathRule,
      date: time.now)
    var request: HTTPRequest
    do { request = try signer.sign(call.request(to: endpoint), with: credentials) } catch { throw .signing(error) }
    request.timeout = deadline - surroundings.instant()
    do { return try transport.send(request) } catch { throw .http(error) }
  }

  /// Waits until the call may be sent again; throws `error` where it may not.
  private func prepareRetry(
    after error: AWSError, retryAfter: Duration?, _ schedule: inout RetrySchedule,
    until deadline: ContinuousClock.Instant
  ) throws(AWSError) {
    if correctClock(after: error), !schedule.isExhausted {
      surroundings.clockIsOff(Int(clockOffset))
      return schedule.countImmediateRetry()
    }
    guard let fault = error.retryableFault else { throw error }
    let delay = schedule.delay(
      after: fault, retryAfter: retryAfter, random: surroundings.random(), quota: &quota)
    guard let delay, surroundings.instant() + delay < deadline else { throw error }
    surroundings.pause(delay)
  }

  /// Whether `error` taught us an offset that makes another signature; it is kept for later calls in any case.
  private func correctClock(after error: AWSError) -> Bool {
    guard case .service(let refusal) = error, case .clockSkew(let offset?) = refusal.meaning else { return false }
    let change = abs(TimeInterval(offset) - clockOffset)
    clockOffset = TimeInterval(offset)
    return change >= AWSClient.smallestCorrection
  }

  /// Seconds; a smaller step would be refused like the one before.
  private static let smallestCorrection: TimeInterval = 60
}

extension Connection.Service {
  fileprivate var pathRule: PathRule {
    switch self {
    case .sts, .iam: .normalized
    case .s3: .asIs
    }
  }
}

extension HTTPResponse {
  /// What the service asks us to wait, in milliseconds in its header; anything else is ignored.
  fileprivate var retryAfter: Duration? {
    headers["x-amz-retry-after"].flatMap { UInt32($0) }.map { .milliseconds($0) }
  }
}

// MARK: - Form body

/// The parameters of a call in AWS's Query protocol, as the body of an HTML form (RFC 3986 encoding).
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/programming.html
struct FormBody: ~Copyable {
  private var bytes = SecretBytes()

  init(action: String, version: String) {
    append("Action", action)
    append("Version", version)
  }

  /// Adds a parameter; none where there is no value.
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

  consuming func finish() -> SecretBytes { bytes }

  private mutating func appendName(_ name: String) {
    if !bytes.isEmpty { bytes.append("&") }
    bytes.append(name)
    bytes.append("=")
  }
}

/// The time by AWS's clock, as far as it is known.
struct ServiceTime {
  let now: Date
  /// How far AWS's clock is ahead of ours, in seconds.
  let offset: TimeInterval
}

// MARK: - Signed call

/// One call of an AWS service: what to ask, how to know the answer, and whether it may be asked twice.
struct SignedCall: ~Copyable {
  let service: Connection.Service
  /// The operation's name in AWS's documentation.
  let action: String
  /// The name of the root element of the answer.
  let root: String
  let repetition: RetrySafety
  private let method: HTTPRequest.Method
  private let query: String
  private let body: SecretBytes

  /// A call in the Query protocol, with its parameters in the body.
  init(_ service: Connection.Service, _ action: String, _ body: consuming FormBody, _ repetition: RetrySafety) {
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

// MARK: - ClientDependencies

/// What a client needs of the world besides the network.
package struct ClientDependencies: Sendable {
  let now: @Sendable () -> Date
  let random: @Sendable () -> Double
  let pause: @Sendable (Duration) -> Void
  let clockIsOff: @Sendable (Int) -> Void
  let instant: @Sendable () -> ContinuousClock.Instant

  /// `random` gives a number in 0...1; `pause` returns after the time it is given;
  /// `clockIsOff` is told by how many seconds AWS's clock is ahead, if that is allowed for; `instant` is the time by which
  /// calls end, which no one sets.
  package init(
    now: @escaping @Sendable () -> Date, random: @escaping @Sendable () -> Double,
    pause: @escaping @Sendable (Duration) -> Void, clockIsOff: @escaping @Sendable (Int) -> Void = { _ in },
    instant: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.now = now
    self.random = random
    self.pause = pause
    self.clockIsOff = clockIsOff
    self.instant = instant
  }
}

extension FormBody {
  mutating func append(_ tags: [Tag]) {
    for (index, tag) in tags.enumerated() {
      append("Tags.member.\(index + 1).Key", tag.key)
      append("Tags.member.\(index + 1).Value", tag.value)
    }
  }
}
