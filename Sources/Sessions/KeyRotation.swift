package import AWSServices
internal import AWSValues
package import FoundationEssentials
internal import Keyring
internal import Secrets

/// Replaces a profile's long-term key with a new one.
///
/// Wherever it is killed, the keyring holds a key that works, and the next rotation finishes it. It deletes two keys only:
/// the old one, once the new one works without it, and a new one whose secret we hold. A key that only IAM's list shows may
/// be anybody's: it is named, and left to the user.
package struct KeyRotation {
  private let profile: String
  private let request: RotationRequest
  private let services: RotationServices
  private let polling: PollingPolicy
  private let now: @Sendable () -> Date
  private let report: (RotationEvent) -> Void

  package init(
    of profile: String, _ request: RotationRequest, _ services: RotationServices, polling: PollingPolicy,
    now: @escaping @Sendable () -> Date, report: @escaping (RotationEvent) -> Void
  ) {
    self.profile = profile
    self.request = request
    self.services = services
    self.polling = polling
    self.now = now
    self.report = report
  }

  package func run() throws -> RotationOutcome {
    if let outcome = try finishInterrupted() { return outcome }
    let signer = try services.userCredentials()
    let old = try onlyKey(signedBy: signer)
    if let created = old.creationDate, isTooYoung(created) { return .tooYoung(old.id, created: created) }
    try services.confirm?(described(old, signedBy: signer))
    let journal = try createKey(replacing: old.id, signedBy: signer)
    try verify(journal)
    try promote(journal)
    return try retire(journal)
  }

  // MARK: Finish interrupted

  /// Finishes the rotation that the journal describes; nil if there is none, or it was given up.
  private func finishInterrupted() throws -> RotationOutcome? {
    guard let journal = try services.journals.journal(of: profile) else { return nil }
    switch try storedID(of: profile) {
    case journal.new.text:
      report(.resumed)
    case nil, journal.old.text:
      report(.resumed)
      guard try stillWorks(journal) else { return nil }
      try promote(journal)
    case .some:
      // Somebody has stored another key since.
      report(.abandoned(journal.new))
      try services.journals.remove(profile: profile)
      return nil
    }
    return try retire(journal)
  }

  /// Whether the key of an interrupted rotation works. If it was deleted meanwhile, the rotation starts over.
  private func stillWorks(_ journal: borrowing RotationJournal) throws -> Bool {
    do {
      try verify(journal)
      return true
    } catch RotationError.neverWorked(let id, _) {
      report(.discarded(id))
      return false
    }
  }

  // MARK: Look

  /// The user's only key, which is the one in the keyring.
  private func onlyKey(signedBy signer: borrowing Credentials) throws -> AccessKeyDescription {
    guard let key = try services.keys.key(of: profile) else {
      throw SessionError.noKey(profile: profile, plainText: nil)
    }
    guard let id = AccessKeyID(key.credentials.accessKeyID) else {
      throw SessionError.damagedKey(profile: profile, .malformed)
    }
    let listed = try services.iam.accessKeys(signedBy: signer)
    guard listed.count < 2 else { throw try tooManyKeys(listed, signedBy: signer) }
    guard let only = listed.first, only.id == id else { throw RotationError.notListed(id) }
    return only
  }

  private func isTooYoung(_ created: Date) -> Bool {
    let serviceTime = now().addingTimeInterval(services.client.clockOffset)
    return request.olderThan.map { serviceTime.timeIntervalSince(created) < $0 } ?? false
  }

  private func tooManyKeys(
    _ listed: [AccessKeyDescription], signedBy signer: borrowing Credentials
  ) throws -> RotationError {
    .twoKeys(try listed.map { try described($0, signedBy: signer) })
  }

  private func described(_ key: AccessKeyDescription, signedBy signer: borrowing Credentials) throws -> ListedKey {
    let lastUse: ListedKey.LastUse
    do throws(AWSError) {
      lastUse = try services.iam.lastUse(ofAccessKey: key.id, signedBy: signer).map { .at($0) } ?? .never
    } catch {
      guard error.refusal != nil else { throw error }
      lastUse = .unknown
    }
    return ListedKey(key: key, lastUse: lastUse, profiles: try profiles(holding: key.id))
  }

  // MARK: Create

  /// Has AWS create a key, and stores it in the journal.
  ///
  /// AWS is asked once, since a request that seems lost may have created a key, and a second would create another.
  private func createKey(
    replacing old: AccessKeyID, signedBy signer: borrowing Credentials
  ) throws -> RotationJournal {
    let arn = try services.sts.callerIdentity(signedBy: signer).arn
    let made: NewAccessKey
    do {
      made = try services.iam.createAccessKey(signedBy: signer)
    } catch {
      throw try failure(after: error, old, signedBy: signer)
    }
    let id = made.id
    report(.created(id))
    let journal = RotationJournal(
      arn: arn, old: old, disposal: request.disposal, new: id, key: made.takeCredentials())
    do {
      try services.journals.save(journal, of: profile)
    } catch {
      try deleteNewKey(journal, signedBy: signer)
      removeJournal()
      throw error
    }
    return journal
  }

  /// Why there is no new key. If AWS's answer is lost, a key that IAM lists now is probably the new one, but nothing proves
  /// it.
  private func failure(
    after error: AWSError, _ old: AccessKeyID, signedBy signer: borrowing Credentials
  ) throws -> any Error {
    guard let refusal = error.refusal, refusal.status < 500 else {
      return RotationError.unanswered(seen: keySeenSince(old, signedBy: signer))
    }
    guard refusal.meaning == .iam(.limitExceeded) else { return error }
    let listed = try keysAfterLag(polling, signedBy: signer)
    return listed.count < 2 ? error : try tooManyKeys(listed, signedBy: signer)
  }

  private func keySeenSince(_ old: AccessKeyID, signedBy signer: borrowing Credentials) -> AccessKeyID? {
    do {
      return try keysAfterLag(polling.brief, signedBy: signer).first { $0.id != old }?.id
    } catch {
      return nil
    }
  }

  /// Waits until IAM lists two keys, and returns the list: a new key may show up late. If the time is over, returns the last
  /// list.
  private func keysAfterLag(
    _ polling: PollingPolicy, signedBy signer: borrowing Credentials
  ) throws -> [AccessKeyDescription] {
    var listed: [AccessKeyDescription] = []
    _ = try polling.wait {
      listed = try services.iam.accessKeys(signedBy: signer)
      return listed.count > 1
    }
    return listed
  }

  /// Has AWS delete the new key, which nothing uses yet.
  private func deleteNewKey(_ journal: borrowing RotationJournal, signedBy signer: borrowing Credentials) throws {
    do { try deleteIfThere(journal.new, signedBy: signer) } catch { throw RotationError.stray(journal.new) }
  }

  /// Removes the journal, which may have been written although the keyring reported an error. Why it could not be written
  /// tells more than why it cannot be removed.
  private func removeJournal() {
    do {
      try services.journals.remove(profile: profile)
    } catch {
      report(.journalStays)
    }
  }

  // MARK: Verify

  /// Waits until the new key works, and checks that it belongs to the same user; deletes it otherwise.
  private func verify(_ journal: borrowing RotationJournal) throws {
    let arn = try identity(of: journal)
    guard arn != journal.arn else { return }
    try deleteNewKey(journal, signedBy: services.userCredentials())
    try services.journals.remove(profile: profile)
    guard let arn else { throw RotationError.neverWorked(journal.new, seconds: polling.limit) }
    throw RotationError.otherIdentity(expected: journal.arn, actual: arn)
  }

  /// The ARN of the new key's user, once AWS knows the key; nil if it does not within the limit.
  private func identity(of journal: borrowing RotationJournal) throws -> String? {
    var arn: String?
    _ = try polling.wait {
      do {
        arn = try services.sts.callerIdentity(signedBy: journal.key).arn
      } catch let error as AWSError where error.means(.unknownKey) {
        return false
      }
      return true
    } waiting: {
      report(.waiting(journal.new))
    }
    return arn
  }

  // MARK: Promote

  /// Stores the new key in place of the old one, in every profile that holds that: one write of one item each.
  ///
  /// The rotated profile is the last, so that an interrupted rotation comes back here until all have the new key.
  private func promote(_ journal: borrowing RotationJournal) throws {
    let others = try profiles(holding: journal.old).filter { $0 != profile }
    for other in others {
      try services.locks.withLock(ofKeyOf: other) {
        if try storedID(of: other) == journal.old.text { try store(journal, as: other) }
      }
    }
    if !others.isEmpty { report(.shared(others)) }
    try store(journal, as: profile)
    report(.promoted(journal.new))
  }

  private func store(_ journal: borrowing RotationJournal, as profile: String) throws {
    try services.keys.save(LongTermKey(credentials: journal.key.clone(), stored: now()), for: profile)
  }

  /// The profiles whose key in the keyring has this id.
  private func profiles(holding id: AccessKeyID) throws -> [String] {
    try services.keys.stored()?.map(\.profile).filter { try storedID(of: $0) == id.text } ?? []
  }

  /// The id of the key in the keyring; nil if there is none or it is damaged.
  private func storedID(of profile: String) throws -> String? {
    do {
      return try services.keys.key(of: profile).withValue { $0.credentials.accessKeyID }
    } catch SecretStoreError.damaged, SessionError.damagedKey {
      return nil
    }
  }

  // MARK: Retire

  /// Deactivates the old key, checks that the new one works without it, and deletes the old one.
  private func retire(_ journal: borrowing RotationJournal) throws -> RotationOutcome {
    do {
      // Sessions end with the key they were made with.
      for holder in try profiles(holding: journal.new) { try services.sessions.forget(.from(.key(of: holder))) }
      // An earlier, interrupted rotation may have come further than its journal says.
      try signed(by: journal.key) { signer in
        try IAM.ignoringAbsence { () throws(AWSError) in
          try services.iam.updateAccessKey(journal.old, to: .inactive, signedBy: signer)
        }
      }
      report(.deactivated(journal.old))
      guard try identity(of: journal) != nil else {
        throw RotationError.noLongerWorks(journal.new, old: journal.old)
      }
      switch journal.disposal {
      case .delete: try signed(by: journal.key) { try deleteIfThere(journal.old, signedBy: $0) }
      case .keep: break
      }
      try services.journals.remove(profile: profile)
    } catch {
      report(.unfinished)
      throw error
    }
    return .rotated(old: journal.old, new: journal.new, journal.disposal)
  }

  /// Makes `call` with the new key or, if a policy asks for MFA, with a session made with it.
  private func signed(by key: borrowing Credentials, _ call: (borrowing Credentials) throws -> Void) throws {
    do {
      try call(key)
    } catch let error as AWSError where error.means(.accessDenied) {
      let session = try services.userCredentials()
      guard session.sessionToken.exists else { throw error }
      try call(session)
    }
  }

  private func deleteIfThere(_ id: AccessKeyID, signedBy signer: borrowing Credentials) throws(AWSError) {
    try IAM.ignoringAbsence { () throws(AWSError) in try services.iam.deleteAccessKey(id, signedBy: signer) }
  }
}
