/// What AWS would refuse for sure, found before it was asked.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
package enum InvalidRequest: Error, Equatable, Sendable {
  /// Seconds.
  case durationOutOfRange(Int, allowed: ClosedRange<Int>)
  /// Seconds; a role assumed with temporary credentials gets an hour at most.
  case durationBeyondRoleChaining(Int, limit: Int)
  /// GetSessionToken takes long-term keys only.
  case sessionTokenNeedsLongTermKey
}
