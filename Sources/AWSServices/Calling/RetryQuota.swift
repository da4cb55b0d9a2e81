/// Bounds the retries of all calls of a client together, so that a service in trouble is not asked ever more.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
struct RetryQuota: Equatable {
  private(set) var tokens = capacity

  static let capacity = 500

  /// Pays for a retry; false where too few tokens are left.
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
