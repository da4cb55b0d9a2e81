internal import AWSServices

/// Waits until AWS shows what IAM was told, for as long as one has ever seen it take.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
struct Propagation {
  let time: Timekeeper
  let tell: (ScenarioEvent) -> Void

  static let limit = Duration.seconds(120)
  private static let interval = Duration.seconds(1)

  /// Makes `attempt` until AWS refuses it with none of the `pending` meanings.
  /// - Throws: `notSeen`, `interrupted`, what else `attempt` throws.
  func wait<Result: ~Copyable>(
    for fact: Fact, while pending: [ServiceError.Meaning], _ attempt: () throws(AWSError) -> Result
  ) throws -> Result {
    let start = time.instant()
    while true {
      try time.wait(.zero)
      do throws(AWSError) {
        let result = try attempt()
        tell(.seen(fact))
        return result
      } catch {
        guard error.refusal(meaning: pending) != nil else { throw error }
      }
      try wait(for: fact, since: start)
    }
  }

  private func wait(for fact: Fact, since start: ContinuousClock.Instant) throws(ScenarioError) {
    let elapsed = start.duration(to: time.instant())
    guard elapsed < Self.limit else {
      tell(.seen(fact))
      throw .notSeen(fact, seconds: Int(Self.limit.components.seconds))
    }
    // Mostly a small part of the limit is enough: the root lets that be seen.
    tell(.waiting(fact, share: (elapsed / Self.limit).squareRoot()))
    try time.wait(Self.interval)
  }
}
