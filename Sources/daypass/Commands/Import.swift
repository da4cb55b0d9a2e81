import AWSServices
import AWSValues
import ArgumentParser
import Glibc
import Keyring
import POSIX
import Profiles
import Secrets
import Sessions
import TerminalIO

struct Import: HostCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Move keys in from ~/.aws/credentials, aws-vault or granted.",
    usage: "daypass import [--from SOURCE] [--all] [OPTIONS] [PROFILE…]",
    discussion: """
      For example:
        daypass import
        daypass import --from aws-vault --dry-run
      Without --from it says where keys are. With it, it asks AWS whose each key is, lists the keys and asks; then it \
      stores them, reads them back, and removes them from the source only if you agree. If it is interrupted, run it \
      again.
      """)

  @Option(help: ArgumentHelp("Where the keys are.", valueName: "source"))
  var from: ImportSource?

  @Argument(help: ArgumentHelp("Only the keys of these profiles.", valueName: "profile"))
  var profiles: [String] = []

  @OptionGroup var choice: ImportChoice
  @OptionGroup var changes: ImportChanges
  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func validate() throws {
    guard !choice.all || profiles.isEmpty else { throw ValidationError("--all goes without names of profiles") }
    guard from != nil || profiles.isEmpty && !choice.all && !changes.deleteSource else {
      throw ValidationError("say where the keys are: --from credentials, aws-vault, aws-vault-file or granted")
    }
    _ = try choice.newNames
  }

  func run(on host: Host) throws {
    guard let from else {
      let overview = try ImportOverview(on: host)
      try output.write(overview, on: host)
      return host.diagnostics.note(overview.next)
    }
    let source = try from.store(on: host, collection: choice.collection)
    var run = try ImportRun(source.items(), of: profiles, choice, on: host)
    try run.judge()
    if !changes.dryRun { try carryOut(&run, from: source) }
    let advice = try ImportAdvice.all(on: host, from)
    for advice in advice { host.diagnostics.note(advice.text) }
    if run.isEmpty { host.diagnostics.note("there is nothing to import from \(from.rawValue)") }
    try output.write(ImportReport(source: from, keys: run.entries.map(ImportReport.Key.init), advice: advice), on: host)
    if let failure = run.failure { throw failure }
  }

  private func carryOut(_ run: inout ImportRun, from source: any KeySource) throws {
    if profiles.isEmpty, !choice.all { try run.confirm() }
    try run.store()
    try run.updateProfiles(changes)
    try run.clearSource(source, changes)
  }
}

// MARK: - Options

/// Which keys are imported, and under which names.
struct ImportChoice: ParsableArguments {
  @Flag(help: "Take all keys, without asking.")
  var all = false

  @Option(help: ArgumentHelp("Store the key of one name under another.", valueName: "old=new"))
  var rename: [String] = []

  @Flag(help: "Replace different keys that the keyring has for the profiles.")
  var overwrite = false

  @Flag(help: "Do not ask AWS whose the keys are.")
  var noVerify = false

  @Option(help: ArgumentHelp("The keyring's collection to read.", valueName: "name"))
  var collection: String?

  var newNames: [String: String] {
    get throws {
      let pairs = try rename.map { text in
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw ValidationError("--rename is like old=new") }
        return (parts[0], parts[1])
      }
      guard Set(pairs.map(\.0)).count == pairs.count, Set(pairs.map(\.1)).count == pairs.count else {
        throw ValidationError("--rename has a name twice")
      }
      return Dictionary(uniqueKeysWithValues: pairs)
    }
  }
}

/// What is changed besides the keyring, without asking.
struct ImportChanges: ParsableArguments {
  @Flag(help: "Only show what would be done.")
  var dryRun = false

  @Flag(help: "Remove each key from where it was, once it is stored.")
  var deleteSource = false

  @Flag(help: "Change config lines that call aws-vault to call daypass.")
  var editConfig = false

  @Flag(help: "Write the line that lets aws and boto3 use the profiles.")
  var credentialProcess = false
}

// MARK: - Import run

/// The keys of one source, and what happens to each.
struct ImportRun {
  private let choice: ImportChoice
  private let host: Host
  private(set) var entries: [Entry]
  private let selfCalls: Set<String>

  struct Entry {
    let found: SourceItem
    /// The name under which it is stored.
    let profile: String
    var state = State.new
    var identity: CallerIdentity?
    var problem: ErrorMessage?
  }

