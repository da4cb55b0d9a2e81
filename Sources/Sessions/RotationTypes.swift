package import AWSServices
package import AWSValues
package import FoundationEssentials
package import Secrets

/// What becomes of the old key, once it is inactive.
package enum OldKeyDisposal: String, Sendable {
  case delete, keep
}

// MARK: - Rotation error

/// Why a key is not rotated.
package enum RotationError: Error, Equatable {
  /// The user has two keys, as many as AWS allows; nothing was touched.
  case twoKeys([ListedKey])
  /// AWS does not list the key for the user whose credentials asked.
  case notListed(AccessKeyID)
  /// Another process is at work on the profile's key.
  case busy(process: Int32?)
  case notLocked(LockError)
  /// AWS's answer to CreateAccessKey did not come; a key that it made is deleted, if one was seen.
  case unanswered(deleted: AccessKeyID?)
  /// The new key could not be stored, nor be deleted again.
  case stray(AccessKeyID)
  /// A key appeared since a rotation was interrupted, and nothing tells whether it was made by it.
  case unclear(AccessKeyID, created: Date?)
  /// The new key did not begin to work in time; it is deleted, and the old one is untouched.
  case neverWorked(AccessKeyID, seconds: Int)
  /// The new key is not the same user's; it is deleted, and the old one is untouched.
  case otherIdentity(expected: String, actual: String)
  /// The new key stopped working after the old one was deactivated, which is therefore not deleted.
  case noLongerWorks(AccessKeyID, old: AccessKeyID)

  /// A key as the user needs to see it to choose.
  package struct ListedKey: Equatable, Sendable {
    package var key: AccessKeyDescription
    package var lastUse: LastUse
    package var place: Place

    package enum LastUse: Equatable, Sendable {
      case at(AccessKeyUse)
      case never
      case notTold
    }

    package enum Place: Equatable, Sendable { case keyring, elsewhere }
  }
}

// MARK: - Rotation event

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

/// How a rotation ended.
package enum RotationOutcome: Equatable, Sendable {
  case rotated(old: AccessKeyID, new: AccessKeyID, OldKeyDisposal)
  /// Younger than what was to be rotated.
  case young(AccessKeyID, created: Date)
}

// MARK: - Rotation services

/// What a rotation works with.
package struct RotationServices {
  let keys: LongTermKeys
  let journals: RotationJournals
  let sessions: SessionCache
  let iam: IAM
  let sts: STS
  let userCredentials: () throws -> Credentials
  let clockOffset: () -> TimeInterval

  /// `userCredentials` gives what IAM takes from the key's user: the key in the keyring, or an MFA session made with it;
  /// `clockOffset` tells by how many seconds AWS's clock is ahead.
  package init(
    keys: LongTermKeys, journals: RotationJournals, sessions: SessionCache, iam: IAM, sts: STS,
    userCredentials: @escaping () throws -> Credentials, clockOffset: @escaping () -> TimeInterval
  ) {
    self.keys = keys
    self.journals = journals
    self.sessions = sessions
    self.iam = iam
    self.sts = sts
    self.userCredentials = userCredentials
    self.clockOffset = clockOffset
  }
}

/// What the user wants of a rotation.
package struct RotationRequest: Equatable, Sendable {
  /// In seconds, by AWS's date of creation: a younger key is left alone.
  package var olderThan: TimeInterval?
  package var disposal: OldKeyDisposal

  package init(olderThan: TimeInterval? = nil, disposal: OldKeyDisposal = .delete) {
    self.olderThan = olderThan
    self.disposal = disposal
  }
}
