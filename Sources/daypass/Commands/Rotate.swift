import AWSServices
import AWSValues
import ArgumentParser
import FoundationEssentials
import Keyring
import Profiles
import Sessions
import TerminalIO

struct Rotate: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Replace a profile's access key with a new one.",
    usage: "daypass rotate [--all] [--older-than TIME] [OPTIONS] [PROFILE]",
    discussion: """
      For example:
        daypass rotate me
        daypass rotate --all --older-than 90d
      Shows when and where the old key was last used, and asks. The new key is stored and tried before it replaces the \
      old one; the old one is deactivated, and the new one tried again, before the old one is deleted. If it is \
      interrupted, run it again.
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var rotation: RotationOptions
  @OptionGroup var session: SessionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func validate() throws {
    guard rotation.all, profile.profile != nil else { return }
    throw ValidationError("use either --all or a profile, not both")
  }

  func run(on host: Host) throws {
    guard rotation.all else {
      let name = profile.name(in: host.environment)
      // Confirm a profile that was not typed, even with --yes.
      let flag = profile.profile == nil ? "\(name.shellWord) --yes" : rotation.flag
      return try output.write(RotationReport(keys: [host.rotate(name, rotation, flag, session.request())]), on: host)
    }
    let report = try host.rotateAll(rotation, session.request())
    try output.write(report, on: host)
    guard report.failures.isEmpty else { throw CommandError.notRotated(report.failures) }
  }
}

// MARK: - Rotation

extension Host {
  /// Rotates the key that a profile's credentials start with.
  ///
  /// - Parameter flag: the words to agree with if nobody can be asked; nil if the user agreed in advance.
  fileprivate func rotate(
    _ name: String, _ options: RotationOptions, _ flag: String?, _ session: CredentialRequest
  ) throws -> RotationReport.Entry {
    let profiles = try profiles()
    let plan = try planner(for: profiles, session).plan(for: name)
    let keyProfile = try plan.keyProfile()
    let confirmation = try confirmation(of: keyProfile, options, flag, profiles)
    let outcome = try keyLocks.withLock(ofKeyOf: keyProfile) {
      try rotation(by: plan, options.request, session, confirmation).run()
    }
    return RotationReport.Entry(profile: keyProfile, outcome)
  }

  /// Rotates every key in the keyring, and reports why any of them cannot be.
  fileprivate func rotateAll(_ options: RotationOptions, _ session: CredentialRequest) throws -> RotationReport {
    var report = RotationReport(keys: [])
    guard let kept = try keys.stored() else { throw SecretStoreError.locked }
    for name in kept.map(\.profile) {
      do {
        try profiles().requireOwnKey(of: name)
        // Another profile that holds the same key may have been rotated before, and this one with it.
        let id = try keys.key(of: name).withValue { $0.credentials.accessKeyID }
        if report.keys.contains(where: { $0.key == id }) { continue }
        report.keys.append(try rotate(name, options, options.flag, session))
      } catch {
        let errorMessage = Messages.error(error).naming(name)
        diagnostics.report("\(name): \(errorMessage.problem)", hint: errorMessage.hint)
        report.failures.append(name)
      }
    }
    return report
  }

  private func rotation(
    by plan: CredentialPlan, _ request: RotationRequest, _ session: CredentialRequest,
    _ confirm: ((ListedKey) throws -> Void)?
  ) throws -> KeyRotation {
    let access = try ProfileSession(plan.forUser, session, on: self)
    let services = RotationServices(
      keys: keys, journals: journals, sessions: sessions, locks: keyLocks, client: access.client,
      userCredentials: { try access.credentials(margin: .command) }, confirm: confirm)
    return KeyRotation(
      of: try plan.keyProfile(), request, services, polling: PollingPolicy(pause: Self.pause), now: now
    ) { [diagnostics] event in event.report(to: diagnostics) }
  }

  /// Shows a key and where copies of it are, and asks; nil if the user agreed in advance.
  private func confirmation(
    of profile: String, _ options: RotationOptions, _ flag: String?, _ profiles: ProfileSet
  ) throws -> ((ListedKey) throws -> Void)? {
    guard let flag else { return nil }
    let terminal = try Terminal.required(toAsk: "whether to \(options.question.dropLast())", flag: flag)
    return { [diagnostics] key in
      diagnostics.note("key \(key.words)")
      for copy in profiles.plainTextCopies(of: key.key.id) {
        diagnostics.warn("\(copy.words) holds the same key in plain text: what reads it there will stop working")
      }
      guard try terminal.confirms("profile '\(profile.displayText())': \(options.question)") else {
        throw CommandError.declined
      }
    }
  }
}

extension ProfileSet {
  /// Where the files hold a key with this id.
  fileprivate func plainTextCopies(of id: AccessKeyID) -> [SourceLocation] {
    names.compactMap { profile(named: $0)?.plainTextKey?.accessKeyID }.filter { $0.value.trimmed == id.text }
      .map(\.location)
  }
}

// MARK: - Other changes of a key

extension Host {
  /// Runs `body`, which replaces or removes a profile's key, while no other process changes it.
  func withLock<Result>(ofKeyOf profile: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try keyLocks.withLock(ofKeyOf: profile, body)
    } catch RotationError.notLocked(let error) {
      diagnostics.warn(error.words)
      return try body()
    }
  }

  /// Removes a profile's key, its sessions, and what an interrupted rotation left in the keyring.
  func removeKey(of profile: String) throws {
    if let left = try journals.newKey(of: profile) { RotationEvent.abandoned(left).report(to: diagnostics) }
    try keys.remove(profile: profile)
    try journals.remove(profile: profile)
    try sessions.forget(.from(.key(of: profile)))
  }

  private var journals: RotationJournals { RotationJournals(store: keyring) }

  private var keyLocks: KeyLocks { KeyLocks(folder: runtimeFolder) }
}

// MARK: - Rotation options

/// Which keys to rotate, and what happens to the old ones.
struct RotationOptions: ParsableArguments {
  @Flag(help: "Rotate every key in the keyring.")
  var all = false

  @Option(help: ArgumentHelp("Skip keys newer than this, such as 90d.", valueName: "time"))
  var olderThan: SessionDuration?

  @Flag(help: "Leave the old key in AWS, inactive.")
  var keepOld = false

  @Flag(help: "Do not ask before AWS changes anything.")
  var yes = false

  /// What to repeat the command with if nobody can be asked; nil if the user agreed in advance.
  var flag: String? { yes ? nil : "--yes" }

  var request: RotationRequest {
    RotationRequest(
      olderThan: olderThan.map { TimeInterval($0.seconds) }, disposal: keepOld ? .keep : .delete)
  }

  var question: String { "replace this key with a new one, and \(keepOld ? "deactivate" : "delete") it in AWS?" }
}

// MARK: - Rotation report

/// What `rotate` prints.
struct RotationReport: Report {
  var keys: [Entry]
  /// Profiles whose key could not be rotated; why was said on stderr.
  var failures: [String] = []

  struct Entry: Encodable {
    let profile: String
    /// The key that is in the keyring now.
    let key: String
    /// The key that it was before; absent if it is the same.
    let oldKey: String?
    /// The state of the old key, or of the one that was not rotated.
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
    case .tooYoung(let key, _):
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
