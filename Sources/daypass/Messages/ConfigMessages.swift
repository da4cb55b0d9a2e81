import AWSValues
import Console
import Keyring
import Profiles

extension ConfigError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .homeUnknown(let home): Self.unusable(home: home)
    case .unreadable(let file, let code):
      ErrorMessage(
        "cannot read \(file.displayText()): \(String(systemError: code))",
        hint: "see who may read it: ls -l \(file.displayText())", status: .badConfig)
    case .malformed(let syntax, let location):
      ErrorMessage("\(location.words): \(syntax.words)", hint: "correct the line", status: .badConfig)
    case .invalidProfileName(let name):
      ErrorMessage(
        "'\(name.displayText())' cannot be a profile's name: letters, digits and -_/.%@:+ can",
        hint: "choose another name", status: .usage)
    case .unwritableProperty(let key):
      ErrorMessage(
        "the value of \(key.rawValue) cannot be written to a config file",
        hint: "leave out line ends, comment signs (#, ;) and spaces at its ends", status: .usage)
    case .profileExists(let name, let location):
      ErrorMessage(
        "profile '\(name.displayText())' is already there (\(location.words))",
        hint: "choose another name, or change the profile there", status: .failure)
    case .notRegular(let file): Self.notRegular(file.displayText())
    case .silentPipe(let file): Self.silentPipe(file.displayText())
    case .modifiedConcurrently(let file):
      ErrorMessage(
        "\(file.displayText()) was changed by another program meanwhile, so it is left as it is",
        hint: "run the command again", status: .tryAgain)
    case .busy(let file):
      Self.busy(file.displayText())
    case .unwritable(let file, let code):
      ErrorMessage(
        "cannot write \(file.displayText()): \(String(systemError: code))",
        hint: "see who may write to its folder, and whether the disk is full: df \(file.displayText())",
        status: .failure)
    case .foreignFolder(let file): Self.foreignFolder(of: file)
    }
  }

  private static func unusable(home: String?) -> ErrorMessage {
    let state = home.map { "'\($0.displayText())', which is no path from the root" } ?? "not set"
    return ErrorMessage(
      "HOME is \(state), so ~/.aws/config cannot be found", hint: "set HOME, or AWS_CONFIG_FILE, to a full path",
      status: .badConfig)
  }

  private static func foreignFolder(of file: String) -> ErrorMessage {
    ErrorMessage(
      "the folder of \(file.displayText()), or a link to it, belongs to another user, so nothing is written there",
      hint: "run as that user, or set HOME to a folder of yours", status: .failure)
  }
}

extension ConfigError {
  private static func notRegular(_ file: String) -> ErrorMessage {
    ErrorMessage(
      "\(file) is not a regular file",
      hint: "put a file there, or name another with AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE", status: .badConfig)
  }

  private static func silentPipe(_ file: String) -> ErrorMessage {
    ErrorMessage(
      "waited in vain for somebody to write to the pipe \(file)",
      hint: "start what writes to it, or name a file with AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE",
      status: .badConfig)
  }

  private static func busy(_ file: String) -> ErrorMessage {
    ErrorMessage(
      "\(file) is being changed by another daypass, which does not come to an end",
      hint: "see whether one is stopped or hangs: ps -C daypass; then run the command again", status: .tryAgain)
  }
}

extension ConfigError.Syntax {
  fileprivate var words: String {
    switch self {
    case .notText: "not UTF-8 text"
    case .sectionNotClosed: "a section needs a ']' at its end"
    case .outsideSection: "this stands before the first section"
    case .continuationWithoutProperty: "an indented line continues a property, and there is none before it"
    case .propertyWithoutEquals: "a property needs an '=' between name and value"
    case .propertyWithoutName: "a property needs a name before the '='"
    case .subPropertyWithoutEquals: "an indented line below an empty property needs an '='"
    case .subPropertyWithoutName: "an indented line below an empty property needs a name before the '='"
    }
  }
}

extension SourceLocation {
  /// `FILE, line N`.
  var words: String { "\(file.displayText()), line \(line)" }
}

// MARK: - Credential plan

/// What `--debug` tells.
extension CredentialPlan {
  /// The key and the calls, in the order in which they are made.
  var words: String {
    (["the key of profile '\(keyProfile.displayText())'"] + steps.map(\.words)).joined(separator: ", ")
  }
}

extension CredentialPlan.Step {
  fileprivate var words: String {
    switch self {
    case .sessionToken(let step):
      "GetSessionToken for \(step.duration.seconds) s\(step.device.words)"
    case .assumeRole(let step):
      "AssumeRole \(step.role.text.displayText()) for \(step.duration.seconds) s\(step.device.words)"
    }
  }
}

extension MFADevice? {
  fileprivate var words: String { map { " with a code of \($0.text.displayText())" } ?? "" }
}

extension ItemID.Kind {
  var words: String {
    switch self {
    case .longTermKey: "keys"
    case .rotation: "rotations"
    case .session: "sessions"
    }
  }
}

// MARK: - Plan error

