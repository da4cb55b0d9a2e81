internal import HTTP

/// Whether a call may be sent again after it failed.
enum RetrySafety: Sendable {
  case idempotent
  /// A first request that seems lost may have spent an MFA code, which AWS takes once, or made what a second would make
  /// again or find in its way.
  case once
}

// MARK: - Retry quota

/// Bounds the retries of all calls of a client together, so that a service in trouble is not asked ever more.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
struct RetryQuota: Equatable {
  private(set) var tokens = capacity

  static let capacity = 500

  /// Pays for a retry; false if too few tokens are left.
  mutating func pay(_ cost: Int) -> Bool {
    guard tokens >= cost else { return false }
    tokens -= cost
    return true
  }

  /// Takes back what the last retry of a call that succeeded has cost; a call without retries earns one token.
  mutating func refund(_ cost: Int?) {
    tokens = min(RetryQuota.capacity, tokens + (cost ?? 1))
  }
}

// MARK: - Retry schedule

/// When a failed call is sent again: AWS's standard retry mode with full jitter.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
struct RetrySchedule {
  private let maxAttempts: Int
  private(set) var attempts = 1
  private(set) var lastCost: Int?

  init(maxAttempts: Int) {
    self.maxAttempts = maxAttempts
  }

  var isExhausted: Bool { attempts >= maxAttempts }

  /// Counts a retry that needs no waiting.
  mutating func countImmediateRetry() {
    attempts += 1
  }

  /// How long to wait before the next attempt; nil if there is none. `random` lies in 0...1, `retryAfter` is what
  /// the service asked for.
  mutating func delay(
    after fault: RetryableFault, retryAfter: Duration?, random: Double, quota: inout RetryQuota
  ) -> Duration? {
    guard !isExhausted, quota.pay(fault.cost) else { return nil }
    let ceiling = min(fault.firstDelay * (1 << min(attempts - 1, 20)), RetrySchedule.longestDelay)
    let delay = ceiling * random
    attempts += 1
    lastCost = fault.cost
    return retryAfter.map { max(delay, min($0, delay + RetrySchedule.longestExtraDelay)) } ?? delay
  }

  private static let longestDelay = Duration.seconds(20)
  private static let longestExtraDelay = Duration.seconds(5)
}

// MARK: - Retryable fault

/// A failure that may be gone when the call is sent again.
enum RetryableFault: Equatable, Sendable {
  /// A connection that broke, or a server in trouble.
  case transient
  case throttling

  /// Tokens of the retry quota.
  var cost: Int {
    switch self {
    case .transient: 14
    case .throttling: 5
    }
  }

  /// The longest wait before the first retry; it doubles with each.
  var firstDelay: Duration {
    switch self {
    case .transient: .milliseconds(50)
    case .throttling: .seconds(1)
    }
  }
}

// MARK: - Retryable

extension AWSError {
  /// The kind of fault if the same call may succeed later; nil if it will not.
  var retryableFault: RetryableFault? {
    switch self {
    case .http(let error): error.isTransient ? .transient : nil
    case .service(let error): error.retryableFault
    case .notAWS(let answer): RetryableFault(status: answer.status)
    case .endpoint, .signing, .malformed, .listTooLong, .otherRole, .libraryMissing: nil
    }
  }
}

extension ServiceError {
  fileprivate var retryableFault: RetryableFault? {
    if meaning == .throttled { return .throttling }
    return ServiceError.transientCodes.contains(code) ? .transient : RetryableFault(status: status)
  }

  private static let transientCodes: Set = ["RequestTimeout", "RequestTimeoutException", "IDPCommunicationError"]
}

extension RetryableFault {
  fileprivate init?(status: Int) {
    switch status {
    case 429: self = .throttling
    case 500, 502, 503, 504: self = .transient
    default: return nil
    }
  }
}

extension HTTPError {
  var isTransient: Bool {
    switch self {
    case .cannotResolve, .cannotConnect, .connectTimedOut, .timedOut, .interrupted: true
    case .givenUp, .responseTooLarge, .notHTTP, .encoded, .tls, .caBundleUnreadable, .proxy, .invalidProxy, .insecure,
      .invalidURL,
      .invalidHeader, .libraryMissing, .optionRefused, .other:
      false
    }
  }
}
