import AWSValues
import Keyring
import POSIX
import Profiles

extension ConfigError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .homeUnknown(let home, let variable): Self.unusable(home: home, insteadOf: variable)
    case .pathNotText(let path):
      .badConfig(
        "the path \(path.displayText()) is not UTF-8 text",
        hint: "set AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE to paths that are")
    case .malformed(let syntax, let location):
      .badConfig("\(location.words): \(syntax.words)", hint: syntax.hint(for: location.file))
    case .invalidProfileName(let name): Self.invalidName(name)
    case .unwritableProperty(let key):
      .usage(
        "the value of \(key.rawValue) cannot be written to a config file",
        hint: "leave out line ends, comment signs (#, ;) and spaces at its ends")
    case .profileExists(let name, let location):
      .failure(
        "profile '\(name.displayText())' is already there (\(location.words))",
        hint: "choose another name, or change the profile there")
    case .ssoSessionExists(let name, let location): Self.sessionExists(name, at: location)
    case .quotedProfile(let name, let location):
      .badConfig(location.quotedHeader(of: name), hint: Self.plainHeader(of: name))
    case .unwritable(let file, .call(let code)):
      .failure(
        "cannot write \(file.displayText()): \(String.systemError(code))",
        hint: "check the permissions of its folder, and whether the disk is full: df \(file.shellWord)")
    case .unreadable(let file, let failure), .unwritable(let file, let failure): Self.unusable(file, failure)
    }
  }

  private static func unusable(_ file: String, _ failure: FileFailure) -> ErrorMessage {
    switch failure {
    case .call(let code):
      .badConfig(
        "cannot read \(file.displayText()): \(String.systemError(code))",
        hint: "check its permissions: ls -l \(file.shellWord)")
    case .notRegular: notRegular(file.displayText())
    case .silent: silentPipe(file.displayText())
    case .modifiedConcurrently:
      .tryAgain(
        "\(file.displayText()) was changed by another program at the same time, so daypass left it alone",
        hint: "run the command again")
    case .busy: busy(file.displayText())
    case .foreign: foreignFolder(of: file)
    }
  }

  private static func sessionExists(_ name: String, at location: SourceLocation) -> ErrorMessage {
    .failure(
      "[sso-session \(name.displayText())] is already there (\(location.words))",
      hint: "choose another name, or change the section there")
  }

  private static func invalidName(_ name: String) -> ErrorMessage {
    .usage(
      "'\(name.displayText())' is not a valid profile name; use letters, digits and -_/.%@:+",
      hint: "choose another name")
  }

  fileprivate static func plainHeader(of name: String) -> String {
    if name.hasPrefix("profile ") { return "write [\(name.dropFirst(8))]: only the config file has the word 'profile'" }
    return name.isSectionName
      ? "write \(Messages.header(of: name.displayText())), which both read"
      : "rename it: both read letters, digits and -_/.%@:+"
  }

  private static func unusable(home: String?, insteadOf variable: String) -> ErrorMessage {
    let state = home.map { "'\($0.displayText())', which is not an absolute path" } ?? "not set"
    return .badConfig(
      "HOME is \(state), so the files in ~/.aws cannot be found", hint: "set HOME, or \(variable), to a full path")
  }

  private static func foreignFolder(of file: String) -> ErrorMessage {
    .failure(
      "the folder of \(file.displayText()), or a link to it, belongs to another user, so nothing is written there",
      hint: "run as that user, or set HOME to a folder of yours")
  }

  private static func notRegular(_ file: String) -> ErrorMessage {
    .badConfig(
      "\(file) is not a regular file",
      hint: "put a file there, or name another with AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE")
  }

  private static func silentPipe(_ file: String) -> ErrorMessage {
    .badConfig(
      "timed out waiting for data from the pipe \(file)",
      hint: "start what writes to it, or name a file with AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE")
  }

  private static func busy(_ file: String) -> ErrorMessage {
    .tryAgain(
      "another daypass keeps \(file) locked",
      hint: "see whether one is stopped or hangs: ps -C daypass; then run the command again")
  }
}

extension ConfigError.Syntax {
  fileprivate var words: String {
    switch self {
    case .notText: "not UTF-8 text"
    case .byteOrderMark: "a byte order mark stands before the text"
    case .sectionNotClosed: "a section needs a ']' at its end"
    case .outsideSection: "this line comes before the first section"
    case .continuationWithoutProperty: "an indented line continues a property, but there is none before it"
    case .propertyWithoutEquals: "a property needs an '=' between name and value"
    case .propertyWithoutName: "a property needs a name before the '='"
    case .subPropertyWithoutEquals: "an indented line below an empty property needs an '='"
    case .subPropertyWithoutName: "an indented line below an empty property needs a name before the '='"
    }
  }

