package import AWSServices

/// Why a scenario proves nothing.
package enum ScenarioError: Error, Equatable {
  /// AWS did something else than it should.
  case expectationFailed(Check)
  /// AWS did not show `fact` in this many seconds.
  case notSeen(Fact, seconds: Int)
  /// AWS took none of the codes; what it last said to that.
  case codesRefused(tries: Int, ServiceError?)
  /// A signal that ends us has come.
  case interrupted
  /// The caller's ARN, or one made of it, is none that IAM has.
  case unusableARN(String)
  /// What could not be removed, or not be seen to be gone.
  case remains([Resource])
}
