import AWSServices
import Keyring
import Profiles
import Sessions

extension Host {
  /// Rotates the key that a profile's credentials start with.
  func rotate(_ name: String, _ wish: RotationWish, _ options: SessionOptions) throws -> RotationReport.Entry {
    let plan = try planner(for: profiles(), options).plan(for: name)
    let outcome = try keyLocks.withLock(ofKeyOf: plan.keyProfile) {
      try rotation(by: plan, wish, codes(options)).run()
    }
    return RotationReport.Entry(profile: plan.keyProfile, outcome)
  }

  /// Rotates every key in the keyring, and says of each that cannot be why.
  func rotateAll(_ wish: RotationWish, _ options: SessionOptions) throws -> RotationReport {
    var report = RotationReport([])
    for name in try rotatableProfiles() {
      do {
        report.keys.append(try rotate(name, wish, options))
      } catch {
        let explanation = Explained.error(error).naming(name)
        diagnostics.report("\(name): \(explanation.problem)", hint: explanation.hint)
        report.failures.append(name)
      }
    }
    return report
  }

  /// Finishes or undoes an interrupted rotation of a profile's key, before the key is replaced or removed, and holds off
  /// rotations meanwhile. One that cannot be finished is told of, and does not stop what the user wants.
  func settlingRotation(of profile: String, then body: () throws -> Void) throws {
    do {
      try keyLocks.withLock(ofKeyOf: profile) { try settled(profile, body) }
    } catch RotationError.notLocked(let error) {
      diagnostics.warn(error.words)
      try settled(profile, body)
    }
  }

  private func settled(_ profile: String, _ body: () throws -> Void) throws {
    if try journals.isOpen(of: profile) { settle(profile) }
    try body()
  }

  /// Removes a profile's key, its sessions, and what is left of a rotation.
  func removeKey(of profile: String) throws {
    try keys.remove(profile: profile)
    try journals.remove(profile: profile)
    _ = try sessions.removeAll(madeWithKeyOf: profile)
  }

  var journals: RotationJournals { RotationJournals(store: TellingStore(store, to: diagnostics)) }

  private var keyLocks: KeyLocks { KeyLocks(folder: runtimeFolder) }

  private func settle(_ profile: String) {
    do {
      let plan = try planner(for: profiles()).plan(for: profile)
      _ = try rotation(by: plan, RotationWish(), codes(nil)).settle()
    } catch {
      let explanation = Explained.error(error)
      diagnostics.warn("an interrupted rotation of '\(profile)' is neither finished nor undone: \(explanation.problem)")
    }
  }

  private func rotatableProfiles() throws -> [String] {
    guard let kept = try keys.kept() else { throw KeyringError.locked }
    return kept.map(\.profile)
  }

  private func codes(_ options: SessionOptions?) -> MFACodes {
    MFACodes(given: options?.givenCode, prompter: TerminalPrompter())
  }

  private func rotation(
    by plan: CredentialPlan, _ wish: RotationWish, _ codes: MFACodes
  ) throws -> KeyRotation {
    let access = try access(by: plan.forUser, codes)
    let services = RotationServices(
      keys: keys, journals: journals, sessions: sessions, iam: access.iam, sts: access.sts,
      userCredentials: { try access.credentials(margin: .command) }, clockOffset: { access.clockOffset })
    return KeyRotation(
      of: plan.keyProfile, wish, services, patience: IAMPatience(pause: Self.pause), now: now
    ) { [diagnostics] event in event.tell(diagnostics) }
  }
}
