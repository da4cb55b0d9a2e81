internal import AWSServices

/// Waits until AWS shows what IAM was told, for as long as one has ever seen it take.
struct Propagation {
  let time: Timekeeper
  let tell: (ScenarioEvent) -> Void

  private static let limit = 120

  /// Makes `attempt` until AWS refuses it with none of the `pending` meanings.
  /// - Throws: `notSeen`, `interrupted`, what else `attempt` throws.
  func wait<Result: ~Copyable>(
    for fact: Fact, while pending: [ServiceError.Meaning], _ attempt: () throws(AWSError) -> Result
  ) throws -> Result {
    let patience = IAMPatience(limit: Self.limit, step: 1) { _ = time.pause($0) }
    defer { tell(.seen(fact)) }
    do {
      return try patience.persist {
        try time.wait(.zero)
        return try attempt()
      } while: {
        Self.isPending($0, pending)
      } waiting: {
        tell(waiting(for: fact, $0))
      }
    } catch let error where Self.isPending(error, pending) {
      throw ScenarioError.notSeen(fact, seconds: Self.limit)
    }
  }

  private static func isPending(_ error: any Error, _ pending: [ServiceError.Meaning]) -> Bool {
    (error as? AWSError)?.refusal(meaning: pending) != nil
  }

  /// Mostly a small part of the limit is enough: the root lets that be seen.
  private func waiting(for fact: Fact, _ waited: Duration) -> ScenarioEvent {
    .waiting(fact, share: (waited / .seconds(Self.limit)).squareRoot())
  }
}
