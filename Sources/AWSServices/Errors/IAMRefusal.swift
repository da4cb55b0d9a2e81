/// What IAM alone refuses.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
package enum IAMRefusal: Equatable, Sendable {
  /// IAM knows nothing of that name, or does not see yet what was made just now.
  case noSuchEntity
  case entityAlreadyExists
  /// What is to be deleted still has something in it.
  case deleteConflict
  /// As many as AWS allows are there already, such as two access keys.
  case limitExceeded
  /// IAM is still busy with an earlier change of the same thing.
  case temporarilyUnmodifiable
  /// IAM does not take a policy, or does not see yet a user that it names.
  case malformedPolicy

  init?(code: String) {
    switch code {
    case "NoSuchEntity": self = .noSuchEntity
    case "EntityAlreadyExists": self = .entityAlreadyExists
    case "DeleteConflict": self = .deleteConflict
    case "LimitExceeded": self = .limitExceeded
    case "EntityTemporarilyUnmodifiable", "ConcurrentModification": self = .temporarilyUnmodifiable
    case "MalformedPolicyDocument": self = .malformedPolicy
    default: return nil
    }
  }
}
