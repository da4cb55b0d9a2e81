import AWSValues
import Delivery
import FoundationEssentials
import HTTP
import Hashing
import Keyring
import POSIX
import Processes
import Profiles
import Prompts
import QRCodes
import Scenarios
import TerminalIO

@testable import AWSServices
@testable import Browser
@testable import Sessions
@testable import daypass

/// What AWS and the way there answer.
extension MessageCase {
  static let aws: [MessageCase] = [
    .init(AWSError.endpoint(.missingRegion), .badConfig),
    .init(AWSError.signing(.algorithmUnavailable("sha256")), .failure),
    .init(AWSError.http(.cannotResolve(host: hostile)), .tryAgain),
    .init(AWSError.notAWS(UnrecognizedResponse(status: 200, contentType: nil, start: "")), .tryAgain),
    .init(AWSError.notAWS(UnrecognizedResponse(status: 503, contentType: "text/html", start: "<html>")), .tryAgain),
    .init(AWSError.malformed(call: "GetSessionToken", element: hostile), .failure),
    .init(AWSError.otherRole(asked: hostile, received: hostile), .failure),
    .init(AWSError.listTooLong(call: "ListBuckets"), .failure),
    .init(AWSError.libraryMissing(LibraryMissing("libexpat.so.1", package: "libexpat1")), .failure),
    .init(HashingError.libraryMissing(LibraryMissing("libcrypto.so.3", package: "libssl3")), .failure),
    .init(HashingError.algorithmUnavailable("sha256"), .failure),
  ]

  static let services: [MessageCase] = [
    refusal("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.", .refused),
    refusal("AccessDenied", "unable to validate MFA code", .refused), refusal("AccessDenied", hostile, .refused),
    refusal("AccessDenied", "not authorized to perform: sts:AssumeRole on x", .refused),
    refusal("ExpiredToken", hostile, .refused), refusal("InvalidClientTokenId", hostile, .refused),
    refusal("SignatureDoesNotMatch", hostile, .refused), refusal("RequestTimeTooSkewed", hostile, .tryAgain),
    refusal("RegionDisabledException", hostile, .refused), refusal("Throttling", hostile, .tryAgain),
    refusal("ValidationError", hostile, .failure), refusal("InternalFailure", hostile, .tryAgain, status: 500),
    refusal("NoSuchEntity", hostile, .refused, status: 404), refusal("EntityAlreadyExists", hostile, .refused),
    refusal("DeleteConflict", hostile, .refused), refusal("LimitExceeded", hostile, .refused),
    refusal("EntityTemporarilyUnmodifiable", hostile, .tryAgain), refusal("MalformedPolicyDocument", hostile, .refused),
    refusal("InvalidAuthenticationCode", hostile, .refused),
    refusal(hostile, "", .refused, hint: .absent),
  ]

  private static func refusal(
    _ code: String, _ message: String, _ expected: daypass.ExitStatus, status: Int = 403, hint: Hint = .present
  ) -> MessageCase {
    let error = ServiceError(code: code, message: message, requestID: hostile, status: status)
    return MessageCase(AWSError.service(error), expected, hint)
  }

  static let endpoints: [MessageCase] = [
    .init(EndpointError.missingRegion, .badConfig), .init(EndpointError.invalidRegion(hostile), .badConfig),
    .init(EndpointError.invalidURL(.character), .badConfig), .init(EndpointError.urlWithQuery, .badConfig),
    .init(EndpointError.insecureURL(hostile), .badConfig),
    .init(EndpointError.fipsWithCustomEndpoint(hostile), .badConfig),
    .init(EndpointError.dualStackWithCustomEndpoint(hostile), .badConfig),
    .init(EndpointError.fipsNotSupported(partition: hostile), .badConfig),
  ]

