import AWSValues
import ArgumentParser
import Delivery
import Profiles
import Sessions

struct Serve: CredentialCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve credentials to AWS SDKs, and renew them.",
    usage: "daypass serve [--format FORMAT] [--idle TIME] [OPTIONS] [PROFILE …]",
    discussion: """
      For example:
        daypass login prod
        (umask 077; exec daypass serve --idle 1h prod > ~/.prod) &
        . ~/.prod
      Prints variables that lead SDKs to a server on 127.0.0.1, which runs until it gets a signal. To serve a single \
      command: daypass exec --server prod -- COMMAND
      """)

  @Argument(help: "Profiles of ~/.aws/config (default: $AWS_PROFILE).")
  var profiles: [String] = []

  @Option(help: "The output format; ini is for export only.")
  var format: ExportFormat = .sh

  @Option(help: ArgumentHelp("End when nobody has asked for credentials for this long: 1h.", valueName: "time"))
  var idle: SessionDuration?

  @OptionGroup var options: CredentialOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  /// The first of the profiles.
  var profile: ProfileArgument { ProfileArgument(named: profiles.first) }

  func validate() throws {
    guard format != .ini else { throw ValidationError("a credentials file has no settings for a server") }
    try scope.checkForServer()
  }

  func run(on host: Host) throws {
    let program = try ServerProgram()
    var names: [String?] = []
    for name in profiles where !names.contains(name) { names.append(name) }
    let served = try (names.isEmpty ? [nil] : names).map { try profileServed($0, by: program, on: host) }
    try host.warnOfSourceBeforeServers()
    let use = ServerRequest.Use.printed(format, idleSeconds: idle?.seconds)
    try program.become(
      handing: ServerRequest(use, served, logging: diagnostics.logging),
      for: Array(host.start.arguments.dropFirst()), from: host.start)
  }

  /// One of several profiles; errors name it.
  private func profileServed(_ name: String?, by program: ServerProgram, on host: Host) throws -> ServedProfile {
    var single = self
    single.profiles = name.map { [$0] } ?? []
    do {
      let (renewable, plan) = try single.planForServer(on: host)
      return try renewable.served(plan, by: program, on: host)
    } catch let error as any UserFacingError where profiles.count > 1 {
      throw ProfileFailure(errorMessage: single.message(of: error, on: host))
    }
  }
}

extension DiagnosticOptions {
  var logging: ServerRequest.Logging { debug ? .requests : .none }
}

// MARK: - Served profiles

extension CredentialCommand {
  /// The plan for a server, and the command with the options that lead to it.
  ///
  /// A role that is assumed with an MFA code in the same call needs another code each time. So it is reached through an
  /// MFA session instead, which renews it for as long as it lasts, an hour at a time.
  func planForServer(on host: Host) throws -> (Self, CredentialPlan) {
    let plan = try plan(on: host)
    guard case .assumeRole(let step) = plan.steps.last, step.device != nil, step.duration > .roleChainingLimit,
      !session.withoutSession
    else { return (self, plan) }
    var shortened = self
    shortened.options.session.duration = .roleChainingLimit
    return (shortened, try shortened.plan(on: host))
  }

  /// The first credentials, for which the user can still be asked, and the command that renews them.
  func served(_ plan: CredentialPlan, by program: ServerProgram, on host: Host) throws -> ServedProfile {
    let credentials = try access(plan, on: host).credentials(margin: .server)
    guard credentials.expiration != nil, credentials.sessionToken.exists else {
      throw CommandError.notServable(profile: plan.profile)
    }
    let variables = try plan.variables(in: host.environment).texts
    return ServedProfile(
      plan.profile, renewal: [program.daypass, CredentialProcess.name] + session.words + scope.words,
      variables: variables, credentials: credentials)
  }
}

extension SessionOptions {
  /// The options as words of a command line, but for those that are good for one call only.
  fileprivate var words: [String] { wordsOfSession + (prompt.map { ["--prompt", $0.rawValue] } ?? []) }
}

extension ScopeOptions {
  func checkForServer() throws {
    guard others.policy == nil else {
      throw ValidationError("a server reads the file of --policy anew, and it may have changed: use --policy-arn")
    }
  }

  fileprivate var words: [String] { (service.map { ["--service", $0] } ?? []) + others.words }
}

extension OtherScopeOptions {
  fileprivate var words: [String] {
    var words: [String] = []
    if readOnly { words.append("--read-only") }
    if viewOnly { words.append("--view-only") }
    for policy in policyArn { words += ["--policy-arn", policy] }
    for tag in tag { words += ["--tag", tag] }
    for key in transitiveTag { words += ["--transitive-tag", key] }
    if let sourceIdentity { words += ["--source-identity", sourceIdentity] }
    return words
  }
}

extension Host {
  /// Warns if the default profile has a source of its own, which SDKs use before they ask a server.
  func warnOfSourceBeforeServers() throws {
    let settings: [Setting] = [
      .accessKeyID, .roleARN, .webIdentityTokenFile, .ssoSession, .ssoStartURL, .credentialProcess, .loginSession,
    ]
    let profile = try profiles().profile(named: "default")
    guard let rival = settings.lazy.compactMap({ profile?[$0] }).first else { return }
    diagnostics.warn(Messages.serverIsPassedOver(for: rival))
  }
}

extension SessionMargin {
  /// A server renews what has less left.
  fileprivate static let server = SessionMargin(timeLeft: 20 * 60)
}
