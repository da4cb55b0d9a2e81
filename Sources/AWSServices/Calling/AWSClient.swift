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
  private let surroundings: Surroundings
  private var quota = RetryQuota()

  package init(connection: Connection, transport: any HTTPTransport, surroundings: Surroundings) {
    self.connection = connection
    self.transport = transport
    self.surroundings = surroundings
  }

  /// The time by AWS's clock, as far as it is known.
  var now: Date { surroundings.now().addingTimeInterval(clockOffset) }

  /// AWS's answer to `call`, tried as often as the connection says and the call allows.
  func answer(
    to call: borrowing SignedCall, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> Answer {
    let endpoint = try endpoint(of: call.service)
    var schedule = RetrySchedule(maxAttempts: call.repetition == .allowed ? connection.maxAttempts : 1)
    while true {
      var retryAfter: Duration?
      do throws(AWSError) {
        let response = try send(call, to: endpoint, signedBy: credentials)
        retryAfter = response.retryAfter
        let answer = try Answer(response, to: call, receivedAt: surroundings.now())
        quota.refund(schedule.lastCost)
        return answer
      } catch {
        try prepareRetry(after: error, retryAfter: retryAfter, &schedule)
      }
    }
  }

  private func endpoint(of service: Connection.Service) throws(AWSError) -> Endpoint {
    do { return try Endpoint(service, of: connection) } catch { throw .endpoint(error) }
  }

  private func send(
    _ call: borrowing SignedCall, to endpoint: Endpoint, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> HTTPResponse {
    let signer = Signer(
      region: endpoint.signingRegion, service: endpoint.service.rawValue, pathRule: endpoint.service.pathRule, date: now
    )
    let request: HTTPRequest
    do { request = try signer.sign(call.request(to: endpoint), with: credentials) } catch { throw .signing(error) }
    do { return try transport.send(request) } catch { throw .http(error) }
  }

  /// Waits until the call may be sent again; throws `error` where it may not.
  private func prepareRetry(
    after error: AWSError, retryAfter: Duration?, _ schedule: inout RetrySchedule
  ) throws(AWSError) {
    if correctClock(after: error), !schedule.isExhausted { return schedule.countImmediateRetry() }
    guard let fault = error.retryableFault else { throw error }
    let delay = schedule.delay(
      after: fault, retryAfter: retryAfter, random: surroundings.random(), quota: &quota)
    guard let delay else { throw error }
    surroundings.pause(delay)
  }

  /// Whether `error` taught us an offset that makes another signature; it is kept for later calls in any case.
  private func correctClock(after error: AWSError) -> Bool {
    guard case .service(let refusal) = error, case .clockSkew(let offset?) = refusal.meaning else { return false }
    let change = abs(TimeInterval(offset) - clockOffset)
    clockOffset = TimeInterval(offset)
    guard change >= AWSClient.smallestCorrection else { return false }
    surroundings.clockCorrected(offset)
    return true
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