  static let http: [MessageCase] = [
    .init(HTTPError.cannotResolve(host: hostile), .tryAgain), .init(HTTPError.cannotConnect(host: hostile), .tryAgain),
    .init(HTTPError.connectTimedOut(host: hostile, seconds: 5), .tryAgain),
    .init(HTTPError.timedOut(host: hostile, seconds: 30), .tryAgain),
    .init(HTTPError.interrupted(host: hostile), .tryAgain),
    .init(HTTPError.responseTooLarge(host: hostile, limit: 1), .failure),
    .init(HTTPError.notHTTP(host: hostile), .failure),
    .init(HTTPError.encoded(host: hostile), .failure), .init(HTTPError.tls(host: hostile, reason: hostile), .failure),
    .init(HTTPError.caBundleUnreadable(path: hostile), .badConfig), .init(HTTPError.proxy(reason: hostile), .tryAgain),
    .init(HTTPError.invalidProxy(variable: "HTTPS_PROXY"), .badConfig),
    .init(HTTPError.insecure(url: hostile), .badConfig),
    .init(HTTPError.invalidHeader(name: hostile), .failure, .absent),
    .init(HTTPError.libraryMissing(LibraryMissing("libcurl.so.4", package: "libcurl4")), .failure),
    .init(HTTPError.optionRefused(1), .failure), .init(HTTPError.other(host: hostile, reason: hostile), .tryAgain),
    .init(HTTPError.invalidURL(.scheme), .badConfig), .init(HTTPError.invalidURL(.userInformation), .badConfig),
    .init(HTTPError.invalidURL(.fragment), .badConfig), .init(HTTPError.invalidURL(.host), .badConfig),
    .init(HTTPError.invalidURL(.port), .badConfig), .init(HTTPError.invalidURL(.character), .badConfig),
  ]
}

// MARK: - Devices

/// What keeps MFA devices as they are, and scenarios from proving anything.
extension MessageCase {
  private static let refusal = ServiceError(
    code: "InvalidAuthenticationCode", message: hostile, requestID: hostile, status: 403)

  static let devices: [MessageCase] =
    [
      .init(MFADeviceError.noTerminal, .usage),
      .init(MFADeviceError.noBlockCharacters, .usage), .init(MFADeviceError.notAUser(arn: hostile), .refused),
      .init(MFADeviceError.noDevice(profile: hostile), .failure),
      .init(MFADeviceError.severalDevices([]), .usage), .init(MFADeviceError.interrupted, .failure, .absent),
    ]
    + [MFADevice("arn:aws:iam::123456789012:mfa/alice")].compactMap { $0 }.flatMap { device in
      [
        MessageCase(MFADeviceError.severalDevices([device, device]), .usage),
        MessageCase(MFADeviceError.showsNoCodes(device), .usage, .absent),
        MessageCase(MFADeviceError.noValidCodes(device, tries: 3, nil), .refused),
        MessageCase(MFADeviceError.noValidCodes(device, tries: 3, refusal), .refused),
      ]
    }

  static let scenarios: [MessageCase] =
    Check.allCases.map { .init(ScenarioError.expectationFailed($0), .disproved) } + [
      .init(ScenarioError.notSeen(.key, seconds: 120), .tryAgain),
      .init(ScenarioError.codesRefused(tries: 3, refusal), .refused),
      .init(ScenarioError.codesRefused(tries: 1, nil), .refused),
      .init(ScenarioError.interrupted, .failure, .absent),
      .init(ScenarioError.unusableARN(hostile), .failure, .absent), .init(ScenarioError.remains([]), .failure),
    ]
}

// MARK: - Keyring

/// What the keyring, and what it holds, can be wrong in.
extension MessageCase {
  private static let key = ItemID(kind: .longTermKey, name: hostile)
  private static let session = ItemID(kind: .session, name: "0f")
  private static let device = MFADevice("arn:aws:iam::123456789012:mfa/me")

