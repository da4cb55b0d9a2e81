package import AWSServices
package import AWSValues
package import FoundationEssentials

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
