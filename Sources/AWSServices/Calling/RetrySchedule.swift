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

  /// How long to wait before the next attempt; nil where there is none. `random` lies in 0...1, `retryAfter` is what
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
