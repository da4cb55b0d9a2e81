package import FoundationEssentials

/// What a client needs of the world besides the network.
package struct Surroundings: Sendable {
  let now: @Sendable () -> Date
  let random: @Sendable () -> Double
  let pause: @Sendable (Duration) -> Void
  let clockIsOff: @Sendable (Int) -> Void

  /// `random` gives a number in 0...1; `pause` returns after the time it is given;
  /// `clockIsOff` is told by how many seconds AWS's clock is ahead, where that is allowed for.
  package init(
    now: @escaping @Sendable () -> Date, random: @escaping @Sendable () -> Double,
    pause: @escaping @Sendable (Duration) -> Void, clockIsOff: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.now = now
    self.random = random
    self.pause = pause
    self.clockIsOff = clockIsOff
  }
}
