internal import AWSServices
internal import AWSValues
internal import Secrets

extension KeyRotation {
  /// Asks AWS once: a request that seems lost may have made a key, and a second would make another.
  func create(_ about: RotationJournal.About) throws -> RotationStep {
    do {
      let created = try withSigner { try makeKey(signedBy: $0) }
      tell(.created(created))
    } catch let error as AWSError {
      return try step(after: error, about)
    }
    return try store(about)
  }

  private func makeKey(signedBy credentials: borrowing Credentials) throws -> AccessKeyID {
    let made = try services.iam.createAccessKey(signedBy: credentials)
    let id = made.id
    new = made.takeCredentials()
    return id
  }

  /// Stores the new key beside the old one; where that fails AWS deletes it again, since nobody else knows it.
  private func store(_ about: RotationJournal.About) throws -> RotationStep {
    let key = try newKey()
    do {
      try services.journals.save(RotationJournal(about: about, new: key.clone()), of: profile)
    } catch {
      try takeBack()
      try forget(after: error)
    }
    return .prove(about)
  }

  /// Closes the journal, which may hold the key all the same, and throws `error`: it tells more than one of the closing.
  private func forget(after error: any Error) throws -> Never {
    do {
      try services.journals.remove(profile: profile)
    } catch {
      tell(.journalStays)
    }
    throw error
  }

  private func step(after error: AWSError, _ about: RotationJournal.About) throws -> RotationStep {
    guard case .service(let refusal) = error, refusal.status < 500 else { throw try unanswered(about) }
    // A key of the interrupted rotation that IAM's list did not show yet, but its limit counts.
    if refusal.meaning == .iam(.limitExceeded), origin == .interrupted { return try discardLate(about, error) }
    try services.journals.remove(profile: profile)
    throw error
  }

  private func discardLate(_ about: RotationJournal.About, _ error: AWSError) throws -> RotationStep {
    guard let stray = try lateKey(about, patience) else { throw error }
    try withSigner { try services.iam.deleteAccessKey(stray, signedBy: $0) }
    tell(.discarded(stray))
    origin = .fresh
    return .create(about)
  }

  /// What to throw where it is not known whether AWS made a key. The journal stays: the next rotation looks again.
  private func unanswered(_ about: RotationJournal.About) throws -> RotationError {
    guard let stray = try lateKey(about, patience.brief) else { return .unanswered(deleted: nil) }
    try withSigner { try services.iam.deleteAccessKey(stray, signedBy: $0) }
    return .unanswered(deleted: stray)
  }

  private func lateKey(_ about: RotationJournal.About, _ patience: IAMPatience) throws -> AccessKeyID? {
    var found: AccessKeyID?
    _ = try patience.wait {
      found = try lostKey(about)
      return found != nil
    }
    return found
  }

  /// Has AWS delete the new key again, which nothing needs yet.
  func takeBack() throws {
    let id = try newID()
    do {
      try withSigner { try deleteIfThere(id, signedBy: $0) }
    } catch is AWSError {
      throw RotationError.stray(id)
    }
  }

  /// Deletes a key, which an earlier try may have deleted before.
  func deleteIfThere(_ id: AccessKeyID, signedBy credentials: borrowing Credentials) throws(AWSError) {
    do throws(AWSError) {
      try services.iam.deleteAccessKey(id, signedBy: credentials)
    } catch {
      guard error.means(.iam(.noSuchEntity)) else { throw error }
    }
  }
}