  static let keyring: [MessageCase] = [
    .init(UnlockError.noTerminal, .keyringLocked), .init(UnlockError.wrongPassword(tries: 3), .keyringLocked),
    .init(UnlockError.passwordsDiffer, .keyringLocked),
    .init(SecretStoreError.secretService(.noBus), .noKeyring),
    .init(SecretStoreError.secretService(.unusableBus(address: hostile, reason: .notUnix)), .noKeyring),
    .init(SecretStoreError.secretService(.unusableBus(address: hostile, reason: .unreachable)), .noKeyring),
    .init(SecretStoreError.secretService(.unusableBus(address: hostile, reason: .foreignOwner)), .noKeyring),
    .init(SecretStoreError.secretService(.noService), .noKeyring),
    .init(SecretStoreError.secretService(.serviceEnded), .tryAgain),
    .init(SecretStoreError.secretService(.noCollection(hostile)), .noKeyring),
    .init(SecretStoreError.secretService(.noCollection("session")), .noKeyring),
    .init(SecretStoreError.secretService(.collectionInMemory), .noKeyring),
    .init(SecretStoreError.secretService(.wrongPassword), .keyringLocked),
    .init(SecretStoreError.secretService(.noUnlockInterface), .keyringLocked),
    .init(SecretStoreError.locked, .keyringLocked), .init(SecretStoreError.notRemoved(key), .failure),
    .init(SecretStoreError.dismissed, .keyringLocked),
    .init(SecretStoreError.unlockTimedOut(seconds: 2), .keyringLocked),
    .init(SecretStoreError.timedOut(seconds: 2), .tryAgain),
    .init(SecretStoreError.secretService(.plainTransport), .noKeyring),
    .init(SecretStoreError.damaged(key), .failure), .init(SecretStoreError.damaged(session), .failure),
    .init(SecretStoreError.ambiguous(key, paths: [hostile, hostile]), .failure),
    .init(SecretStoreError.notStored(session), .failure),
    .init(
      SecretStoreError.secretService(.libraryMissing(LibraryMissing("libsecret-1.so.0", package: "libsecret-1-0"))),
      .failure),
    .init(SecretStoreError.secretService(.other(hostile)), .failure),
    .init(SecretStoreError.secretService(.changed), .tryAgain),
    .init(SecretStoreError.secretService(.noCollection("default")), .noKeyring),
    .init(SecretStoreError.secretService(.noPrompter), .keyringLocked),
    .init(SecretStoreError.refused(key, hostile), .failure),
  ]

  static let sessions: [MessageCase] =
    [
      .init(SessionError.noKey(profile: hostile, plainText: nil), .noSuchProfile),
      .init(
        SessionError.noKey(profile: hostile, plainText: SourceLocation(file: hostile, line: 1)), .noSuchProfile),
      .init(SessionError.damagedKey(profile: hostile, .truncated), .failure),
      .init(SessionError.damagedKey(profile: hostile, .checksum), .failure),
      .init(SessionError.damagedKey(profile: hostile, .malformed), .failure),
      .init(SessionError.damagedKey(profile: hostile, .checksum), .failure),
      .init(SessionError.damagedKey(profile: hostile, .unknownVersion(9)), .failure),
      .init(SessionError.promptCancelled, .refused, .absent), .init(SessionError.invalidCode, .usage),
      .init(PromptError.cancelled, .refused, .absent), .init(SessionError.prompt(.timedOut(seconds: 60)), .refused),
    ]
    + [
      PromptFault.program(.notFound(hostile)), .program(.ended(.exited(2), complaint: [hostile])), .noDisplay,
      .needsTerminal, .refused(code: 83), .malformed, .noCode,
    ].map { MessageCase(SessionError.prompt(.unusable(program: "pinentry", $0)), .refused) }
    + [
      nil, .notFound(hostile), .notStarted(hostile, errno: 2), .timedOut(.seconds(60)), .tooMuchOutput(limit: 1),
      .ended(.exited(1), complaint: [hostile]), .ended(.exited(1), complaint: []),
      .ended(.killed(signal: 9), complaint: []),
    ].map { (error: ChildError?) in
      MessageCase(
        SessionError.mfaProcess(
          .property(.mfaSerial, profile: hostile, at: SourceLocation(file: hostile, line: 1)), error), .refused)
    }
    + [device].compactMap { $0 }.flatMap { device in
      [
        MessageCase(SessionError.noPrompt(device: device, profile: hostile, .noTerminal), .refused),
        MessageCase(SessionError.noPrompt(device: device, profile: hostile, .background), .refused),
        MessageCase(SessionError.noPrompt(device: device, profile: hostile, .noProgram), .refused),
        MessageCase(SessionError.noPrompt(device: device, profile: hostile, .forbidden), .refused),
        MessageCase(SessionError.securityKey(device), .refused),
        MessageCase(SessionError.noValidCode(device: device, tries: 1, nil), .refused),
        MessageCase(SessionError.noValidCode(device: device, tries: 3, refusedCode), .refused),
      ]
    }

  private static let refusedCode = ServiceError(code: "AccessDenied", message: hostile, requestID: hostile, status: 403)
}

// MARK: - Sources

/// Why a source gives no credentials.
extension MessageCase {
  private static let origin = Origin.property(
    .credentialProcess, profile: hostile, at: SourceLocation(file: hostile, line: 1))
  private static let end = Date(timeIntervalSince1970: 1_795_248_000)

