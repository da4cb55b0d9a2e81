import AWSServices
import AWSValues
import Console
import FoundationEssentials
import Glibc
import Profiles
import Secrets
import Sessions

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
    let settings = ConnectionSettings(
      profile: profiles.profile(named: profile), profiles: profiles, environment: host.environment, region: nil)
    client = try host.client(for: settings.connection().withRegion(forARN: nil))
  }

  /// What the user knows of the key that is there.
  enum Replacement { case agreed, nothingToReplace }

  /// Asks before a key is replaced, since nothing else may hold its secret.
  func confirmReplacement(unless options: ConfirmationOptions) throws -> Replacement {
    guard try host.keys.holdsKey(of: profile) else { return options.force ? .agreed : .nothingToReplace }
    try host.confirm("replace the key of profile '\(profile)' in the keyring?", unless: options)
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
    host.diagnostics.note("the key is that of \(identity.arn.displayText())")
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
    _ = try host.sessions.removeAll(madeWithKeyOf: profile)
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
      host.diagnostics.note("MFA devices not looked up: \(Explained.error(error).problem)")
      return nil
    }
    return try host.choose(among: devices, for: profile)
  }

  /// Where the key was imported from a file, offers to take it out there.
  func offerRemoval(from input: KeyInput) throws {
    switch input {
    case .plainText: try PlainTextRemoval(files: files, host: host).offer(for: profile)
    case .terminal, .environment, .standardInput, .csv: return
    }
  }
}
