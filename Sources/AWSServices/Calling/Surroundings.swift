package import FoundationEssentials

/// What a client needs of the world besides the network.
package struct Surroundings: Sendable {
  let now: @Sendable () -> Date
  let random: @Sendable () -> Double
  let pause: @Sendable (Duration) -> Void

  /// Is told how many seconds AWS's clock is ahead of ours, once calls go by it.
  let clockCorrected: @Sendable (Int) -> Void

  /// `random` gives a number in 0...1; `pause` returns after the time it is given.
  package init(
    now: @escaping @Sendable () -> Date, random: @escaping @Sendable () -> Double,
    pause: @escaping @Sendable (Duration) -> Void, clockCorrected: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.now = now
    self.random = random
    self.pause = pause
    self.clockCorrected = clockCorrected
  }
}