  static let sources: [MessageCase] =
    [
      .init(SourceError.version(origin), .refused), .init(SourceError.notAToken(hostile), .badConfig),
      .init(SourceError.tokenFile(hostile, .call(2)), .badConfig),
      .init(SourceError.tokenFile(hostile, .call(13)), .refused),
      .init(SourceError.tokenFile(hostile, .call(27)), .badConfig),
      .init(SourceError.tokenFile(hostile, .silent), .badConfig),
      .init(SourceError.tokenFile(hostile, .notRegular), .badConfig),
      .init(SourceError.expiredToken(hostile, end), .refused),
      .init(SourceError.missingVariables(["AWS_ACCESS_KEY_ID"]), .badConfig),
      .init(SourceError.unusableEndpoint(hostile, nil), .badConfig),
      .init(SourceError.unusableEndpoint(hostile, .host), .badConfig),
    ] + programs + documents + refusedTokens + machines
    + SourceName.Kind.allCases.map { .init(SourceError.expired(SourceName($0, hostile), end), .refused) }

  static let signIns: [MessageCase] =
    [
      .init(CallbackError.notListening(errno: 98), .failure), .init(CallbackError.timedOut, .refused),
      .init(CallbackError.refused(CallbackRefusal(code: hostile, description: hostile)), .refused, .absent),
      .init(SignInError.foreignPage(hostile), .failure),
      .init(SignInError.foreignStartURL(hostile), .badConfig),
      .init(CommandError.noSSOSession(among: []), .badConfig),
      .init(CommandError.noSSOSession(among: [hostile, "b"]), .usage),
      .init(CommandError.unknownSSOSession(hostile, nearest: []), .noSuchProfile),
      .init(LoginError.unreadableText, .refused), .init(LoginError.textOfOtherSignIn, .refused),
    ]
    + SourceName.Kind.allCases.flatMap { kind -> [MessageCase] in
      let source = SourceName(kind, hostile)
      return [
        .init(SignInError.needed(source, .noTerminal), .refused),
        .init(SignInError.needed(source, .program), .refused),
        .init(SignInError.refused(source), .refused, .absent),
        .init(SignInError.timedOut(source, seconds: 600), .refused),
        .init(SignInError.refreshPaused(source, seconds: 45), .tryAgain),
        .init(SignInError.noAssignment(account: "123456789012", role: hostile, source), .refused),
      ]
    }

  private static let programs: [MessageCase] =
    [
      (.notFound(hostile), .badConfig), (.notStarted(hostile, errno: 2), .badConfig),
      (.timedOut(.seconds(60)), .tryAgain), (.tooMuchOutput(limit: 1), .refused),
      (.ended(.exited(1), complaint: [hostile]), .refused), (.ended(.killed(signal: 9), complaint: []), .refused),
      (.ended(.exited(1), complaint: [hostile, hostile]), .refused),
    ].map { (error: ChildError, status: daypass.ExitStatus) in
      MessageCase(SourceError.program(origin, error), status)
    }

  private static let broken: [CredentialsDocumentError] = [
    .notJSON(bytes: 0, .notWellFormed(offset: 0)), .notJSON(bytes: 9, .notWellFormed(offset: 3)),
    .notJSON(bytes: 9, .tooLarge), .notAnObject(bytes: 2), .repeated(hostile), .missing("AccessKeyId"),
    .malformed("Expiration"), .expired(end),
  ]

  private static let documents = broken.flatMap { error in
    [
      MessageCase(SourceError.output(origin, error), .refused),
      MessageCase(MachineError.malformed(.container, error), .failure),
    ]
  }

  private static let refusedTokens = ["AccessDenied", "IDPRejectedClaim", "InvalidIdentityToken"].map { code in
    let refusal = ServiceError(code: code, message: hostile, requestID: hostile, status: 403)
    return MessageCase(SourceError.refusedToken(hostile, refusal), .refused)
  }

  private static let machines: [MessageCase] =
    [
      (.notInContainer, .badConfig), (.invalidURI(variable: "AWS_X", .port), .badConfig),
      (.forbiddenURI(hostile), .badConfig), (.unusableToken(variable: "AWS_X"), .badConfig),
      (.unreadableToken(path: hostile, .call(2)), .badConfig), (.unreadableToken(path: hostile, .call(13)), .refused),
      (.unreadableToken(path: hostile, .silent), .badConfig),
      (.unreachable(.container, .cannotConnect(host: hostile)), .tryAgain),
      (.unreachable(.instance, .connectTimedOut(host: hostile, seconds: 1)), .tryAgain),
      (.refused(.container, status: 403, message: hostile), .refused),
      (.refused(.instance, status: 503, message: ""), .tryAgain), (.metadataOff, .refused), (.oldMetadata, .refused),
      (.noInstanceRole, .refused),
    ].map { (error: MachineError, status: daypass.ExitStatus) in MessageCase(error, status) }
}