  enum State: String, Encodable {
    case new, imported, present, skipped, refused
  }

  /// - Throws: `ImportError.unknown` for a name under which nothing is found.
  init(_ items: [SourceItem], of names: [String], _ choice: ImportChoice, on host: Host) throws {
    self.choice = choice
    self.host = host
    let known = items.filter { !$0.isSkipped }.map(\.name)
    let newNames = try choice.newNames
    for name in names + newNames.keys.sorted() where !items.contains(where: { $0.name == name }) {
      throw ImportError.unknown(name, nearest: NearestNames(to: name).among(known))
    }
    entries = items.filter { names.isEmpty || names.contains($0.name) }.map { found in
      Entry(found: found, profile: newNames[found.name] ?? found.name)
    }
    selfCalls = Set(try host.profiles().awsVaultCalls.filter(\.isOfItself).map(\.profile))
  }

  var isEmpty: Bool { !entries.contains { $0.state != .skipped } }

  /// The keys that are in the keyring now.
  var ready: [String] { entries.filter { $0.state == .imported || $0.state == .present }.map(\.profile) }

  var failure: ImportError? {
    let failed = entries.filter { $0.problem != nil }
    let statuses = failed.compactMap { $0.problem?.status }
    guard let first = statuses.first else { return nil }
    guard failed.contains(where: { $0.state == .refused }) else { return .left(failed.map(\.profile)) }
    return .incomplete(failed.map(\.profile), statuses.contains(.refused) ? .refused : first)
  }

  // MARK: Judging

  /// Finds out which keys can be imported, and whose they are.
  mutating func judge() throws {
    for index in entries.indices {
      entries[index] = try settled(entries[index]) { entry in
        switch entry.found.content {
        case .skipped: entry.state = .skipped
        case .refused(let error): throw error
        case .key(let key): try judge(key, of: &entry)
        }
      }
    }
    let skipped = entries.filter { $0.state == .skipped }
    if let note = Messages.skipped(skipped.map(\.found)) { host.diagnostics.note(note) }
  }

  private func judge(_ key: FoundKey, of entry: inout Entry) throws {
    let registration = try registration(of: entry.profile)
    guard entries.count(where: { $0.profile == entry.profile && !$0.found.isSkipped }) == 1 else {
      throw ImportError.sameName
    }
    switch try stored(as: entry.profile, key) {
    case .same: entry.state = .present
    case .other where !choice.overwrite: throw ImportError.otherKey
    case .other, .nothing:
      if !choice.noVerify { entry.identity = try registration.identity(of: key.credentials) }
      host.diagnostics.note(Messages.found(key.credentials.accessKeyID, entry.identity, for: entry.profile))
    }
  }

  private func registration(of profile: String) throws -> KeyRegistration {
    do {
      return try KeyRegistration(of: profile, on: host, selfCalls.contains(profile) ? .later : .now)
    } catch ConfigError.invalidProfileName(let name) {
      throw ImportError.invalidName(name)
    } catch let error as PlanError {
      guard case .keyNotUsed = error else { throw error }
      throw ImportError.notUsed(error)
    }
  }

  private enum Stored { case nothing, same, other }

  private func stored(as profile: String, _ key: FoundKey) throws -> Stored {
    do {
      guard let stored = try host.keys.key(of: profile) else { return .nothing }
      return key.equals(stored.credentials) ? .same : .other
    } catch SessionError.damagedKey {
      return .other
    }
  }

  /// The entry after `body`. An error of one key does not stop the others; an error of the keyring or of the connection
  /// to AWS does.
  private func settled(_ entry: Entry, _ body: (inout Entry) throws -> Void) throws -> Entry {
    var entry = entry
    do {
      try body(&entry)
    } catch let error as any UserFacingError {
      let message = error.errorMessage.naming(entry.profile)
      let isOfAll = error is SecretStoreError || error is AWSError
      if isOfAll, [.tryAgain, .noKeyring, .keyringLocked].contains(message.status) { throw error }
      host.diagnostics.report("\(entry.profile.displayText()): \(message.problem)", hint: message.hint)
      entry.problem = message
      if entry.state == .new { entry.state = .refused }
    }
    return entry
  }

  // MARK: Storing

