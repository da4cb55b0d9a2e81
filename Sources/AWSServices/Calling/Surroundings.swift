package import FoundationEssentials

/// What a client needs of the world besides the network.
package struct Surroundings: Sendable {
  let now: @Sendable () -> Date
  let random: @Sendable () -> Double
  let pause: @Sendable (Duration) -> Void

  /// `random` gives a number in 0...1; `pause` returns after the time it is given.
  package init(
    now: @escaping @Sendable () -> Date, random: @escaping @Sendable () -> Double,
    pause: @escaping @Sendable (Duration) -> Void
  ) {
    self.now = now
    self.random = random
    self.pause = pause
  }
}