// MARK: - Process

/// What goes wrong between the user, the terminal and the command.
extension MessageCase {
  static let delivery: [MessageCase] = [
    .init(DeliveryError.unusableValue(name: hostile, problem: .empty), .failure),
    .init(DeliveryError.unusableValue(name: hostile, problem: .controlCharacter), .failure),
    .init(DeliveryError.unusableValue(name: hostile, problem: .notUTF8), .failure),
    .init(DeliveryError.unusableInFormat(name: hostile, format: .env), .failure),
    .init(DeliveryError.commandNotFound(hostile), .notFound, .absent),
    .init(DeliveryError.commandNotExecutable(path: hostile, reason: .noPermission), .notExecutable, .absent),
    .init(DeliveryError.commandNotExecutable(path: hostile, reason: .directory), .notExecutable, .absent),
    .init(DeliveryError.commandNotExecutable(path: hostile, reason: .argumentsTooLong), .notExecutable, .absent),
    .init(DeliveryError.commandNotExecutable(path: hostile, reason: .interpreterMissing), .notFound, .absent),
    .init(DeliveryError.commandNotExecutable(path: hostile, reason: .other(errno: 8)), .notExecutable, .absent),
    .init(DeliveryError.outputFailed(errno: 28), .failure, .absent),
    .init(DeliveryError.fileExists(path: hostile), .failure),
    .init(DeliveryError.serverMissing(path: hostile), .failure),
    .init(DeliveryError.serverNotStarted(errno: 7), .failure, .absent),
    .init(DeliveryError.fileFailed(path: hostile, errno: 28), .failure, .absent),
  ]

  static let process: [MessageCase] = [
    .init(HardeningError.elevated, .failure), .init(HardeningError.traceable(errno: 1), .failure, .absent),
    .init(HardeningError.noNullDevice(errno: 2), .failure, .absent),
    .init(TerminalError.endOfInput, .refused, .absent), .init(TerminalError.timedOut, .tryAgain, .absent),
    .init(TerminalError.lineTooLong(limit: 1024), .usage, .absent),
    .init(TerminalError.interrupted(signal: 2), .failure, .absent),
    .init(TerminalError.failed(errno: 5), .failure, .absent),
    .init(QRCodeError.libraryMissing(LibraryMissing("libqrencode.so.4", package: "libqrencode4")), .failure),
    .init(QRCodeError.failed(errno: 12), .failure, .absent),
  ]

  static let imports: [MessageCase] = [
    .init(ImportError.nothingThere(hostile), .noSuchProfile),
    .init(ImportError.unknown(hostile, nearest: []), .noSuchProfile),
    .init(ImportError.unknown(hostile, nearest: [hostile]), .noSuchProfile),
    .init(ImportError.locked(collection: hostile), .keyringLocked),
    .init(ImportError.wrongPassphrase(of: hostile, variable: "AWS_VAULT_FILE_PASSPHRASE"), .refused),
    .init(ImportError.wrongPassphrase(of: hostile, variable: nil), .refused),
    .init(ImportError.otherPassphrase, .failure, .absent), .init(ImportError.damaged, .failure, .absent),
    .init(ImportError.foreign(schema: hostile), .failure), .init(ImportError.ambiguous(count: 2), .failure),
    .init(ImportError.notUsed(.keyNotUsed(profile: hostile, source: hostile, from: .option("--x"))), .usage),
    .init(ImportError.otherKey, .failure), .init(ImportError.sameName, .usage),
    .init(ImportError.invalidName(hostile), .usage),
    .init(ImportError.changed, .failure, .absent), .init(ImportError.notRemoved, .failure, .absent),
    .init(ImportError.incomplete([hostile], .refused), .refused, .absent),
    .init(ImportError.left([hostile]), .failure, .absent),
  ]

