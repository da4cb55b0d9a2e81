package import AWSServices
internal import AWSValues
package import FoundationEssentials
internal import Keyring
internal import Secrets

/// Puts a new key in the place of a profile's old one, in steps of which any may be the last that a process takes: there
/// is a working key in the keyring after each, and the next rotation finishes or undoes what was begun.
package final class KeyRotation {
  let profile: String
  let wish: RotationRequest
  let services: RotationServices
  let polling: PollingPolicy
  let now: @Sendable () -> Date
  let tell: (RotationEvent) -> Void

  /// The new key, once AWS has made it; the journal holds it too.
  var new: Credentials?
  var origin = Origin.fresh
  private var phase = Phase.proving
  /// What signs calls to IAM, got once.
  private var signer: Credentials?

  enum Origin { case fresh, interrupted }
  private enum Phase { case proving, retiring }

  package init(
    of profile: String, _ wish: RotationRequest, _ services: RotationServices, polling: PollingPolicy,
    now: @escaping @Sendable () -> Date, tell: @escaping (RotationEvent) -> Void
  ) {
    self.profile = profile
    self.wish = wish
    self.services = services
    self.polling = polling
    self.now = now
    self.tell = tell
  }

  /// Rotates the key; where a rotation was interrupted after AWS made a key, finishes that one instead.
  package func run() throws -> RotationOutcome {
    if let step = try resumption(), let outcome = try carryOn(from: step) { return outcome }
    guard let outcome = try carryOn(from: begin()) else { throw SessionError.noKey(profile: profile, plainText: nil) }
    return outcome
  }

  /// Finishes or undoes an interrupted rotation, where there is one, and begins none.
  package func settle() throws {
    guard let step = try resumption() else { return }
    _ = try carryOn(from: step)
  }

  /// Takes `step` and those that follow; nil where they undid what was begun.
  private func carryOn(from first: RotationStep) throws -> RotationOutcome? {
    var step = first
    while true {
      switch step {
      case .done(let outcome): return outcome
      case .undone: return nil
      case .reconcile, .create, .prove, .promote, .deactivate, .verify, .delete, .finish: step = try taken(step)
      }
    }
  }

  /// Says, where it fails, that the new key has its place already.
  private func taken(_ step: RotationStep) throws -> RotationStep {
    do {
      return try take(step)
    } catch {
      if phase == .retiring { tell(.unfinished) }
      throw error
    }
  }

  private func take(_ step: RotationStep) throws -> RotationStep {
    switch step {
    case .reconcile(let about): try reconcile(about)
    case .create(let about): try create(about)
    case .prove(let about): try prove(about)
    case .promote(let about): try promote(about)
    case .deactivate(let about): try deactivate(about)
    case .verify(let about): try verify(about)
    case .delete(let about): try delete(about)
    case .finish(let about): try finish(about)
    case .done, .undone: step
    }
  }

  private func resumption() throws -> RotationStep? {
    guard let journal = try services.journals.journal(of: profile) else { return nil }
    let newID = journal.new.withValue { $0.accessKeyID }
    let current = try currentID()
    guard let step = RotationStep.resuming(journal.about, new: newID, current: current) else {
      if let left = newID.flatMap({ AccessKeyID($0) }) { tell(.abandoned(left)) }
      try services.journals.remove(profile: profile)
      return nil
    }
    new = journal.new.withValue { $0.clone() }
    origin = .interrupted
    tell(.resumed)
    return step
  }

  /// The id of the key in the keyring; nil where there is none or a damaged one, which the journal's can replace.
  private func currentID() throws -> String? {
    do {
      return try services.keys.key(of: profile).withValue { $0.credentials.accessKeyID }
    } catch KeyringError.damaged {
      return nil
    } catch SessionError.damagedKey {
      return nil
    }
  }

  /// Lends what signs IAM calls: the old key's credentials, then the new key, and where a policy asks for MFA, its session.
  func withSigner<Result>(_ call: (borrowing Credentials) throws -> Result) throws -> Result {
    guard phase == .retiring, !signer.exists else {
      let credentials = try signer.withValue { $0.clone() } ?? services.userCredentials()
      signer = credentials.clone()
      return try call(credentials)
    }
    do {
      return try call(newKey())
    } catch let error as AWSError where error.means(.accessDenied) {
      let session = try services.userCredentials()
      guard session.sessionToken.exists else { throw error }
      signer = session.clone()
      return try call(session)
    }
  }

  /// From here on the new key, or a session made with it, signs.
  func startRetiring() {
    phase = .retiring
    signer = nil
  }

  func newKey() throws -> Credentials {
    guard let key = new.withValue({ $0.clone() }) else { throw SessionError.noKey(profile: profile, plainText: nil) }
    return key
  }

  func newID() throws -> AccessKeyID {
    try Self.id(of: newKey(), profile)
  }

  static func id(of key: borrowing Credentials, _ profile: String) throws -> AccessKeyID {
    guard let id = AccessKeyID(key.accessKeyID) else { throw SessionError.damagedKey(profile: profile, .malformed) }
    return id
  }
}

