package import AWSValues

/// What the user may want to know while a key is rotated.
package enum RotationEvent: Equatable, Sendable {
  /// A rotation that was interrupted goes on.
  case resumed
  /// A key that AWS made in an interrupted rotation, and whose secret nobody has, is deleted.
  case discarded(AccessKeyID)
  case created(AccessKeyID)
  /// IAM does not know the new key everywhere yet.
  case waiting(AccessKeyID)
  /// The new key is in the place of the old one.
  case promoted(AccessKeyID)
  case deactivated(AccessKeyID)
  /// It stopped after the new key took its place: the old one may still be there.
  case unfinished
  /// The keyring did not close the journal of a rotation that was undone; the next one sees to it.
  case journalStays
  /// The profile was given another key since a rotation was interrupted; what that one made is left alone.
  case abandoned(AccessKeyID)
}
