package import AWSServices
internal import AWSValues
package import FoundationEssentials
internal import Keyring
internal import Secrets

/// Puts a new key in the place of a profile's old one, in steps of which any may be the last that a process takes: there
/// is a working key in the keyring after each, and the next rotation finishes or undoes what was begun.
package final class KeyRotation {
  let profile: String
  let wish: RotationWish
  let services: RotationServices
  let patience: IAMPatience
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
    of profile: String, _ wish: RotationWish, _ services: RotationServices, patience: IAMPatience,
    now: @escaping @Sendable () -> Date, tell: @escaping (RotationEvent) -> Void
  ) {
    self.profile = profile
    self.wish = wish
    self.services = services
    self.patience = patience
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
