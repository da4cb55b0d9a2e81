internal import AWSServices
internal import AWSValues
internal import FoundationEssentials
internal import Secrets

extension KeyRotation {
  /// Sees that the user has this one key, and opens the journal.
  func begin() throws -> RotationStep {
    guard let key = try services.keys.key(of: profile) else {
      throw SessionError.noKey(profile: profile, plainText: nil)
    }
    let old = try Self.id(of: key.credentials, profile)
    let listed = try withSigner { try services.iam.accessKeys(signedBy: $0) }
    guard listed.count < 2 else { throw try twoKeys(listed, old) }
    guard let found = listed.first, found.id == old else { throw RotationError.notListed(old) }
    if let created = found.creationDate, isTooYoung(created) {
      return .done(.young(old, created: created))
    }
    let identity = try services.sts.callerIdentity(signedBy: key.credentials)
    let about = RotationJournal.About(arn: identity.arn, old: old, started: serviceTime, disposal: wish.disposal)
    try services.journals.save(RotationJournal(about: about), of: profile)
    return .create(about)
  }

  /// Sees whether an interrupted CreateAccessKey made a key; nobody has its secret, so it is deleted.
  func reconcile(_ about: RotationJournal.About) throws -> RotationStep {
    if let stray = try lostKey(about) {
      try withSigner { try services.iam.deleteAccessKey(stray, signedBy: $0) }
      tell(.discarded(stray))
    }
    try services.journals.remove(profile: profile)
    return .undone
  }

  /// The key that AWS made for the journal's rotation, as far as its list shows it.
  func lostKey(_ about: RotationJournal.About) throws -> AccessKeyID? {
    let listed = try withSigner { try services.iam.accessKeys(signedBy: $0) }
    guard let extra = listed.first(where: { $0.id != about.old }) else { return nil }
    // A key that was used has an owner: our secret was lost before anybody could use it.
    let use = try withSigner { try services.iam.lastUse(ofAccessKey: extra.id, signedBy: $0) }
    guard use == nil else { return nil }
    guard let created = extra.creationDate, Self.window.contains(created.timeIntervalSince(about.started)) else {
      throw RotationError.unclear(extra.id, created: extra.creationDate)
    }
    return extra.id
  }

  private func isTooYoung(_ created: Date) -> Bool {
    wish.olderThan.map { serviceTime.timeIntervalSince(created) < $0 } ?? false
  }

  private var serviceTime: Date { now().addingTimeInterval(services.clockOffset()) }

  /// How long after the journal was opened AWS may have made its key, in seconds; AWS takes requests from clocks that are
  /// five minutes off.
  private static let window: ClosedRange<TimeInterval> = -600...900

  private func twoKeys(_ listed: [AccessKeyDescription], _ old: AccessKeyID) throws -> RotationError {
    .twoKeys(
      try listed.map { key in
        RotationError.ListedKey(
          key: key, lastUse: try lastUse(of: key.id), place: key.id == old ? .keyring : .elsewhere)
      })
  }

  private func lastUse(of id: AccessKeyID) throws -> RotationError.ListedKey.LastUse {
    do {
      let use = try withSigner { try services.iam.lastUse(ofAccessKey: id, signedBy: $0) }
      return use.map { .at($0) } ?? .never
    } catch let error as AWSError {
      guard case .service = error else { throw error }
      return .notTold
    }
  }
}
