internal import AWSServices
internal import AWSValues
internal import Secrets

extension KeyRotation {
  /// Sessions end with the key they were made with, so they are forgotten first.
  func deactivate(_ about: RotationJournal.About) throws -> RotationStep {
    startRetiring()
    _ = try services.sessions.removeAll(madeWithKeyOf: profile)
    let old = about.old
    try withSigner { try deactivateIfThere(old, signedBy: $0) }
    tell(.deactivated(old))
    return .verify(about)
  }

  /// The new key has to work without the old one before that is gone for good.
  func verify(_ about: RotationJournal.About) throws -> RotationStep {
    let key = try newKey()
    let id = try newID()
    guard try patience.wait(for: { try identity(of: key) != nil }, waiting: { tell(.waiting(id)) }) else {
      throw RotationError.noLongerWorks(id, old: about.old)
    }
    switch about.disposal {
    case .delete: return .delete(about)
    case .keep: return .finish(about)
    }
  }

  func delete(_ about: RotationJournal.About) throws -> RotationStep {
    let old = about.old
    try withSigner { try deleteIfThere(old, signedBy: $0) }
    return .finish(about)
  }

  func finish(_ about: RotationJournal.About) throws -> RotationStep {
    try services.journals.remove(profile: profile)
    return .done(.rotated(old: about.old, new: try newID(), about.disposal))
  }

  private func deactivateIfThere(_ id: AccessKeyID, signedBy credentials: borrowing Credentials) throws(AWSError) {
    do throws(AWSError) {
      try services.iam.updateAccessKey(id, to: .inactive, signedBy: credentials)
    } catch {
      guard error.means(.iam(.noSuchEntity)) else { throw error }
    }
  }
}
