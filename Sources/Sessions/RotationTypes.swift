package import AWSServices
package import AWSValues
package import FoundationEssentials
package import Secrets

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

/// What becomes of the old key, once it is inactive.
package enum OldKeyDisposal: String, Sendable {
  case delete, keep
}

/// What a rotation works with.
package struct RotationServices {
  let keys: LongTermKeys
  let journals: RotationJournals
  let sessions: SessionCache
  let locks: KeyLocks
  let client: AWSClient
  let iam: IAM
  let sts: STS
  let userCredentials: () throws -> Credentials
  let confirm: ((ListedKey) throws -> Void)?

  /// - Parameters:
  ///   - locks: of the keys of other profiles; that of the rotated one is held by the caller.
  ///   - userCredentials: what IAM takes from the key's user: the key in the keyring, or an MFA session made with it.
  ///   - confirm: is shown the key before another is made, and throws to keep it; nil if the user agreed in advance.
  package init(
    keys: LongTermKeys, journals: RotationJournals, sessions: SessionCache, locks: KeyLocks, client: AWSClient,
    userCredentials: @escaping () throws -> Credentials, confirm: ((ListedKey) throws -> Void)?
  ) {
    self.keys = keys
    self.journals = journals
    self.sessions = sessions
    self.locks = locks
    self.client = client
    iam = IAM(client)
    sts = STS(client)
    self.userCredentials = userCredentials
    self.confirm = confirm
  }
}

/// How a rotation ended.
package enum RotationOutcome: Equatable, Sendable {
  case rotated(old: AccessKeyID, new: AccessKeyID, OldKeyDisposal)
  /// Younger than what was to be rotated.
  case tooYoung(AccessKeyID, created: Date)
}

/// A key in AWS, as the user needs to see it to decide about it.
package struct ListedKey: Equatable, Sendable {
  package var key: AccessKeyDescription
  package var lastUse: LastUse
  /// The profiles under whose names the keyring holds it.
  package var profiles: [String]

  package enum LastUse: Equatable, Sendable {
    case at(AccessKeyUse)
    case never
    /// The user may not ask for it.
    case unknown
  }
}

/// What the user may want to know while a key is rotated.
package enum RotationEvent: Equatable, Sendable {
  /// A rotation that was interrupted goes on.
  case resumed
  /// The key of an interrupted rotation does not work, and is deleted.
  case discarded(AccessKeyID)
  case created(AccessKeyID)
  /// IAM does not know the new key everywhere yet.
  case waiting(AccessKeyID)
  /// Other profiles held the same key, and have the new one.
  case shared([String])
  /// The new key has replaced the old one.
  case promoted(AccessKeyID)
  case deactivated(AccessKeyID)
  /// It stopped after the new key took its place: the old one may still be there.
  case unfinished
  /// The journal of a rotation that was undone could not be removed; the next rotation removes it.
  case journalStays
  /// The profile was given another key since a rotation was interrupted; what that one made is left alone.
  case abandoned(AccessKeyID)
}

/// Why a key is not rotated.
package enum RotationError: Error, Equatable {
  /// The user has two keys, as many as AWS allows; nothing was touched.
  case twoKeys([ListedKey])
  /// AWS does not list the key for the user whose credentials asked.
  case notListed(AccessKeyID)
  /// Another process is at work on the profile's key.
  case busy(process: Int32?)
  case notLocked(LockError)
  /// A newer version of daypass began a rotation and has not finished it.
  case unknownJournal(version: UInt8)
  /// AWS's answer to CreateAccessKey did not come. A key that its list shows since then is probably that one.
  case unanswered(seen: AccessKeyID?)
  /// The new key could be neither stored nor deleted again.
  case stray(AccessKeyID)
  /// The new key did not begin to work in time; it is deleted, and the old one is untouched.
  case neverWorked(AccessKeyID, seconds: Int)
  /// The new key is not the same user's; it is deleted, and the old one is untouched.
  case otherIdentity(expected: String, actual: String)
  /// The new key stopped working after the old one was deactivated, which is therefore not deleted.
  case noLongerWorks(AccessKeyID, old: AccessKeyID)
}