extension PlanError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .unknownProfile(let name, let nearest): PlanWords.unknownProfile(name, nearest)
    case .unknownReference(let name, let origin, let nearest): PlanWords.unknownReference(name, origin, nearest)
    case .loop(let names, let origin): PlanWords.loop(names, origin)
    case .roleWithoutSource(let origin): PlanWords.roleWithoutSource(origin)
    case .conflict(let origin, let other): PlanWords.conflict(origin, other)
    case .partialKey(let missing, let present): PlanWords.partialKey(missing, present)
    case .unsupported(let origin): PlanWords.unsupported(origin)
    case .invalidValue(let value, let origin): PlanWords.invalidValue(value, origin)
    case .durationOutOfRange(let duration, let allowed, let origin):
      PlanWords.durationOutOfRange(duration, allowed, origin)
    case .otherPartition(let role, let region, let partition, let origin):
      PlanWords.otherPartition(role, region, partition, origin)
    case .unknownServices(let name, let origin): PlanWords.unknownServices(name, origin)
    }
  }
}

// MARK: - Plan words

/// What is said of a plan that cannot be made.
enum PlanWords {
  static func unknownProfile(_ name: String, _ nearest: [String]) -> ErrorMessage {
    ErrorMessage(
      "there is no profile '\(name.displayText())'",
      hint: nearest.question ?? "daypass add \(name.displayText()) creates it; daypass list shows what there is",
      status: .noSuchProfile)
  }

  static func unknownReference(_ name: String, _ origin: Origin, _ nearest: [String]) -> ErrorMessage {
    ErrorMessage(
      "\(origin.words) refers to '\(name.displayText())', which is no profile",
      hint: nearest.question ?? "daypass list shows the profiles", status: .badConfig)
  }

  static func loop(_ names: [String], _ origin: Origin) -> ErrorMessage {
    ErrorMessage(
      "\(origin.words) closes a circle: \(names.joined(separator: " -> ").displayText())",
      hint: "let source_profile lead to a profile that holds a key", status: .badConfig)
  }

  static func roleWithoutSource(_ origin: Origin) -> ErrorMessage {
    ErrorMessage(
      "\(origin.words) does not say with whose credentials",
      hint: "add source_profile = NAME, the profile that holds the key", status: .badConfig)
  }

  static func conflict(_ origin: Origin, _ other: Setting) -> ErrorMessage {
    ErrorMessage(
      "\(origin.words) excludes \(other.rawValue) in the same profile", hint: "remove one of them", status: .badConfig
    )
  }

  static func partialKey(_ missing: Setting, _ present: Origin) -> ErrorMessage {
    ErrorMessage(
      "\(present.words) has no \(missing.rawValue) beside it", hint: "add it, or remove both", status: .badConfig)
  }

  static func unsupported(_ origin: Origin) -> ErrorMessage {
    ErrorMessage(
      "\(origin.words) is not supported yet", hint: "use a profile with a key, or source_profile and role_arn",
      status: .badConfig)
  }

  static func invalidValue(_ value: String, _ origin: Origin) -> ErrorMessage {
    ErrorMessage(
      "\(origin.words) cannot be '\(value.displayText())'", hint: origin.expectation, status: origin.status)
  }

  static func durationOutOfRange(_ duration: SessionDuration, _ allowed: ClosedRange<SessionDuration>, _ origin: Origin)
    -> ErrorMessage
  {
    ErrorMessage(
      "\(origin.words) is \(duration.seconds) s, and AWS allows \(allowed.lowerBound.seconds) to \(allowed.upperBound.seconds) s",
      hint: "900 s are 15m, 3600 s are 1h, 43200 s are 12h", status: origin.status)
  }

  static func otherPartition(_ role: RoleARN, _ region: String, _ partition: String, _ origin: Origin) -> ErrorMessage {
    ErrorMessage(
      "\(origin.words) names a role of the partition \(role.partition.displayText()), and region \(region.displayText()) is in \(partition)",
      hint: "check region and role_arn", status: .badConfig)
  }

  static func unknownServices(_ name: String, _ origin: Origin) -> ErrorMessage {
    ErrorMessage(
      "\(origin.words) refers to [services \(name.displayText())], which is not there",
      hint: "add the section or remove the line", status: .badConfig)
  }
}

extension Origin {
  fileprivate var words: String {
    switch self {
    case .option(let name): name
    case .variable(let name): name
    case .property(let setting, let profile, let location):
      "\(setting.rawValue) of profile '\(profile.displayText())' (\(location.words))"
    }
  }

  fileprivate var status: ExitStatus {
    switch self {
    case .option: .usage
    case .variable, .property: .badConfig
    }
  }

  /// What a value looks like.
  fileprivate var expectation: String? {
    switch self {
    case .option("--region"), .variable("AWS_REGION"), .variable("AWS_DEFAULT_REGION"): "like eu-west-1"
    case .option, .variable: nil
    case .property(let setting, _, _): setting.example.map { "like \($0)" }
    }
  }
}

extension Setting {
  fileprivate var example: String? {
    switch self {
    case .region: "eu-west-1"
    case .roleARN: "arn:aws:iam::123456789012:role/deploy"
    case .roleSessionName: "alice@host: 2 to 64 letters, digits and +=,.@-"
    case .externalID: "partner-42: 2 to 1224 letters, digits and +=,.@:\\/-"
    case .durationSeconds: "3600"
    case .mfaSerial: "arn:aws:iam::123456789012:mfa/alice"
    case .ignoreConfiguredEndpointURLs, .useFIPSEndpoint, .useDualStackEndpoint: "true or false"
    case .stsRegionalEndpoints: "regional or legacy"
    case .maxAttempts: "3"
    case .accessKeyID, .secretAccessKey, .sourceProfile, .credentialSource, .credentialProcess,
      .webIdentityTokenFile, .loginSession, .ssoSession, .ssoStartURL, .ssoAccountID, .ssoRoleName, .services,
      .endpointURL, .caBundle:
      nil
    }
  }
}
