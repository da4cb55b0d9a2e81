internal import AWSServices
internal import AWSValues
internal import Secrets

extension KeyRotation {
  /// Sees that the new key works before it takes the old one's place; one that does not is deleted.
  func prove(_ about: RotationJournal.About) throws -> RotationStep {
    let key = try newKey()
    let id = try newID()
    var identity: CallerIdentity?
    _ = try patience.wait {
      identity = try self.identity(of: key)
      return identity != nil
    } waiting: {
      tell(.waiting(id))
    }
    guard let identity else { return try giveUp(id) }
    guard identity.arn == about.arn else {
      throw try undone(.otherIdentity(expected: about.arn, actual: identity.arn))
    }
    return .promote(about)
  }

  /// A key that was left by an interrupted rotation may have been deleted since; another is made in its place.
  private func giveUp(_ id: AccessKeyID) throws -> RotationStep {
    let error = try undone(.neverWorked(id, seconds: patience.limit))
    switch origin {
    case .fresh: throw error
    case .interrupted:
      tell(.discarded(id))
      return .undone
    }
  }

  /// One write of one item, which holds the key whole.
  func promote(_ about: RotationJournal.About) throws -> RotationStep {
    let key = try newKey()
    try services.keys.save(LongTermKey(credentials: key, created: now()), for: profile)
    tell(.promoted(try newID()))
    return .deactivate(about)
  }

  /// Whose key it is; nil as long as AWS does not know it.
  func identity(of key: borrowing Credentials) throws(AWSError) -> CallerIdentity? {
    do throws(AWSError) {
      return try services.sts.callerIdentity(signedBy: key)
    } catch {
      guard error.means(.unknownKey) else { throw error }
      return nil
    }
  }

  private func undone(_ error: RotationError) throws -> RotationError {
    try takeBack()
    try services.journals.remove(profile: profile)
    return error
  }
}
