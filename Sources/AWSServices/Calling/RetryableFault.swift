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
