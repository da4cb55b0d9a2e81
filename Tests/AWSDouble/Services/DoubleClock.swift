import FoundationEssentials

/// What time the double takes it to be.
package enum DoubleClock: Equatable, Sendable {
  /// Seconds ahead of this machine's clock.
  case offset(TimeInterval)
  case fixed(Date)

  var now: Date {
    switch self {
    case .offset(let seconds): Date(timeIntervalSinceNow: seconds)
    case .fixed(let time): time
    }
  }

  package func advanced(by seconds: TimeInterval) -> DoubleClock {
    switch self {
    case .offset(let offset): .offset(offset + seconds)
    case .fixed(let time): .fixed(time + seconds)
    }
  }
}