  func confirm() throws {
    let names = entries.filter { $0.state == .new }.map(\.profile)
    guard !names.isEmpty else { return }
    let terminal = try Terminal.required(toAsk: "which keys to import", flag: "--all, or the names of profiles")
    guard try terminal.confirms(Messages.importQuestion(names), preset: .yes) else { throw CommandError.declined }
  }

  mutating func store() throws {
    for index in entries.indices where entries[index].state == .new {
      entries[index] = try settled(entries[index]) { entry in
        guard let key = entry.found.key else { return }
        let registration = try registration(of: entry.profile)
        var credentials = key.credentials.clone()
        credentials.account = entry.identity?.account
        try host.withLock(ofKeyOf: entry.profile) {
          try registration.store(credentials, choice.overwrite ? .agreed : .nothingToReplace)
        }
        try requireStored(key, as: entry.profile)
        entry.state = .imported
        let device = choice.noVerify ? nil : try registration.chooseDevice(with: key.credentials)
        try registration.write(device.map { [(.mfaSerial, $0.text)] } ?? [])
      }
    }
  }

  private func requireStored(_ key: FoundKey, as profile: String) throws {
    guard try stored(as: profile, key) == .same else {
      throw SecretStoreError.notStored(ItemID(kind: .longTermKey, name: profile))
    }
  }

  // MARK: Clearing the source

  /// Removes the keys that are in the keyring now from the source, if the user wants that. For plain text it asks.
  mutating func clearSource(_ source: any KeySource, _ changes: ImportChanges) throws {
    let indices = entries.indices.filter { ready.contains(entries[$0].profile) && entries[$0].found.key != nil }
    guard !indices.isEmpty, try isToClear(source, changes, indices.map { entries[$0].found }) else { return }
    for index in indices {
      entries[index] = try settled(entries[index]) { entry in
        guard let key = entry.found.key else { return }
        try requireStored(key, as: entry.profile)
        try source.remove(entry.found)
        host.diagnostics.note("removed '\(entry.found.name.displayText())' from where it was")
      }
    }
  }

  private func isToClear(_ source: any KeySource, _ changes: ImportChanges, _ found: [SourceItem]) throws -> Bool {
    guard !changes.deleteSource, let plain = source as? PlainTextKeys else { return changes.deleteSource }
    let places = try found.compactMap { try plain.key(of: $0)?.accessKeyID.location }
    guard let terminal = Terminal.foreground() else {
      for place in places { host.diagnostics.note(Messages.plainTextStays(at: place)) }
      return false
    }
    return try terminal.confirms(Messages.removalQuestion(places))
  }
}

// MARK: - Lines of other programs

extension ImportRun {
  /// Writes the lines by which other programs use the profiles whose keys are in the keyring now.
  func updateProfiles(_ changes: ImportChanges) throws {
    guard !ready.isEmpty else { return }
    try redirectCalls(changes)
    let missing = try ready.map { try KeyRegistration(of: $0, on: host, .later) }.filter(\.lacksCredentialProcess)
    guard !missing.isEmpty, try changes.credentialProcess || agrees(Messages.offerOfCredentialProcess, .yes) else {
      return
    }
    for registration in missing { try registration.write([(.credentialProcess, registration.credentialProcess)]) }
  }

  /// Changes lines that call aws-vault for credentials of these keys, so that they call us.
  private func redirectCalls(_ changes: ImportChanges) throws {
    let files = try ConfigFiles(environment: host.environment)
    let profiles = try host.profiles()
    let planner = try host.planner(for: profiles)
    let lines = profiles.awsVaultCalls.compactMap { call -> (profile: String, old: Property, new: String)? in
      guard let arguments = call.arguments, call.property.location.file == files.config,
        isReady(call, planner)
      else { return nil }
      return (call.profile, call.property, KeyRegistration.credentialProcess(arguments, on: host))
    }
    guard !lines.isEmpty else { return }
    for line in lines { Messages.difference(line.old, line.new).forEach(host.diagnostics.say) }
    guard try changes.editConfig || agrees("change these lines of \(files.config)?", .no) else {
      return host.diagnostics.note("these lines still call aws-vault; --edit-config changes them")
    }
    try files.editConfig { editor throws(ConfigError) in
      for line in lines { try editor.setProperty(.credentialProcess, to: line.new, in: line.profile) }
    }
    host.diagnostics.note("changed \(lines.count == 1 ? "1 line" : "\(lines.count) lines") of \(files.config)")
  }