  static let commands: [MessageCase] = [
    .init(KeyInputError.unset(variable: "AWS_ACCESS_KEY_ID"), .usage),
    .init(KeyInputError.emptyLine(2), .usage),
    .init(KeyInputError.secretFirst, .usage),
    .init(
      KeyRefusal(reason: .service(ServiceError(code: "SignatureDoesNotMatch", message: hostile, status: 403))), .refused
    ),
    .init(
      KeyRefusal(reason: .service(ServiceError(code: "InvalidClientTokenId", message: hostile, status: 403))), .refused),
    .init(CommandError.noValue(option: "--" + hostile), .usage),
    .init(CommandError.keyAsArgument(profile: hostile), .usage),
    .init(CommandError.keyAsArgument(profile: nil), .usage),
    .init(KeyInputError.invalidAccessKeyID, .usage), .init(KeyInputError.invalidSecret, .usage),
    .init(KeyInputError.temporary, .usage), .init(KeyInputError.unreadable(path: hostile, .call(2)), .failure),
    .init(KeyInputError.unreadable(path: hostile, .notRegular), .usage),
    .init(KeyInputError.unreadable(path: hostile, .silent), .failure),
    .init(KeyInputError.unreadable(path: hostile, .call(27)), .usage),
    .init(KeyInputError.noColumns(path: hostile), .usage),
    .init(ShellError.notIntegrated(command: "use", in: .zsh), .usage), .init(ShellError.noProfileBefore, .usage),
    .init(ShellError.noProfileNamed, .usage), .init(ShellError.noProfiles, .noSuchProfile),
    .init(ShellError.nothingChosen, .refused, .absent),
    .init(ShellError.stillRenewing(profile: hostile), .tryAgain, .absent),
    .init(ShellError.notRenewed(profile: hostile, secondsLeft: 240), .refused, .absent),
    .init(ShellError.notRenewed(profile: hostile, secondsLeft: -1), .refused, .absent),
    .init(ShellError.notRenewed(profile: hostile, secondsLeft: nil), .refused, .absent),
    .init(CommandError.cannotAsk("remove it?", flag: "--force"), .usage),
    .init(CommandError.declined, .failure, .absent), .init(CommandError.faultsFound(2), .failure, .absent),
    .init(ConsoleError.noConsole(partition: "aws-iso"), .usage, .absent),
    .init(ConsoleError.notLoopback(variable: "DAYPASS_FEDERATION_URL"), .badConfig),
    .init(ConsoleError.invalidPath(hostile), .usage), .init(ConsoleError.refused(status: 400), .refused),
    .init(ConsoleError.unreadable(status: 502), .tryAgain), .init(ConsoleError.longTermKey, .usage),
    .init(CommandError.unreadablePolicy(path: hostile, .call(2)), .usage),
    .init(CommandError.unreadablePolicy(path: hostile, .silent), .usage),
    .init(CommandError.unreadablePolicy(path: hostile, .notRegular), .usage),
    .init(CommandError.notServable(profile: hostile), .usage),
    .init(CommandError.keyAppeared(profile: hostile), .tryAgain),
    .init(CommandError.nothingToClear(profile: hostile), .noSuchProfile),
    .init(CommandError.nothingToRemove(profile: hostile), .noSuchProfile),
    .init(CommandError.invalidTime(variable: "X", hostile), .badConfig),
  ]
}

// MARK: - Rotation

extension MessageCase {
  static var rotations: [MessageCase] {
    guard let id = AccessKeyID("AKIAMADEUP0000000001") else { return [] }
    let key = AccessKeyDescription(id: id, status: .inactive, creationDate: Date(timeIntervalSince1970: 0))
    let use = AccessKeyUse(date: Date(timeIntervalSince1970: 0), service: hostile, region: hostile)
    return [
      .init(
        RotationError.twoKeys([
          .init(key: key, lastUse: .at(use), profiles: [hostile, hostile]),
          .init(key: key, lastUse: .never, profiles: []),
        ]), .refused),
      .init(RotationError.twoKeys([.init(key: key, lastUse: .unknown, profiles: [hostile])]), .refused),
      .init(RotationError.notListed(id), .refused),
      .init(RotationError.busy(process: 7), .tryAgain),
      .init(RotationError.busy(process: nil), .tryAgain),
      .init(RotationError.notLocked(.foreign(path: hostile)), .failure),
      .init(RotationError.unanswered(seen: id), .tryAgain),
      .init(RotationError.unanswered(seen: nil), .tryAgain),
      .init(RotationError.unknownJournal(version: 3), .failure),
      .init(RotationError.stray(id), .failure),
      .init(RotationError.neverWorked(id, seconds: 60), .tryAgain),
      .init(RotationError.otherIdentity(expected: hostile, actual: hostile), .failure),
      .init(RotationError.noLongerWorks(id, old: id), .tryAgain),
      .init(CommandError.notRotated([hostile]), .failure, .absent),
    ]
  }
}
