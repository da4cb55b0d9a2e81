import AWSServices
import AWSValues
import ArgumentParser
import FoundationEssentials
import Keyring
import Profiles
import Sessions

struct Rotate: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    _superCommandName: DaypassCommand.name,
    abstract: "Put a new access key in the place of a profile's old one.",
    discussion: """
      The new key is stored and tried before it takes the old one's place, and the old one is deactivated and the new \
      tried again before the old is deleted. What was interrupted, the next rotate finishes or undoes.
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var rotation: RotationOptions
  @OptionGroup var session: SessionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func validate() throws { try rotation.validate(with: profile) }

  func run(on host: Host) throws {
    let wish = rotation.wish
    guard rotation.all else {
      let name = profile.name(in: host.environment)
      return try host.write(RotationReport([host.rotate(name, wish, session)]), as: output)
    }
    let report = try host.rotateAll(wish, session)
    try host.write(report, as: output)
    guard report.failures.isEmpty else { throw CommandError.notRotated(report.failures) }
  }
}

// MARK: - Rotation

extension Host {
  /// Rotates the key that a profile's credentials start with.
  func rotate(_ name: String, _ wish: RotationRequest, _ options: SessionOptions) throws -> RotationReport.Entry {
    let plan = try planner(for: profiles(), options).plan(for: name)
    let outcome = try keyLocks.withLock(ofKeyOf: plan.keyProfile) {
      try rotation(by: plan, wish, codes(options)).run()
    }
    return RotationReport.Entry(profile: plan.keyProfile, outcome)
  }

  /// Rotates every key in the keyring, and says of each that cannot be why.
  func rotateAll(_ wish: RotationRequest, _ options: SessionOptions) throws -> RotationReport {
    var report = RotationReport([])
    for name in try rotatableProfiles() {
      do {
        report.keys.append(try rotate(name, wish, options))
      } catch {
        let errorMessage = ErrorMessages.error(error).naming(name)
        diagnostics.report("\(name): \(errorMessage.problem)", hint: errorMessage.hint)
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

  var journals: RotationJournals { RotationJournals(store: LoggingSecretStore(store, to: diagnostics)) }

  private var keyLocks: KeyLocks { KeyLocks(folder: runtimeFolder) }

  private func settle(_ profile: String) {
    do {
      let plan = try planner(for: profiles()).plan(for: profile)
      _ = try rotation(by: plan, RotationRequest(), codes(nil)).settle()
    } catch {
      let errorMessage = ErrorMessages.error(error)
      diagnostics.warn(
        "an interrupted rotation of '\(profile)' is neither finished nor undone: \(errorMessage.problem)")
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
    by plan: CredentialPlan, _ wish: RotationRequest, _ codes: MFACodes
  ) throws -> KeyRotation {
    let access = try access(by: plan.forUser, codes)
    let services = RotationServices(
      keys: keys, journals: journals, sessions: sessions, iam: access.iam, sts: access.sts,
      userCredentials: { try access.credentials(margin: .command) }, clockOffset: { access.clockOffset })
    return KeyRotation(
      of: plan.keyProfile, wish, services, polling: PollingPolicy(pause: Self.pause), now: now
    ) { [diagnostics] event in event.tell(diagnostics) }
  }
}

// MARK: - Rotation options

/// Which keys to rotate, and what becomes of the old ones.
struct RotationOptions: ParsableArguments {
  @Flag(help: "Rotate every key in the keyring.")
  var all = false

  @Option(help: ArgumentHelp("Leave keys alone that AWS made more recently: 90d.", valueName: "time"))
  var olderThan: SessionDuration?

  @Flag(help: "Leave the old key in AWS, inactive.")
  var keepOld = false

  var wish: RotationRequest {
    RotationRequest(
      olderThan: olderThan.map { TimeInterval($0.seconds) }, disposal: keepOld ? .keep : .delete)
  }

  func validate(with profile: ProfileArgument) throws {
    guard all, profile.profile != nil else { return }
    throw ValidationError("--all and a profile exclude each other")
  }
}

// MARK: - Rotation report

/// What `rotate` prints.
struct RotationReport: Report {
  var keys: [Entry]
  /// Profiles whose key could not be rotated; why was said on stderr.
  var failures: [String] = []

  init(_ keys: [Entry]) { self.keys = keys }

  struct Entry: Encodable {
    let profile: String
    /// The key that is in the keyring now.
    let key: String
    /// The key that it was before; absent where it is the same.
    let oldKey: String?
    /// Of the old key, or of the one that was left as it was.
    let state: State

    enum State: String, Encodable { case deleted, inactive, young }
  }

  var text: String {
    keys.map { "\($0.words)\n" }.joined()
  }
}

extension RotationReport.Entry {
  init(profile: String, _ outcome: RotationOutcome) {
    switch outcome {
    case .rotated(let old, let new, .delete):
      self.init(profile: profile, key: new.text, oldKey: old.text, state: .deleted)
    case .rotated(let old, let new, .keep):
      self.init(profile: profile, key: new.text, oldKey: old.text, state: .inactive)
    case .young(let key, _):
      self.init(profile: profile, key: key.text, oldKey: nil, state: .young)
    }
  }

  fileprivate var words: String {
    switch state {
    case .deleted: "\(profile)  \(oldKey ?? "") → \(key), the old key is deleted"
    case .inactive: "\(profile)  \(oldKey ?? "") → \(key), the old key is inactive"
    case .young: "\(profile)  \(key), not old enough"
    }
  }
}