  /// Whether the credentials that it asks for start with one of the keys.
  private func isReady(_ call: AWSVaultCall, _ planner: CredentialPlanner) -> Bool {
    guard !call.isOfItself, let called = call.arguments?.last else { return ready.contains(call.profile) }
    do {
      return try planner.plan(for: called).source.keyProfile.map(ready.contains) ?? false
    } catch {
      return false
    }
  }

  private func agrees(_ question: String, _ preset: Confirmation) throws -> Bool {
    guard let terminal = Terminal.foreground() else { return false }
    return try terminal.confirms(question, preset: preset)
  }
}

// MARK: - Advice

/// A setting of another program that daypass does not read, or understands in another way.
struct ImportAdvice: Encodable {
  let about: String
  let advice: String

  var text: String { "\(about): \(advice)" }

  static func all(on host: Host, _ source: ImportSource) throws -> [ImportAdvice] {
    let profiles = try host.profiles()
    let planner = try host.planner(for: profiles)
    let settings = (profiles.names + profiles.unusableNames).flatMap { name in
      do {
        return try planner.unusedSettings(by: planner.plan(for: name)).filter { $0.isForeign(in: name) }
          .map { ImportAdvice(about: $0.words, advice: $0.reason.words) }
      } catch {
        let message = Messages.error(error).naming(name)
        return message.hint.map { [ImportAdvice(about: message.problem, advice: $0)] } ?? []
      }
    }
    let calls = profiles.awsVaultCalls.filter { $0.arguments == nil }.map { call in
      ImportAdvice(
        about: "profile '\(call.profile.displayText())' (\(call.property.location.words)) calls aws-vault",
        advice: "write what it is to be: credential_process = daypass credential-process NAME")
    }
    let variables = source == .awsVault || source == .awsVaultFile ? Self.variables : []
    let set = variables.filter { host.environment.value(of: $0.name) != nil }
    return settings + calls + set.map { ImportAdvice(about: $0.name, advice: $0.advice) }
  }

  private static let variables: [(name: String, advice: String)] = [
    ("AWS_VAULT_BACKEND", "daypass has one keyring; DAYPASS_COLLECTION chooses its collection"),
    ("AWS_SESSION_TOKEN_TTL", "set DAYPASS_SESSION_DURATION"),
    ("AWS_CHAINED_SESSION_TOKEN_TTL", "set DAYPASS_SESSION_DURATION"),
    ("AWS_ASSUME_ROLE_TTL", "write duration_seconds into the role's profile"),
    ("AWS_FEDERATION_TOKEN_TTL", "set DAYPASS_SESSION_DURATION"),
    ("AWS_MIN_TTL", "set DAYPASS_MIN_TTL"), ("AWS_MFA_SERIAL", "write mfa_serial into the key's profile"),
  ]
}

extension UnusedSetting {
  fileprivate var words: String { "\(key.displayText()) of profile '\(profile.displayText())' (\(location.words))" }

  /// Whether it is neither ours, nor the AWS CLI's, nor a mark of temporary credentials.
  fileprivate func isForeign(in profile: String) -> Bool {
    let known = ["aws_", "cli_", "output", "x_"].contains(where: key.hasPrefix)
    return reason == .unknown && self.profile == profile && !known
  }
}

// MARK: - Report

/// What `import --from` prints.
struct ImportReport: Report {
  let source: ImportSource
  let keys: [Key]
  let advice: [ImportAdvice]

  struct Key: Encodable {
    let name: String
    let profile: String
    var accessKeyId: String?
    var account: String?
    var arn: String?
    let state: ImportRun.State
    var problem: String?
  }

  var text: String {
    let shown = keys.filter { $0.state != .skipped }
    guard !shown.isEmpty else { return "" }
    return Table(
      header: ["PROFILE", "KEY", "OF", "STATE"],
      rows: shown.map { [$0.profile, $0.accessKeyId ?? "-", $0.arn ?? "-", $0.state.rawValue] }
    ).withoutEmptyColumns.text
  }
}

extension ImportReport.Key {
  fileprivate init(_ entry: ImportRun.Entry) {
    self.init(
      name: entry.found.name, profile: entry.profile, accessKeyId: entry.found.key?.credentials.accessKeyID,
      account: entry.identity?.account, arn: entry.identity?.arn, state: entry.state, problem: entry.problem?.problem)
  }
}
