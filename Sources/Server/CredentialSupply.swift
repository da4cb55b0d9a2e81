internal import Delivery
internal import FoundationEssentials
internal import NIOCore
internal import Secrets
internal import Synchronization

/// The credentials of one profile: the last good ones, and their renewal before anybody needs it.
///
/// The wall clock decides at each request whether they have expired, since timers stop while the machine sleeps.
/// However many clients ask, one renewal runs at a time.
final class CredentialSupply: Sendable {
  private let renew: Renewing
  private let now: @Sendable () -> Date
  private let notice: @Sendable (SupplyNotice) -> Void
  private let patience: Duration
  private let state: Mutex<State>

  /// Gets credentials that last for as many seconds as the first argument says, on another thread, and hands them to the
  /// second.
  typealias Renewing = @Sendable (Int, @escaping @Sendable (Renewal) -> Void) -> Void

  fileprivate struct State {
    var held: HeldCredentials
    var isRenewing = false
    var failure: Failure?
    /// Fulfilled when the renewal is over.
    var waiting: [EventLoopPromise<Void>] = []
  }

  fileprivate struct Failure {
    let error: RenewalError
    let time: Date
    /// How many there were since the last success.
    let count: Int
    let isTold: Bool
  }

  /// How long clients wait for a renewal: as long as the hastiest SDK does.
  static let patience = Duration.milliseconds(900)

  init(
    _ held: HeldCredentials, now: @escaping @Sendable () -> Date, notice: @escaping @Sendable (SupplyNotice) -> Void,
    patience: Duration = patience, renew: @escaping Renewing
  ) {
    (self.renew, self.now, self.notice, self.patience) = (renew, now, notice, patience)
    state = Mutex(State(held: held))
  }

  /// What to tell a client: at once, or after a renewal, for which it waits.
  func answer(on loop: any EventLoop) -> EventLoopFuture<Renewal> {
    renewIfDue()
    let promise = state.withLock { state -> EventLoopPromise<Void>? in
      guard state.isRenewing, !state.held.areUsable(at: now()) else { return nil }
      let promise = loop.makePromise(of: Void.self)
      state.waiting.append(promise)
      return promise
    }
    guard let promise else { return loop.makeSucceededFuture(answerNow) }
    let timeout = loop.scheduleTask(in: TimeAmount(patience)) { promise.succeed() }
    return promise.futureResult.map {
      timeout.cancel()
      return self.answerNow
    }
  }

  private var answerNow: Renewal {
    let now = now()
    return state.withLock { state in
      if state.held.areUsable(at: now) { return .success(state.held) }
      return .failure(state.isRenewing ? .unfinished : state.failure?.error ?? .unfinished)
    }
  }

  // MARK: Renewal

  /// Begins a renewal if one is due.
  func renewIfDue() {
    let now = now()
    let margin = state.withLock { state -> Int? in
      guard !state.isRenewing, state.held.isRenewalDue(at: now), !state.mustPause(at: now) else { return nil }
      state.isRenewing = true
      return state.held.renewalMargin
    }
    if let margin { renew(margin) { self.finish(with: $0) } }
  }

  private func finish(with renewal: Renewal) {
    let now = now()
    let (waiting, told) = state.withLock { state in
      state.isRenewing = false
      let told = state.take(renewal, at: now)
      defer { state.waiting = [] }
      return (state.waiting, told)
    }
    if let told { notice(told) }
    for promise in waiting { promise.succeed() }
  }
}

extension CredentialSupply.State {
  /// Whether it is too soon to try again: longer after each failure, but soon again for a client who has nothing else. A
  /// clock that was set back forbids nothing.
  fileprivate func mustPause(at now: Date) -> Bool {
    guard let failure else { return false }
    let pause: TimeInterval = held.areUsable(at: now) ? min(300, 5 * Double(1 << min(failure.count, 6))) : 5
    return (0..<pause).contains(now.timeIntervalSince(failure.time))
  }

  /// What is worth a line on stderr: once of each outage, and nothing of one that may be over before anybody notices.
  fileprivate mutating func take(_ renewal: Renewal, at now: Date) -> SupplyNotice? {
    switch renewal {
    case .success(let new) where new.expiration > held.expiration:
      (held, failure) = (new, nil)
      return .renewed(until: new.expiration)
    case .success: return fail(.notLonger, at: now)
    case .failure(let error): return fail(error, at: now)
    }
  }

  private mutating func fail(_ error: RenewalError, at now: Date) -> SupplyNotice? {
    let wasTold = failure?.isTold ?? false
    let isWorthTelling = !error.mayPass || held.expiration.timeIntervalSince(now) < HeldCredentials.shortestMargin
    failure = CredentialSupply.Failure(
      error: error, time: now, count: (failure?.count ?? 0) + 1, isTold: wasTold || isWorthTelling)
    return isWorthTelling && !wasTold ? .notRenewed(error, until: held.expiration) : nil
  }
}

enum SupplyNotice: Equatable {
  case renewed(until: Date)
  case notRenewed(RenewalError, until: Date)
}

// MARK: - Renewal

/// How an attempt to renew credentials ended, or what a client gets after it.
typealias Renewal = Result<HeldCredentials, RenewalError>

enum RenewalError: Error, Equatable {
  /// daypass ended with this status, after these lines on stderr.
  case daypass(status: Int32, words: [String])
  /// daypass was killed, took too long or could not be run.
  case noAnswer
  /// What it gave does not last longer than what there was.
  case notLonger
  /// The attempt is not over.
  case unfinished

  /// Whether the next attempt may succeed without anybody doing something: what the exit statuses of daypass(1) say of
  /// network and keyring.
  var mayPass: Bool {
    switch self {
    case .daypass(let status, _): [1, 69, 75].contains(status)
    case .noAnswer, .notLonger, .unfinished: true
    }
  }
}

// MARK: - Held credentials

/// Credentials as clients are sent them.
final class HeldCredentials: Sendable {
  let expiration: Date
  /// The JSON for clients.
  let document: SecretBytes
  /// How much time is left when they are renewed, in seconds.
  let renewalMargin: Int

  /// - Throws: `unusableValue` for a damaged credential.
  init(_ credentials: borrowing Credentials, at now: Date) throws(DeliveryError) {
    expiration = credentials.expiration ?? .distantPast
    document = try ContainerDocument.render(credentials)
    renewalMargin = Self.renewalMargin(timeLeft: expiration.timeIntervalSince(now))
  }

  /// Before SDKs ask again, at 15, 10 or 5 minutes; credentials that live no longer than that, halfway.
  static func renewalMargin(timeLeft: TimeInterval) -> Int {
    Int(max(shortestMargin, min(longestMargin, timeLeft / 2)))
  }

  /// In seconds.
  static let shortestMargin: TimeInterval = 6 * 60
  private static let longestMargin: TimeInterval = 20 * 60
  /// With less time left, credentials are useless.
  private static let reserve: TimeInterval = 60

  func isRenewalDue(at now: Date) -> Bool { expiration.timeIntervalSince(now) <= Double(renewalMargin) }

  func areUsable(at now: Date) -> Bool { expiration.timeIntervalSince(now) > Self.reserve }
}
