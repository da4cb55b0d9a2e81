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
        date: time.now)
      do throws(HashingError) { return try signer.sign(request, with: credentials) } catch { throw .signing(error) }
    }
  }

  /// A call whose caller is known by a secret in a header: an access token, or a proof that they hold a key, which each
  /// attempt makes anew.
  func response(
    to call: borrowing AWSCall, provenBy proof: (URLText) throws(AWSError) -> HTTPRequest.SecretHeader
  ) throws(AWSError) -> AWSResponse {
    try response(to: call) { (request, _) throws(AWSError) in
      var request = request
      request.secretHeader = try proof(request.url)
      return request
    }
  }

  /// A call that anybody may make.
  func responseToUnsigned(_ call: borrowing AWSCall) throws(AWSError) -> AWSResponse {
    try response(to: call) { (request, _) throws(AWSError) in request }
  }

  /// The time by AWS's clock, as far as it is known.
  var time: ServiceTime {
    ServiceTime(now: dependencies.now().addingTimeInterval(clockOffset), offset: clockOffset)
  }

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

// MARK: - Time and dependencies

/// The time by AWS's clock, as far as it is known.
struct ServiceTime {
  let now: Date
  /// How far AWS's clock is ahead of ours, in seconds.
  let offset: TimeInterval
}

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
  ///   - clockIsOff: is told how many seconds AWS's clock is ahead when calls begin to allow for it.
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