  fileprivate func hint(for file: String) -> String {
    switch self {
    case .byteOrderMark: "remove it: sed -i '1s/^\\xEF\\xBB\\xBF//' \(file.shellWord)"
    case .continuationWithoutProperty: "begin the line in the first column"
    case .notText, .sectionNotClosed, .outsideSection, .propertyWithoutEquals, .propertyWithoutName,
      .subPropertyWithoutEquals, .subPropertyWithoutName:
      "correct the line"
    }
  }
}

extension SourceLocation {
  /// `FILE, line N`.
  var words: String { "\(file.displayText()), line \(line)" }

  fileprivate func quotedHeader(of name: String) -> String {
    let what = name.isSectionName ? "quotes, which" : "characters that"
    return
      "the header of profile '\(name.displayText())' (\(words)) has \(what) the AWS CLI reads and the SDKs do not"
  }
}

// MARK: - Credential plan

/// What `--debug` logs.
extension CredentialPlan {
  /// The key and the calls, in the order in which they are made.
  var words: String {
    ([source.name.message] + steps.map(\.words)).joined(separator: ", ")
  }
}

extension SourceName {
  /// What it is.
  var message: String {
    switch kind {
    case .key: "the key of profile '\(name.displayText())'"
    case .identityCenter: "the Identity Center session '\(name.displayText())'"
    case .login: "the sign-in of \(name.displayText())"
    case .webIdentity: "the token of \(name.displayText())"
    case .process: "the credential_process of profile '\(name.displayText())'"
    case .environment: "the credentials in the environment"
    case .container: "the container's credentials"
    case .instance: "the instance's credentials"
    }
  }

  /// Whom its credentials speak for, if no role is assumed with them.
  var identity: String {
    switch kind {
    case .key: "the user whose key is in profile '\(name.displayText())'"
    case .login: name.displayText()
    case .identityCenter, .webIdentity, .process, .environment, .container, .instance: "whoever has \(message)"
    }
  }
}

extension CredentialPlan.Step {
  fileprivate var words: String {
    switch self {
    case .sessionToken(let step):
      "GetSessionToken for \(step.duration.seconds) s\(step.device.words)"
    case .assumeRole(let step):
      "AssumeRole \(step.role.text.displayText()) for \(step.duration.seconds) s\(step.device.words)\(step.scope.words)"
    case .federationToken(let step):
      "GetFederationToken \(step.name.text) for \(step.duration.seconds) s\(step.scope.words)"
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
    case .identityCenterToken, .loginToken: "sign-ins"
    case .session: "sessions"
    }
  }
}

// MARK: - Plan error

extension PlanError: UserFacingError {
  var errorMessage: ErrorMessage { ErrorMessage(problem, hint: hint, status: status) }

  private var problem: String {
    switch self {
    case .unknownProfile(let name, _): "there is no profile '\(name.displayText())'"
    case .bareName(let name, let location):
      "[\(name.displayText())] is not a profile (\(location.words)): the word 'profile' is missing"
    case .reference(let fault, let origin): "\(origin.words) \(fault.words)"
    case .quotedProfile(let name, let location): location.quotedHeader(of: name)
    case .keyNotUsed(let profile, let source?, let origin):
      "profile '\(profile.displayText())' gets its credentials from '\(source.displayText())': \(origin.words)"
    case .keyNotUsed(let profile, nil, let origin):
      "a key of profile '\(profile.displayText())' would not be used: \(origin.words) comes first"
    case .roleWithoutSource(let origin): "\(origin.words) needs a source_profile"
    case .conflict(let origin, let other):
      "\(origin.words) cannot be combined with \(other.rawValue) in the same profile"
    case .partialKey(let missing, let present): "\(present.words) has no matching \(missing.rawValue)"
    case .unsupported(let origin): "\(origin.words) is not supported"
    case .missing(let settings, let origin):
      "\(origin.words) needs \(settings.map(\.rawValue).joined(separator: " and ")) beside it"
    case .tokenOnly(let origin): "\(origin.words) resolves a token, not credentials: it names no account and no role"
    case .deviceWithoutKey(let origin, let source):
      "\(origin.words) cannot be used: only an IAM user's key has an MFA device"
        + (source.map { ", and the credentials come from \($0.words)" } ?? "")
    case .noKeyUsed(let profile, let origin):
      "profile '\(profile.displayText())' uses no long-term key"
        + (origin.map { ": its credentials come from \($0.words)" } ?? "")
    case .durationOfSource(let origin, let source):
      "\(origin.words) cannot be honoured" + (source.map { ": \($0.words) decides how long they last" } ?? "")
    case .unusableCommand(_, let fault, let origin): "\(origin.words) \(fault.words)"
    case .missingVariable(let name, let other): "\(other) is set, and \(name) is not"
    case .disabled(let origin, let variable): "\(origin.words) cannot be used: \(variable) is true"
    case .invalidValue(let value, let origin): "\(origin.words) cannot be '\(value.displayText())'"
    case .durationOutOfRange(let duration, let allowed, let origin):
      "\(origin.words) is too \(duration < allowed.lowerBound ? "short" : "long") (\(duration.words)): "
        + "AWS allows \(allowed.lowerBound.words) to \(allowed.upperBound.words)"
    case .otherPartition(let role, let region, let partition, let origin):
      "\(origin.words) names a role of the partition \(role.partition.displayText()), "
        + "but region \(region.displayText()) is in \(partition)"
    case .scope(let fault): fault.problem
    }
  }

