import AWSServices
import AWSValues
import ArgumentParser
import Console
import FoundationEssentials
import Glibc
import Profiles
import Secrets
import Sessions

struct Add: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Keep a long-term access key in the keyring.",
    discussion: """
      Asks for the key on the terminal, the secret hidden, unless an option says where to read it. Checks it with AWS, \
      adds the profile to ~/.aws/config where it is missing, and offers the user's MFA devices for mfa_serial.
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var input: KeyInputOptions
  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  @Flag(help: "Store the key without checking it with AWS.")
  var noVerify = false

  @Option(help: ArgumentHelp("The MFA device to write to the profile, without asking.", valueName: "arn"))
  var mfaSerial: MFADevice?

  /// Also where the files have it use another's.
  func keyProfile(on host: Host) -> String { profile.name(in: host.environment) }

  func run(on host: Host) throws {
    let registration = try KeyRegistration(of: profile.name(in: host.environment), on: host)
    let replacement = try registration.confirmReplacement(unless: confirmation)
    let source = try input.source
    let key = try registration.read(from: source)
    if !noVerify { try registration.verify(key) }
    try host.withLock(ofKeyOf: registration.profile) { try registration.store(key, replacement) }
    let device = try mfaSerial ?? (noVerify ? nil : registration.chooseDevice(with: key))
    try registration.writeProfile(device: device)
    try registration.offerRemoval(from: source)
  }
}

// MARK: - Key registration

/// What `add` does, step by step: the key is in the keyring before any file is changed.
struct KeyRegistration {
  let profile: String
  private let host: Host
  private let files: ConfigFiles
  /// As they were at the start: a pipe can be read only once.
  private let profiles: ProfileSet
  private let client: AWSClient

  /// Refuses a name that could not be written to the config, and a config that could not be changed, before anything is
  /// asked.
  init(of profile: String, on host: Host) throws {
    self.profile = profile
    self.host = host
    files = try ConfigFiles(environment: host.environment)
    var trial = try ConfigEditor([], file: files.config)
    try trial.addProfile(profile, properties: [])
    try files.requireChangeableConfig()
    profiles = try files.read()
    try profiles.requireOwnKey(of: profile)
    let settings = ConnectionSettings(
      profile: profiles.profile(named: profile), profiles: profiles, environment: host.environment, region: nil)
    client = try host.client(for: settings.connection().withRegion(forARN: nil))
  }

  /// What the user knows of the key that is there.
  enum Replacement { case agreed, nothingToReplace }

  /// Asks before a key is replaced, since nothing else may hold its secret.
  func confirmReplacement(unless options: ConfirmationOptions) throws -> Replacement {
    guard try host.keys.holdsKey(of: profile) else { return options.force ? .agreed : .nothingToReplace }
    try options.confirm("replace the key of profile '\(profile)' in the keyring")
    return .agreed
  }

  func read(from input: KeyInput) throws -> Credentials {
    switch input {
    case .terminal: try EnteredKey(askingOn: Terminal.foreground()).credentials()
    case .environment: try EnteredKey(environment: host.environment).credentials()
    case .standardInput:
      try EnteredKey(lines: SecretBytes(readingFrom: STDIN_FILENO, path: "standard input")).credentials()
    case .csv(let path): try EnteredKey(csv: SecretBytes(contentsOf: path), path: path).credentials()
    case .plainText: try EnteredKey(plainTextOf: profile, in: profiles).credentials()
    }
  }

  /// Asks AWS whose key it is, and says so.
  func verify(_ key: borrowing Credentials) throws {
    let identity = try STS(client).callerIdentity(signedBy: key)
    host.diagnostics.note("this key belongs to \(identity.arn.displayText())")
  }

  /// Stores the key and forgets the sessions of the one before it.
  func store(_ key: borrowing Credentials, _ replacement: Replacement) throws {
    let key = LongTermKey(credentials: key.clone(), created: host.now())
    try files.exclusively {
      if replacement == .nothingToReplace, try host.keys.holdsKey(of: profile) {
        throw CommandError.keyAppeared(profile: profile)
      }
      try host.keys.save(key, for: profile)
    }
    try host.sessions.forget(.madeWithKey(of: profile))
    host.diagnostics.note("stored in the keyring as profile '\(profile)'")
  }

  /// Adds the profile to the config file where it is missing, and the device where one was chosen.
  func writeProfile(device: MFADevice?) throws {
    try files.editConfig { editor throws(ConfigError) in
      if !editor.hasProfile(profile) { try editor.addProfile(profile, properties: []) }
      if let device { try editor.setProperty(.mfaSerial, to: device.text, in: profile) }
    }
  }

  /// The device of the user that is to be asked for codes; nil where there is none or none was chosen.
  ///
  /// IAM may refuse the list without MFA, which is no reason not to keep the key.
  func chooseDevice(with key: borrowing Credentials) throws -> MFADevice? {
    guard profiles.profile(named: profile)?[.mfaSerial] == nil else { return nil }
    let devices: [MFADevice]
    do {
      devices = try IAM(client).mfaDevices(signedBy: key).map(\.device).filter(\.givesCodes)
    } catch {
      host.diagnostics.note("MFA devices not looked up: \(ErrorMessages.error(error).problem)")
      return nil
    }
    return try DeviceQuestion(profile: profile, host: host).choose(among: devices)
  }

  /// Where the key was imported from a file, offers to take it out there.
  func offerRemoval(from input: KeyInput) throws {
    switch input {
    case .plainText: try PlainTextRemoval(files: files, host: host).offer(for: profile)
    case .terminal, .environment, .standardInput, .csv: return
    }
  }
}

// MARK: - Plain text removal

/// Takes a key that was imported out of the file where it stands in plain text, if the user agrees.
struct PlainTextRemoval {
  let files: ConfigFiles
  let host: Host

  /// Offers it for the key that the keyring gives back for `profile`, and for no other.
  func offer(for profile: String) throws {
    guard let key = try files.read().profile(named: profile)?.plainTextKey, try isStored(key) else { return }
    let place = key.accessKeyID.location.words
    guard let terminal = Terminal.foreground() else {
      let location = key.accessKeyID.location
      return host.diagnostics.note(
        "\(location.file.displayText()) still has the key in plain text (line \(location.line))")
    }
    guard try terminal.confirms("remove the plain-text key from \(place)?") else { return }
    try files.remove(key)
    host.diagnostics.note("removed the key from \(place)")
  }

  private func isStored(_ key: PlainTextKey) throws -> Bool {
    guard let stored = try host.keys.key(of: key.profile) else { return false }
    let secret = SecretBytes(copying: key.secretAccessKey.value).trimmed()
    return stored.credentials.accessKeyID == key.accessKeyID.value.trimmed
      && stored.credentials.secretAccessKey.equals(secret)
  }
}

// MARK: - Key input options

/// Where `add` reads the key from.
struct KeyInputOptions: ParsableArguments {
  @Flag(help: "Read AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
  var env = false

  @Flag(help: "Read the key id and the secret from the first two lines of standard input.")
  var stdin = false

  @Option(help: ArgumentHelp("Read the file that the IAM console offers for download.", valueName: "file"))
  var csv: String?

  @Flag(
    name: .customLong("import"), help: "Read the profile's key from ~/.aws/credentials, and offer to remove it there.")
  var fromPlainText = false

  /// The one source that was named; the terminal where none was.
  var source: KeyInput {
    get throws {
      let named = [
        env ? .environment : nil, stdin ? .standardInput : nil, csv.map { .csv(path: $0) },
        fromPlainText ? .plainText : nil,
      ]
      .compactMap { (source: KeyInput?) in source }
      guard named.count <= 1 else { throw CommandError.oneInputOnly }
      return named.first ?? .terminal
    }
  }
}

extension MFADevice: ExpressibleByArgument {
  package init?(argument: String) {
    self.init(argument)
  }
}
