import AWSServices
import AWSValues
import ArgumentParser
import Delivery
import FoundationEssentials
import Glibc
import Profiles
import Secrets
import Sessions
import TerminalIO

struct Add: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Keep a long-term access key in the keyring.",
    usage: "daypass add [OPTIONS] [PROFILE]",
    discussion: """
      For example:
        daypass add me
        daypass add me --csv accessKeys.csv
      Asks for the key on the terminal, unless an option says where to read it, and checks it with AWS. Adds the profile \
      to ~/.aws/config if it is missing, and offers to set its MFA device, its region, and the line that lets aws, boto3 \
      and terraform use it.
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var input: KeyInputOptions
  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var settings: NewProfileOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  @Flag(help: "Store the key without checking it with AWS.")
  var noVerify = false

  /// The profile itself, even if the files say that its credentials come from another's key.
  func keyProfile(on host: Host) -> String { profile.name(in: host.environment) }

  func run(on host: Host) throws {
    let source = input.source
    let name = profile.name(in: host.environment)
    if let origin = profile.origin(in: host.environment) { host.diagnostics.note(Messages.adding(name, origin)) }
    try add(name, from: source, on: host)
    if let terminal = Terminal.foreground() { try terminal.say("daypass: " + Messages.next(for: name)) }
  }

  private func add(_ name: String, from source: KeyInput, on host: Host) throws {
    let registration = try KeyRegistration(of: name, on: host)
    let replacement = try registration.confirmReplacement(unless: confirmation)
    let key = try registration.key(from: source, noVerify ? .unchecked : .checked)
    try host.withLock(ofKeyOf: name) { try registration.store(key, replacement) }
    if try host.store.keepsKeysInClear() { host.diagnostics.warn(Messages.keysInClear) }
    // Before anything else is asked: if the user ends the questions, the key has a profile.
    if Terminal.foreground() != nil { try registration.write([]) }
    let device = try settings.mfaSerial ?? (noVerify ? nil : registration.chooseDevice(with: key))
    try registration.writeProfile(settings, device: device)
  }
}

// MARK: - Options

/// Where `add` reads the key from.
struct KeyInputOptions: ParsableArguments {
  @Flag(help: "Read AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
  var env = false

  @Flag(help: "Read key ID and secret from two lines of standard input.")
  var stdin = false

  @Option(help: ArgumentHelp("Read the file that the IAM console lets you download.", valueName: "file"))
  var csv: String?

  func validate() throws {
    guard [env, stdin, csv != nil].count(where: \.self) > 1 else { return }
    throw ValidationError("use only one of --env, --stdin and --csv")
  }

  /// The one source that was named, or else the terminal.
  var source: KeyInput { env ? .environment : stdin ? .standardInput : csv.map { .csv(path: $0) } ?? .terminal }
}

/// What `add` writes to the profile without asking.
struct NewProfileOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The MFA device to write to the profile.", valueName: "arn"))
  var mfaSerial: MFADevice?

  @Option(help: "The region to write to the profile.")
  var region: String?

  @Flag(help: "Write the line that lets aws and boto3 use the profile.")
  var credentialProcess = false
}

extension MFADevice: ExpressibleByArgument {
  package init?(argument: String) {
    self.init(argument)
  }
}

// MARK: - Key registration

/// What `add` does, and `import` for each key, step by step: the key is in the keyring before any file is changed.
struct KeyRegistration {
  private let profile: String
  private let host: Host
  private let files: ConfigFiles
  /// As they were at the start: a pipe can be read only once.
  private let profiles: ProfileSet
  private let client: AWSClient

  /// How many secrets may be typed for one key ID.
  private static let tries = 3

  /// Refuses, before anything is asked, a name that could not be written to the config and a config that could not be
  /// changed.
  ///
  /// - Parameter use: `.later` if the profile's settings will be changed so that the key is used.
  init(of profile: String, on host: Host, _ use: KeyUse = .now) throws {
    self.profile = profile
    self.host = host
    files = try ConfigFiles(environment: host.environment)
    if let mistake = KeyArguments(["add", profile]).mistake { throw mistake }
    guard !profile.hasPrefix("-") else { throw ConfigError.invalidProfileName(profile) }
    try files.requireChangeableConfig(for: profile)
    profiles = try files.read()
    if use == .now { try profiles.requireOwnKey(of: profile) }
    let settings = ConnectionSettings(
      profile: profiles.profile(named: profile), profiles: profiles, environment: host.environment, region: nil)
    client = host.client(for: try settings.connection().withRegion(forARN: nil))
  }

  /// Whether the profile's credentials come from its key already.
  enum KeyUse { case now, later }

  /// What the user knows of the key that is there.
  enum Replacement { case agreed, nothingToReplace }

  /// Asks before a key is replaced, since nothing else may hold its secret.
  func confirmReplacement(unless options: ConfirmationOptions) throws -> Replacement {
    guard try host.keys.holdsKey(of: profile) else { return options.force ? .agreed : .nothingToReplace }
    try options.confirm(
      "replace the key of profile '\(profile)' in the keyring", of: ProfileArgument(named: profile), on: host)
    return .agreed
  }

  /// Stores the key and forgets the sessions of the one before it.
  func store(_ key: borrowing Credentials, _ replacement: Replacement) throws {
    let key = LongTermKey(credentials: key.clone(), stored: host.now())
    try files.exclusively {
      if replacement == .nothingToReplace, try host.keys.holdsKey(of: profile) {
        throw CommandError.keyAppeared(profile: profile)
      }
      try host.keys.save(key, for: profile)
    }
    try host.sessions.forget(.from(.key(of: profile)))
    host.diagnostics.note("stored in the keyring as profile '\(profile)'")
  }
}

// MARK: - Reading the key

extension KeyRegistration {
  enum Check { case checked, unchecked }

  /// The key, which AWS accepts unless it is `unchecked`. On the terminal, a wrong secret is asked for again.
  func key(from source: KeyInput, _ check: Check) throws -> Credentials {
    if source == .terminal { try noteUnreadPipe() }
    var key = try read(from: source)
    guard check == .checked else { return key }
    var triesLeft = Self.tries
    while true {
      do {
        key.account = try account(of: key)
        return key
      } catch let refusal as KeyRefusal where refusal.isWrongSecret && source == .terminal && triesLeft > 1 {
        triesLeft -= 1
        let terminal = try terminal()
        try terminal.say("daypass: " + refusal.inShort)
        key = try EnteredKey(accessKeyID: key.accessKeyID, askingForSecretOn: terminal).credentials()
      }
    }
  }

  private func read(from source: KeyInput) throws -> Credentials {
    switch source {
    case .terminal: try EnteredKey(askingOn: terminal()).credentials()
    case .environment: try EnteredKey(environment: host.environment).credentials()
    case .standardInput:
      try EnteredKey(lines: KeyInput.contentsOfStandardInput()).credentials()
    case .csv(let path): try EnteredKey(csv: KeyInput.contents(ofFile: path), path: path).credentials()
    }
  }

  /// Says that piped input is not read, since a user who is asked on the terminal may expect that it is.
  private func noteUnreadPipe() throws {
    var status = stat()
    let isPipe = unsafe fstat(STDIN_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    if isPipe, let terminal = Terminal.foreground() { try terminal.say("daypass: " + Messages.unreadPipe) }
  }

  /// Asks AWS whose key it is, and says so.
  private func account(of key: borrowing Credentials) throws -> String {
    let identity = try identity(of: key)
    host.diagnostics.note("this key belongs to \(identity.arn.displayText())")
    return identity.account
  }

  /// Asks AWS whose key it is.
  func identity(of key: borrowing Credentials) throws -> CallerIdentity {
    do throws(AWSError) {
      return try STS(client).callerIdentity(signedBy: key)
    } catch {
      guard error.means(.unknownKey) || error.means(.signatureMismatch) else { throw error }
      throw KeyRefusal(reason: error)
    }
  }

  private func terminal() throws -> Terminal {
    try .required(toAsk: "for the access key", flag: "--stdin, --env or --csv FILE")
  }
}

/// AWS does not accept the key that was to be added.
struct KeyRefusal: Error {
  let reason: AWSError

  var isWrongSecret: Bool { reason.means(.signatureMismatch) }
}

// MARK: - Setting up the profile

extension KeyRegistration {
  /// The user's MFA device to use for the profile; nil if there is none or none was chosen.
  ///
  /// IAM may refuse the list without MFA, which is no reason not to keep the key.
  func chooseDevice(with key: borrowing Credentials) throws -> MFADevice? {
    guard profiles.profile(named: profile)?[.mfaSerial] == nil else { return nil }
    let devices: [MFADevice]
    do {
      devices = try IAM(client).mfaDevices(signedBy: key).map(\.device).filter(\.givesCodes)
    } catch {
      host.diagnostics.note("MFA devices not looked up: \(Messages.error(error).problem)")
      return nil
    }
    return try host.chooseDevice(for: profile, among: devices)
  }

  /// Adds the profile to the config file if it is missing, and what was named or chosen; says what it wrote.
  func writeProfile(_ options: NewProfileOptions, device: MFADevice?) throws {
    let region = try options.region ?? askForRegion()
    let process = options.credentialProcess ? credentialProcess : try offerCredentialProcess()
    let settings: [(key: Setting, value: String)] = [
      (.mfaSerial, device?.text), (.region, region), (.credentialProcess, process),
    ].compactMap { key, value in value.map { (key, $0) } }
    try write(settings)
  }

  /// Adds the profile if it is missing, and gives it these settings.
  func write(_ settings: [(key: Setting, value: String)]) throws {
    var isNew = false
    try files.editConfig { editor throws(ConfigError) in
      isNew = !editor.hasProfile(profile)
      if isNew { try editor.addProfile(profile, properties: []) }
      for setting in settings { try editor.setProperty(setting.key, to: setting.value, in: profile) }
    }
    guard isNew || !settings.isEmpty else { return }
    host.diagnostics.note(Messages.wrote(settings.map(\.key), of: profile, to: files.config))
  }

  /// Asks for the region of a profile without one; Enter takes the default profile's.
  private func askForRegion() throws -> String? {
    guard profiles.profile(named: profile)?[.region] == nil, let terminal = Terminal.foreground() else { return nil }
    let preset = profiles.profile(named: "default")?[.region]?.value
    let prompt = Prompt("region, such as eu-west-1 [\(preset ?? "none")]: ")
    let typed = try terminal.answer(to: prompt) {
      $0.isEmpty || $0.isHostLabel
    } otherwise: {
      "'\($0)' is not a region"
    }
    return typed.isEmpty ? preset : typed
  }

  /// Whether the profile has no line from which SDKs get its credentials.
  var lacksCredentialProcess: Bool { profiles.profile(named: profile)?[.credentialProcess] == nil }

  private func offerCredentialProcess() throws -> String? {
    guard lacksCredentialProcess, let terminal = Terminal.foreground(),
      try terminal.confirms(Messages.offerOfCredentialProcess, preset: .yes)
    else { return nil }
    return credentialProcess
  }

  /// The setting by which SDKs get the profile's credentials from us.
  var credentialProcess: String { Self.credentialProcess([profile], on: host) }

  /// Names this program by an absolute path, since programs with a window have another PATH: by the one in PATH, which
  /// outlives an update, or else by its own.
  static func credentialProcess(_ arguments: [String], on host: Host) -> String {
    let folders = (host.environment["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
    let path = folders.map { "\($0)/daypass" }.first(where: isThisProgram) ?? ProcessStart.program
    let words = [path.contains(" ") ? "\"\(path)\"" : path, "credential-process"] + arguments
    return words.joined(separator: " ")
  }

  private static func isThisProgram(_ path: String) -> Bool {
    var (file, program) = (stat(), stat())
    return unsafe stat(path, &file) == 0 && stat("/proc/self/exe", &program) == 0 && file.st_dev == program.st_dev
      && file.st_ino == program.st_ino
  }
}
