import AWSServices
import AWSValues
import ArgumentParser
import FoundationEssentials
import HTTP
import Profiles
import Sessions

struct Explain: CredentialCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show how credentials would be obtained, and why.",
    usage: "daypass explain [--json] [OPTIONS] [PROFILE]",
    discussion: """
      For example:
        daypass explain prod --read-only
      It takes the options of exec, but asks neither the keyring nor AWS nor you. Each setting is shown with the file and \
      line, the variable or the option that it comes from.
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var options: CredentialOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let plan = try plan(on: host)
    var explanation = try Explanation(
      plan, chosenBy: profile.variableName(in: host.environment), on: host, sessions: keptSessions(of: plan, on: host))
    explanation.askedFor(
      codeGiven: session.mfaCode, by: try PromptChoice(session.prompt, plan, in: host.environment), plan)
    explanation.unused = try host.planner(for: host.profiles(), request).unusedSettings(by: plan).map { .init($0) }
    explanation.unused += Explanation.Unused.variables(of: host.environment, besides: plan)
    try output.write(explanation, on: host)
  }

  /// The plan's sessions, that of the source first, as the kernel shows them without their content.
  private func keptSessions(of plan: CredentialPlan, on host: Host) throws -> [Explanation.Session] {
    var rest = plan
    let margin = try SessionMargin.command.or(request, plan.freshness, in: host.environment)
    var sessions = [margin == .none ? .notCached : try host.cachedSession(of: plan, with: margin)]
    while !rest.steps.isEmpty {
      rest = rest.droppingLastStep()
      sessions.append(try host.cachedSession(of: rest, with: .nextStep))
    }
    return sessions.reversed()
  }
}

// MARK: - Cached session

extension Host {
  /// Whether the session that a plan ends in is cached, if that can be seen without reading it.
  ///
  /// - Parameter margin: what the session is for.
  fileprivate func cachedSession(
    of plan: CredentialPlan, with margin: SessionMargin
  ) throws -> Explanation.Session {
    guard plan.isCached, cachePlace != .none else { return .notCached }
    guard cachePlace == .kernel, plan.source.isKnownByPlan else { return .unseen }
    let stsEndpoint = try PlanDigest.STSEndpointIdentity(of: plan.connectionWithRegion)
    let digest = PlanDigest(of: plan, stsEndpoint: stsEndpoint)
    do {
      let seconds = try kernelKeyring.secondsLeft(named: digest.text)
      return Explanation.Session(isCached: seconds != nil, secondsLeft: seconds, needed: margin.timeLeft)
    } catch {
      diagnostics.debug(error.words)
      return runtimeFolder.tellsOfSessions ? .unseen : .notCached
    }
  }
}

extension CredentialPlan.Source {
  /// Whether the plan alone tells its sessions apart, without the owner of a token.
  fileprivate var isKnownByPlan: Bool {
    switch self {
    case .longTermKey, .identityCenter, .login, .process, .instance: true
    case .webIdentity, .environment, .container: false
    }
  }
}

// MARK: - Explanation

/// What `explain` prints.
struct Explanation: Report {
  let profile: String
  /// The variable that names the profile; absent if the command line does, or nothing.
  let profileVariable: String?
  /// What the policies of a scope allow, in a word; absent if there are none.
  let scope: String?
  var source: Source
  var steps: [Step]
  let connection: [Fact]
  var unused: [Unused] = []

  struct Source: Encodable {
    let kind: String
    let name: String
    /// What is asked of it.
    let parameters: [Fact]
    let session: Session?
    var description = ""

    private enum CodingKeys: CodingKey { case kind, name, parameters, session }
  }

  /// A call to STS.
  struct Step: Encodable {
    let call: String
    var parameters: [Fact]
    let session: Session
    /// False if a cached session spares the call.
    let isNeeded: Bool
  }

  struct Session: Encodable {
    /// Absent if only the content of the keyring or of somebody else's token would tell.
    let isCached: Bool?
    /// At least; the kernel tells roughly.
    let secondsLeft: Int?

    /// How much has to be left, in seconds.
    var needed: TimeInterval = 0

    static let notCached = Session(isCached: false, secondsLeft: nil)
    static let unseen = Session(isCached: nil, secondsLeft: nil)

    /// Whether it spares what comes before it.
    var isUsable: Bool { secondsLeft.map { TimeInterval($0) >= needed } ?? false }

    private enum CodingKeys: CodingKey { case isCached, secondsLeft }
  }

  struct Fact: Encodable {
    let name: String
    let value: String
    /// What the value was read from, in words.
    let origin: String
    var file: String?
    var line: Int?
    /// Why it is not what was asked for.
    var note: String?
  }

  struct Unused: Encodable {
    let name: String
    var profile: String?
    var file: String?
    var line: Int?
    let reason: String
  }
}

extension Explanation.Fact {
  /// - Parameter origin: nil for a default.
  init(_ name: String, _ value: String, _ origin: Origin?, note: String? = nil) {
    self.init(
      name: name, value: value, origin: origin?.words ?? "default", file: origin?.location?.file,
      line: origin?.location?.line, note: note)
  }
}

// MARK: - From a plan

extension Explanation {
  /// - Parameter sessions: that of the source first, then one for each step.
  init(_ plan: CredentialPlan, chosenBy variable: String?, on host: Host, sessions: [Session]) throws {
    profile = plan.profile
    profileVariable = variable
    scope = plan.scope.name
    let isUsable = sessions.map(\.isUsable)
    source = Source(
      kind: plan.source.name.kind.rawValue, name: plan.source.name.name, parameters: plan.source.facts(plan.origins),
      session: plan.source.isCached ? sessions[0] : nil, description: plan.source.name.message)
    steps = plan.steps.enumerated().map { index, step in
      Step(
        call: step.call, parameters: step.facts, session: sessions[index + 1],
        isNeeded: !isUsable[(index + 1)...].contains(true))
    }
    connection = try plan.connectionFacts(ProxySettings(environment: host.environment))
  }

  /// Adds the source of the MFA code to the one call that takes a code.
  mutating func askedFor(codeGiven: String?, by choice: PromptChoice?, _ plan: CredentialPlan) {
    guard let index = steps.firstIndex(where: { $0.parameters.contains { $0.name == "SerialNumber" } }) else { return }
    let fact =
      if !steps[index].isNeeded {
        Fact(name: "TokenCode", value: "not needed", origin: "a session is cached")
      } else if plan.device?.givesCodes == false {
        Fact(name: "TokenCode", value: "impossible", origin: "a security key shows no codes")
      } else if codeGiven != nil {
        Fact("TokenCode", "given", .option("--mfa-code"))
      } else if let process = plan.mfaProcess, choice?.precedesProgram != true {
        Fact("TokenCode", "from \(process.words[0].displayText())", process.origin)
      } else {
        choice.map { Fact("TokenCode", $0.source.words, $0.origin) }
          ?? Fact(name: "TokenCode", value: "asked for", origin: "the terminal, or a window")
      }
    steps[index].parameters.append(fact)
  }
}

extension CredentialPlan.Step {
  fileprivate var call: String {
    switch self {
    case .sessionToken: "GetSessionToken"
    case .assumeRole: "AssumeRole"
    case .federationToken: "GetFederationToken"
    }
  }

  fileprivate var facts: [Explanation.Fact] {
    switch self {
    case .sessionToken(let step):
      [.init("DurationSeconds", String(step.duration.seconds), step.origins[.durationSeconds])]
        + step.device.facts(step.origins)
    case .assumeRole(let step): step.facts + step.device.facts(step.origins, note: step.codeNote)
    case .federationToken(let step):
      [
        .init("Name", step.name.text, nil),
        .init("DurationSeconds", String(step.duration.seconds), step.origins[.durationSeconds]),
      ] + step.scope.facts(step.origins)
    }
  }
}

extension CredentialPlan.AssumeRole {
  /// The parameters of the call, by AWS's names.
  fileprivate var facts: [Explanation.Fact] {
    let externalID = externalID.map { Explanation.Fact("ExternalId", $0.text, origins[.externalID]) }
    return [
      .init("RoleArn", role.text, origins[.roleARN]),
      .init("RoleSessionName", sessionName.text, origins[.roleSessionName]),
      .init("DurationSeconds", String(duration.seconds), origins[.durationSeconds], note: capNote),
    ] + [externalID].compactMap { $0 } + scope.facts(origins)
  }
}

extension SessionScope {
  fileprivate func facts(_ origins: Origins) -> [Explanation.Fact] {
    let permissions = origins[.daypassScope]
    var facts = [policy.map { Explanation.Fact("Policy", $0.text, permissions) }].compactMap { $0 }
    facts += policyARNs.map { .init("PolicyArns", $0.text, permissions) }
    facts += tags.map { .init("Tags", "\($0.key)=\($0.value)", origins[.sessionTags]) }
    facts += transitiveTagKeys.map { .init("TransitiveTagKeys", $0, origins[.transitiveSessionTags]) }
    return facts + [sourceIdentity.map { .init("SourceIdentity", $0.text, origins[.sourceIdentity]) }].compactMap { $0 }
  }
}

extension MFADevice? {
  fileprivate func facts(_ origins: Origins, note: String? = nil) -> [Explanation.Fact] {
    map { [.init("SerialNumber", $0.text, origins[.mfaSerial], note: note)] } ?? []
  }
}

extension CredentialPlan.InstanceMetadata {
  /// The settings that are set.
  fileprivate var facts: [Explanation.Fact] {
    let values: KeyValuePairs<Setting, String> = [
      .metadataEndpoint: endpoint ?? "", .metadataEndpointMode: mode == .ipv6 ? "IPv6" : "IPv4",
      .metadataTimeout: String(timeout.components.seconds),
    ]
    return values.compactMap { setting, value in origins[setting].map { .init(setting.rawValue, value, $0) } }
  }
}

extension CredentialPlan.Source {
  fileprivate func facts(_ origins: Origins) -> [Explanation.Fact] {
    func fact(_ setting: Setting, _ value: String?, _ origin: Origin? = nil) -> [Explanation.Fact] {
      value.map { [.init(setting.rawValue, $0, origins[setting] ?? origin)] } ?? []
    }
    return switch self {
    case .longTermKey: []
    case .identityCenter(let role):
      fact(.ssoStartURL, role.session.startURL) + fact(.ssoRegion, role.session.region)
        + fact(.ssoAccountID, role.account) + fact(.ssoRoleName, role.role)
    case .login(let session): fact(.loginSession, session.identity.text)
    case .webIdentity(let identity):
      fact(Self.tokenSetting(of: identity), identity.token.name, identity.origin) + identity.role.facts
    case .process(let process): fact(.credentialProcess, process.words.map(\.shellWord).joined(separator: " "))
    case .environment(let origin): fact(.credentialSource, "Environment", origin)
    case .container(let origin): fact(.credentialSource, "EcsContainer", origin)
    case .instance(let instance):
      fact(.credentialSource, "Ec2InstanceMetadata", instance.origin) + instance.facts
    }
  }

  private static func tokenSetting(of identity: CredentialPlan.WebIdentity) -> Setting {
    switch identity.token {
    case .file: .webIdentityTokenFile
    case .program: .webIdentityTokenProcess
    }
  }
}

extension CredentialPlan {
  /// Region, endpoints of the services that are called, proxy, and every setting that is not the default.
  fileprivate func connectionFacts(_ proxies: ProxySettings) throws -> [Explanation.Fact] {
    let connection = connectionWithRegion
    var facts = [Explanation.Fact("region", connection.region ?? "none", regionOrigin)]
    for service in services {
      var connection = connection
      if case .identityCenter(let role) = source, service != .sts { connection.region = role.session.region }
      let url = try Endpoint(service, of: connection).url
      let text = url.path == "/" ? String(url.text.dropLast()) : url.text
      facts.append(.init(service.rawValue, text, endpointOrigins[service]))
      guard let proxy = try proxies.proxy(for: url), let variable = proxies.variable else { continue }
      facts.append(.init("proxy of \(service.rawValue)", proxy.origin, .variable(variable)))
    }
    let settings: [(Setting, String)] = [
      (.useFIPSEndpoint, String(connection.useFIPS)), (.useDualStackEndpoint, String(connection.useDualStack)),
      (.stsRegionalEndpoints, connection.useGlobalSTSEndpoint ? "legacy" : "regional"),
      (.caBundle, connection.caBundle ?? ""), (.maxAttempts, String(connection.maxAttempts)),
    ]
    for (setting, value) in settings {
      if let origin = origins[setting] { facts.append(.init(setting.rawValue, value, origin)) }
    }
    return facts
  }

  /// The services that the plan calls.
  private var services: [Connection.Service] {
    let ofSource: [Connection.Service] =
      switch source {
      case .identityCenter: [.ssoOIDC, .sso]
      case .login: [.signIn]
      case .webIdentity: steps.isEmpty ? [.sts] : []
      case .longTermKey, .process, .environment, .container, .instance: []
      }
    return ofSource + (steps.isEmpty ? [] : [.sts])
  }
}

// MARK: - Unused

extension Explanation.Unused {
  fileprivate init(_ setting: UnusedSetting) {
    self.init(
      name: setting.key, profile: setting.profile, file: setting.location.file, line: setting.location.line,
      reason: setting.reason.words)
  }

  /// Variables of credentials and of regions that count elsewhere.
  fileprivate static func variables(
    of environment: [String: String], besides plan: CredentialPlan
  ) -> [Explanation.Unused] {
    var names = ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_REGION", "AWS_DEFAULT_REGION"]
    names.removeAll { plan.allOrigins.contains(.variable($0)) }
    if plan.source.name.kind != .environment { names.append("AWS_ACCESS_KEY_ID") }
    return names.filter { environment.value(of: $0) != nil }
      .map { .init(name: $0, reason: $0.hasSuffix("REGION") ? otherRegion : otherSource) }
  }
}
