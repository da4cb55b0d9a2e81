/// The wait for IAM, which tells all of AWS about a change within seconds, mostly.
///
/// It counts its pauses and looks at no clock, which may jump.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
package struct IAMPatience {
  /// Seconds.
  package let limit: Int
  private let pause: (Duration) -> Void
  private static let step = 2

  package init(limit: Int = 60, pause: @escaping (Duration) -> Void) {
    self.limit = limit
    self.pause = pause
  }

  /// For what may not come at all.
  var brief: IAMPatience { IAMPatience(limit: Self.step, pause: pause) }

  /// Whether `fact` came true within the limit; `waiting` is told before the first pause.
  package func wait(for fact: () throws -> Bool, waiting: () -> Void = {}) rethrows -> Bool {
    if try fact() { return true }
    waiting()
    for _ in stride(from: 0, to: limit, by: Self.step) {
      pause(.seconds(Self.step))
      if try fact() { return true }
    }
    return false
  }
}