  private var hint: String? {
    switch self {
    case .unknownProfile(let name, let nearest):
      nearest.question(all: name)
        ?? "daypass list shows the profiles"
        + (name.isSectionName ? "; for a new key: daypass add \(name.shellWord)" : "")
    case .bareName(let name, _): "write [profile \(name.displayText())]"
    case .reference(.loop, .property(.includeProfile, _, _)): "remove the line"
    case .reference(let fault, _): fault.hint
    case .quotedProfile(let name, _): ConfigError.plainHeader(of: name)
    case .keyNotUsed(_, let source?, _): "daypass add \(source.shellWord)"
    case .keyNotUsed(_, nil, _): "keep the key under another name, or remove the line"
    case .roleWithoutSource: "write source_profile = NAME, the profile that holds the key"
    case .conflict: "remove one of them"
    case .partialKey: "write it too, or remove both"
    case .unsupported(let origin): origin.alternative
    case .missing: "write what is missing into the same section"
    case .tokenOnly: "for credentials add sso_account_id and sso_role_name: daypass sso accounts lists them"
    case .deviceWithoutKey: "remove the line; the sign-in asks for MFA, if it is set up so"
    case .noKeyUsed: "name a profile with a key: daypass list"
    case .durationOfSource: "leave it out"
    case .unusableCommand(let line, .needsShell, _):
      "with a shell: sh -c '\(line.replacing("'", with: "'\\''").displayText(limit: 1_000))'"
    case .unusableCommand: "close it, or write \\ before a quote that is meant as such"
    case .missingVariable(let name, _): "set \(name), or name a profile"
    case .disabled(_, let variable): "unset \(variable)"
    case .invalidValue(_, let origin): origin.example.map { "like \($0)" }
    case .durationOutOfRange: nil
    case .otherPartition: "check region and role_arn"
    case .scope(let fault): fault.hint
    }
  }

  private var status: ExitStatus {
    switch self {
    case .unknownProfile, .bareName: .noSuchProfile
    case .keyNotUsed, .noKeyUsed: .usage
    case .invalidValue(_, let origin), .durationOutOfRange(_, _, let origin), .durationOfSource(let origin, _):
      origin.status
    case .scope(let fault): fault.origin.status
    case .reference, .quotedProfile, .roleWithoutSource, .conflict, .partialKey, .unusableCommand, .missingVariable,
      .disabled, .unsupported, .otherPartition, .missing, .tokenOnly, .deviceWithoutKey:
      .badConfig
    }
  }
}

extension ReferenceFault {
  /// Behind the setting.
  fileprivate var words: String {
    switch self {
    case .unknownProfile(let name, _): "refers to '\(name.displayText())', which is not a profile"
    case .loop(let names): "forms a loop: \(names.joined(separator: " -> ").displayText())"
    case .tooLong(let limit): "makes a chain of more than \(limit) profiles"
    case .unknownSSOSession(let name, _): "refers to [sso-session \(name.displayText())], which does not exist"
    case .unknownServices(let name): "refers to [services \(name.displayText())], which does not exist"
    case .programLoop(let names): "comes back to itself: \(names.joined(separator: " -> ").displayText())"
    case .programsTooDeep(let names):
      "would be the fifth program in a row: \(names.joined(separator: " -> ").displayText())"
    }
  }