// MARK: - Beginning

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

// MARK: - Creating

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
    guard let stray = try lateKey(about, polling) else { throw error }
    try withSigner { try services.iam.deleteAccessKey(stray, signedBy: $0) }
    tell(.discarded(stray))
    origin = .fresh
    return .create(about)
  }

  /// What to throw where it is not known whether AWS made a key. The journal stays: the next rotation looks again.
  private func unanswered(_ about: RotationJournal.About) throws -> RotationError {
    guard let stray = try lateKey(about, polling.brief) else { return .unanswered(deleted: nil) }
    try withSigner { try services.iam.deleteAccessKey(stray, signedBy: $0) }
    return .unanswered(deleted: stray)
  }

  private func lateKey(_ about: RotationJournal.About, _ polling: PollingPolicy) throws -> AccessKeyID? {
    var found: AccessKeyID?
    _ = try polling.wait {
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

// MARK: - Proving

extension KeyRotation {
  /// Sees that the new key works before it takes the old one's place; one that does not is deleted.
  func prove(_ about: RotationJournal.About) throws -> RotationStep {
    let key = try newKey()
    let id = try newID()
    var identity: CallerIdentity?
    _ = try polling.wait {
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
    let error = try undone(.neverWorked(id, seconds: polling.limit))
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

// MARK: - Retiring

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
    guard try polling.wait(for: { try identity(of: key) != nil }, waiting: { tell(.waiting(id)) }) else {
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

// MARK: - Rotation step

/// The steps of a rotation, in their order. Each can be taken again after it was interrupted.
enum RotationStep: Equatable, Sendable {
  /// Sees whether the interrupted rotation made a key nobody has, and deletes it.
  case reconcile(RotationJournal.About)
  /// Has AWS make the new key, and stores it in the journal.
  case create(RotationJournal.About)
  /// Sees that the new key works, and is the same user's.
  case prove(RotationJournal.About)
  /// Puts the new key in the place of the old one.
  case promote(RotationJournal.About)
  /// Deactivates the old key.
  case deactivate(RotationJournal.About)
  /// Sees that the new key works without the old one.
  case verify(RotationJournal.About)
  /// Deletes the old key.
  case delete(RotationJournal.About)
  /// Closes the journal.
  case finish(RotationJournal.About)
  case done(RotationOutcome)
  /// What was begun is undone; the old key is as it was.
  case undone

  /// Where to go on with a journal whose new key is `new`, while `current` is in the keyring; nil to leave it alone.
  static func resuming(_ about: RotationJournal.About, new: String?, current: String?) -> RotationStep? {
    let old = about.old.text
    guard let new else { return current == old ? .reconcile(about) : nil }
    return switch current {
    case new: .deactivate(about)
    case old, nil: .prove(about)
    default: nil
    }
  }
}