  fileprivate var hint: String {
    switch self {
    case .unknownProfile(_, let nearest): nearest.question ?? "daypass list shows the profiles"
    case .loop: "let one of these profiles have a key, or another source of credentials"
    case .tooLong: "let it refer to the profile with the key"
    case .unknownSSOSession(let name, let nearest): nearest.question ?? Messages.writing(ssoSession: name)
    case .unknownServices: "write the section, or remove the line"
    case .programLoop: "let its program get credentials of another profile, or of none"
    case .programsTooDeep: "let one of them name its source with source_profile"
    }
  }
}

extension CommandLineFault {
  /// Behind the setting.
  fileprivate var words: String {
    switch self {
    case .needsShell: "needs a shell, and is run without one, as the AWS CLI does"
    case .openQuote: "has a quote that is not closed"
    case .noProgram: "names no program"
    }
  }
}

extension SessionDuration {
  /// As options take it: `15m`, `36h`, `100s`.
  var words: String {
    seconds.isMultiple(of: 3600)
      ? "\(seconds / 3600)h" : seconds.isMultiple(of: 60) ? "\(seconds / 60)m" : "\(seconds)s"
  }
}

extension Origin {
  var words: String {
    switch self {
    case .option(let name): name
    case .variable(let name): name
    case .property(let setting, let profile, let location):
      "\(setting.rawValue) of profile '\(profile.displayText())' (\(location.words))"
    case .section(let header, let location): "[\(header.displayText())] (\(location.words))"
    case .sectionProperty(let setting, let header, let location):
      "\(setting.rawValue) of [\(header.displayText())] (\(location.words))"
    }
  }

  fileprivate var status: ExitStatus {
    switch self {
    case .option: .usage
    case .variable, .property, .section, .sectionProperty: .badConfig
    }
  }

  /// What there is in the place of a setting that is not supported.
  fileprivate var alternative: String? {
    guard case .property(let setting, _, _) = self else { return nil }
    return setting == .parentProfile
      ? "write include_profile, its name since aws-vault 6" : "use a profile with a key, or source_profile and role_arn"
  }

  /// A value that it can have.
  fileprivate var example: String? {
    switch self {
    case .option("--region"), .variable("AWS_REGION"), .variable("AWS_DEFAULT_REGION"): Setting.region.example
    case .option("--service"): "s3,sts: names as they stand before the colon of actions"
    case .option("--tag"): Setting.sessionTags.example
    case .option("--transitive-tag"): Setting.transitiveSessionTags.example
    case .option("--source-identity"): Setting.sourceIdentity.example
    case .option("--policy-arn"): "arn:aws:iam::123456789012:policy/name, or ReadOnlyAccess"
    case .variable("AWS_ROLE_ARN"): Setting.roleARN.example
    case .variable("AWS_ROLE_SESSION_NAME"): Setting.roleSessionName.example
    case .variable(let name): Setting(variable: name)?.example
    case .option, .section: nil
    case .property(let setting, _, _), .sectionProperty(let setting, _, _): setting.example
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
    case .sessionTags: "team=data,project=x: letters, digits, blanks and _.:/=+-@, not of aws:"
    case .transitiveSessionTags: "team,project"
    case .sourceIdentity: "alice: 2 to 64 letters, digits and +=,.@-"
    case .daypassScope: "read-only or view-only"
    case .mfaProcess: "pass otp aws, or with a shell: sh -c '...'"
    case .ignoreConfiguredEndpointURLs, .useFIPSEndpoint, .useDualStackEndpoint: "true or false"
    case .stsRegionalEndpoints: "regional or legacy"
    case .maxAttempts: "3"
    case .ssoStartURL: "https://d-1234567890.awsapps.com/start"
    case .ssoRegion: "eu-west-1: the region of the Identity Center instance"
    case .ssoAccountID, .awsAccountID: "123456789012"
    case .shareSSOCache, .shareLoginCache: "read or off"
    case .ssoRoleName: "AdministratorAccess, as daypass sso roles lists it"
    case .loginSession: "arn:aws:iam::123456789012:user/alice"
    case .credentialSource: "Environment, EcsContainer or Ec2InstanceMetadata"
    case .metadataEndpointMode: "IPv4 or IPv6"
    case .metadataTimeout: "5, in seconds"
    case .webIdentityTokenFile: "/run/secrets/token or ~/token, a full path"
    case .accessKeyID, .secretAccessKey, .sourceProfile, .credentialProcess, .ssoSession,
      .ssoRegistrationScopes, .metadataEndpoint, .services,
      .endpointURL, .caBundle, .includeProfile, .parentProfile, .webIdentityTokenProcess:
      nil
    }
  }
}
