package import AWSValues

/// Turns profiles, environment and options into a plan, without asking keyring, network or user.
package struct CredentialPlanner {
  let profiles: ProfileSet
  private let environment: [String: String]
  private let options: PlanOptions

  package init(profiles: ProfileSet, environment: [String: String], options: PlanOptions) {
    self.profiles = profiles
    self.environment = environment
    self.options = options
  }

  package func plan(for name: String) throws(PlanError) -> CredentialPlan {
    guard let selected = try profiles.plannable(name) else {
      if let bare = profiles.bareNames.first(where: { $0.name == name }) { throw .bareName(name, at: bare.location) }
      throw .unknownProfile(name, nearest: profiles.names(near: name))
    }
    let chain = try ProfileChain(to: selected, in: profiles)
    let options = options.adding(chain)
    var source = try chain.parsedSource(options, in: environment)
    try chain.refuseTags(before: source)
    try refuseLoop(for: [name, chain.last.name], source)
    var settings = ConnectionSettings(
      profile: selected, profiles: profiles, environment: environment, region: options.region)
    settings.defaultRegion = chain.region
    let region = try settings.region()
    var roles = try chain.parsedRoles()
    let scopes = options.scopes
    let permissions = try ScopedPermissions(scopes, of: chain.askedFor)
    if roles.isEmpty { try source.narrow(by: permissions, scopes) }
    try roles.indices.last.map { (last) throws(PlanError) in
      try roles[last].narrow(by: permissions, scopes, environment)
    }
    if let region { try check(roles, source, against: region.text) }
    var steps = PlanSteps(source: source, roles: roles, options: options, session: chain.sessionDuration)
    steps.permissions = roles.isEmpty ? permissions : nil
    if let region { steps.partition = Partition(region: region.text).id }
    if source.keyProfile == nil { try chain.refuseDevices(for: source) } else { steps.device = try chain.device() }
    var plan = CredentialPlan(
      profile: name, source: source, steps: try steps.steps(), connection: try settings.connection(),
      regionOrigin: region?.origin)
    plan.origins = chain.origins(of: source)
    try settings.addOrigins(to: &plan)
    if steps.device != nil { plan.mfaProcess = try chain.mfaProcess(home: environment["HOME"]) }
    (plan.freshness, plan.prompt) = (chain.freshness, chain.prompt)
    return plan
  }

  /// The plan if no profile is named: that of a container's variables, or else that of `name`.
  package func plan(ifNoneIsNamed name: String) throws(PlanError) -> CredentialPlan {
    guard let identity = try CredentialPlan.WebIdentity(of: environment, options) else { return try plan(for: name) }
    let settings = ConnectionSettings(
      profile: try profiles.plannable(name), profiles: profiles, environment: environment, region: options.region)
    let region = try settings.region()
    if let region { try check([], .webIdentity(identity), against: region.text) }
    var source = CredentialPlan.Source.webIdentity(identity)
    try source.narrow(by: ScopedPermissions([options.scope], of: []), [options.scope])
    var plan = CredentialPlan(
      profile: name, source: source, steps: [], connection: try settings.connection(),
      regionOrigin: region?.origin)
    try settings.addOrigins(to: &plan)
    return plan
  }

  /// Refuses to run a program that has led to this very command.
  private func refuseLoop(for profiles: [String], _ source: CredentialPlan.Source) throws(PlanError) {
    guard let origin = source.originOfProgram else { return }
    try ProfileTrail(in: environment).check(profiles, from: origin)
  }

  private func check(_ roles: [Role], _ source: CredentialPlan.Source, against region: String) throws(PlanError) {
    let partition = Partition(region: region).id
    var arns = roles.map { ($0.arn, $0.arnOrigin) }
    if case .webIdentity(let identity) = source { arns.append((identity.role.role, identity.origin)) }
    for (arn, origin) in arns where arn.partition != partition {
      throw .otherPartition(arn, region: region, regionPartition: partition, of: origin)
    }
  }
}

// MARK: - Requested duration

/// How long the user wants a session to last.
struct RequestedDuration {
  var duration: SessionDuration
  var origin: Origin

  /// The first that is given of an option and a setting, checked against what AWS allows; nil if none is.
  static func first(
    of candidates: RequestedDuration?..., within allowed: ClosedRange<SessionDuration>
  ) throws(PlanError) -> RequestedDuration? {
    guard let requested = candidates.compactMap({ $0 }).first else { return nil }
    guard allowed.contains(requested.duration) else {
      throw .durationOutOfRange(requested.duration, allowed: allowed, of: requested.origin)
    }
    return requested
  }
}

extension PlanOptions {
  /// These options, with what the calls of daypass in `chain` ask for.
  fileprivate func adding(_ chain: ProfileChain) -> PlanOptions {
    var options = self
    if chain.skipsSession { options.sessions = .skipped }
    options.calledScopes = chain.scopes
    return options
  }

  /// The scopes that `credential_process` lines calling daypass ask for, then the one from the command line.
  fileprivate var scopes: [ScopeRequest] { calledScopes + [scope] }

  var requestedDuration: RequestedDuration? {
    duration.map { RequestedDuration(duration: $0, origin: .option("--duration")) }
  }

  var requestedSessionDuration: RequestedDuration? {
    sessionTokenDuration.map { RequestedDuration(duration: $0, origin: .variable("DAYPASS_SESSION_DURATION")) }
  }
}

extension SessionDuration {
  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
  static let allowedForSessionToken = SessionDuration(seconds: 900)...SessionDuration(seconds: 129_600)
  static let defaultForSessionToken = SessionDuration(seconds: 43200)
  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  static let allowedForRole = SessionDuration(seconds: 900)...SessionDuration(seconds: 43200)
  static let defaultForRole = SessionDuration(seconds: 3600)
}

// MARK: - Plan options

/// What the command line and the environment ask of a plan.
package struct PlanOptions: Sendable {
  /// `--duration`: how long the resulting credentials should last.
  package var duration: SessionDuration?
  /// `DAYPASS_SESSION_DURATION`: how long sessions of GetSessionToken last.
  package var sessionTokenDuration: SessionDuration?
  package var sessions: Sessions
  /// `--region`.
  package var region: String?
  package var scope = ScopeRequest()
  /// The scopes that `credential_process` lines calling daypass ask for.
  fileprivate var calledScopes: [ScopeRequest] = []
  package var purpose = Purpose.calls
  /// Names the sessions of roles whose profile has no `role_session_name`; a user's name is looked up for these only.
  package var defaultSessionName: @Sendable () -> RoleSessionName

  package init(
    defaultSessionName: @autoclosure @escaping @Sendable () -> RoleSessionName, duration: SessionDuration? = nil,
    sessionTokenDuration: SessionDuration? = nil, sessions: Sessions = .used, region: String? = nil
  ) {
    self.defaultSessionName = defaultSessionName
    self.duration = duration
    self.sessionTokenDuration = sessionTokenDuration
    self.sessions = sessions
    self.region = region
  }

  /// What the credentials are for.
  package enum Purpose: Equatable, Sendable {
    case calls
    /// The console takes neither a key nor a session of GetSessionToken.
    case console
  }

  /// Whether GetSessionToken is called.
  package enum Sessions: Equatable, Sendable {
    case used
    /// `--no-session`: the key itself goes to the command, or straight into AssumeRole.
    case skipped
  }
}

// MARK: - Plan steps

/// Decides which calls lead from a source through roles to credentials. Only a key's own session is made with
/// GetSessionToken; what the other sources give is temporary already.
///
/// AWS limits a role that is assumed with temporary credentials to an hour, and counts an MFA session as such; so one
/// role that is to last longer is assumed straight from the key, its MFA code in the same call.
struct PlanSteps {
  let source: CredentialPlan.Source
  /// The roles, the one nearest the source first.
  let roles: [Role]
  /// The device whose code is asked for, and what names it; nil if no profile on the way does.
  var device: (MFADevice, Origin)?
  let options: PlanOptions
  /// How long what the source gives should last, if a `credential_process` line that calls daypass says so.
  let session: RequestedDuration?
  /// What narrows the session of a key alone.
  var permissions: ScopedPermissions?
  /// The partition of AWS's own policies if there is no role to take it from.
  var partition = Partition.aws.id

  func steps() throws(PlanError) -> [CredentialPlan.Step] {
    switch source {
    case .longTermKey: return try stepsFromKey()
    case .webIdentity: return try chainedRoles(device: nil)
    case .identityCenter, .login, .process, .environment, .container, .instance:
      if let duration = roles.isEmpty ? options.requestedDuration ?? session : session {
        throw .durationOfSource(duration.origin, source: source.origin)
      }
      return try chainedRoles(device: nil)
    }
  }

  private func stepsFromKey() throws(PlanError) -> [CredentialPlan.Step] {
    switch (options.sessions, roles.count) {
    case (.skipped, 0) where options.purpose == .calls: try withoutSession()
    case (_, 0): [try lastingSession()]
    case (_, 1): try stepsToOneRole()
    case (.used, _) where device != nil: try [.sessionToken(sessionToken())] + chainedRoles(device: nil)
    case (.used, _), (.skipped, _): try chainedRoles(device: device)
    }
  }

  private func withoutSession() throws(PlanError) -> [CredentialPlan.Step] {
    if let permissions { throw .scope(.conflict(permissions.origin, .option("--no-session"))) }
    return []
  }

  /// The session that a profile without a role ends with.
  private func lastingSession() throws(PlanError) -> CredentialPlan.Step {
    if let narrowed = try narrowedSession() { return .federationToken(narrowed) }
    return .sessionToken(try sessionToken(options.requestedDuration))
  }

  /// GetSessionToken takes no policy, so that a key alone is narrowed by GetFederationToken; nil if nothing narrows it.
  private func narrowedSession() throws(PlanError) -> CredentialPlan.FederationToken? {
    guard permissions != nil || options.purpose == .console else { return nil }
    var scope = SessionScope()
    if let permissions { try permissions.add(to: &scope, partition: partition) } else { scope.policy = .everything }
    scope.tags = try ScopedIdentity(options.scopes).sortedTags
    let session = try sessionToken(options.requestedDuration)
    var step = CredentialPlan.FederationToken(
      name: FederatedUserName(options.defaultSessionName()), duration: session.duration, scope: scope,
      unscoped: session)
    step.origins.add(.durationSeconds, session.origins[.durationSeconds])
    step.origins.add(.daypassScope, permissions?.origin)
    step.origins.add(.sessionTags, options.scopes.originOfTags)
    return step
  }

  private func stepsToOneRole() throws(PlanError) -> [CredentialPlan.Step] {
    let step = try assumeRole(roles[0], index: 0)
    guard let device else { return [.assumeRole(step)] }
    if options.sessions == .used, step.duration <= .roleChainingLimit {
      return [.sessionToken(try sessionToken()), .assumeRole(step)]
    }
    return [.assumeRole(step.taking(device))]
  }

  private func chainedRoles(device: (MFADevice, Origin)?) throws(PlanError) -> [CredentialPlan.Step] {
    var steps: [CredentialPlan.Step] = []
    for (index, role) in roles.enumerated() {
      let step = try assumeRole(role, index: index).cappedToChain()
      steps.append(.assumeRole(index == 0 ? step.taking(device) : step))
    }
    return steps
  }

  /// The key's session. The one that roles are assumed with does not depend on the role, so that all profiles on the same
  /// key and device share it, and with it one MFA code.
  ///
  /// - Parameter option: how long a session without a role is to last.
  private func sessionToken(_ option: RequestedDuration? = nil) throws(PlanError) -> CredentialPlan.SessionToken {
    let requested = try RequestedDuration.first(
      of: option, session, options.requestedSessionDuration, within: SessionDuration.allowedForSessionToken)
    var step = CredentialPlan.SessionToken(
      duration: requested?.duration ?? .defaultForSessionToken, device: device?.0)
    step.origins.add(.durationSeconds, requested?.origin)
    step.origins.add(.mfaSerial, device?.1)
    return step
  }

  private func assumeRole(_ role: Role, index: Int) throws(PlanError) -> CredentialPlan.AssumeRole {
    let option = index == roles.count - 1 ? options.requestedDuration : nil
    var step = try role.step(option ?? role.duration, options)
    step.externalID = role.externalID
    return step
  }
}

extension CredentialPlan.AssumeRole {
  func taking(_ device: (MFADevice, Origin)?) -> CredentialPlan.AssumeRole {
    var step = self
    step.device = device?.0
    step.origins.add(.mfaSerial, device?.1)
    return step
  }

  /// The same call within AWS's limit for chained roles.
  func cappedToChain() -> CredentialPlan.AssumeRole {
    guard duration > .roleChainingLimit else { return self }
    var step = self
    step.cappedFrom = duration
    step.duration = .roleChainingLimit
    return step
  }
}

extension Role {
  /// The call for a session of this role, without an external id.
  func step(_ duration: RequestedDuration?, _ options: PlanOptions) throws(PlanError) -> CredentialPlan.AssumeRole {
    let requested = try RequestedDuration.first(of: duration, within: SessionDuration.allowedForRole)
    var step = CredentialPlan.AssumeRole(
      role: arn, sessionName: sessionName ?? options.defaultSessionName(),
      duration: requested?.duration ?? .defaultForRole)
    step.origins = origins
    step.origins.add(.durationSeconds, requested?.origin)
    identity.add(to: &step.scope)
    step.origins.add(identity.origins)
    try permissions?.add(to: &step.scope, partition: arn.partition)
    step.origins.add(.daypassScope, permissions?.origin)
    return step
  }
}

// MARK: - Role

/// What a profile says about the role it assumes.
struct Role {
  var arn: RoleARN
  var arnOrigin: Origin
  var sessionName: RoleSessionName?
  var externalID: ExternalID?
  /// `duration_seconds`, whole seconds in digits: other SDKs pass over anything else without a word.
  var duration: RequestedDuration?
  /// Without that of the duration, which an option may override.
  var origins = Origins()
  private var identity: ScopedIdentity
  private var permissions: ScopedPermissions?

  /// Throws for values that AWS would refuse.
  init(arn: SettingValue, sessionName: SettingValue?) throws(PlanError) {
    arnOrigin = arn.origin
    self.arn = try arn.parsed { RoleARN($0) }
    self.sessionName = try sessionName?.parsed { RoleSessionName($0) }
    identity = try ScopedIdentity([])
    origins.add(.roleARN, arn.origin)
    origins.add(.roleSessionName, sessionName?.origin)
  }

  /// The same, with all that `profile` says about its role.
  init(of profile: Profile, arn: SettingValue) throws(PlanError) {
    try self.init(arn: arn, sessionName: profile.value(of: .roleSessionName))
    externalID = try profile.restricted(.externalID)
    identity = try ScopedIdentity(of: profile)
    origins.add([.sourceProfile, .externalID], of: profile)
    guard let seconds = profile.value(of: .durationSeconds) else { return }
    let number = try seconds.parsed { $0.utf8.allSatisfy(\.isDigit) ? Int($0) : nil }
    duration = RequestedDuration(duration: SessionDuration(seconds: number), origin: seconds.origin)
  }
}

extension Role {
  /// Takes in what narrows the role that was asked for.
  mutating func narrow(
    by permissions: ScopedPermissions?, _ requests: [ScopeRequest], _ environment: [String: String]
  ) throws(PlanError) {
    self.permissions = permissions
    try identity.add(requests, environment)
  }
}

extension Profile {
  /// A setting as a value that AWS restricts; nil if the profile has none.
  func restricted<Value: RestrictedText>(_ setting: Setting) throws(PlanError) -> Value? {
    try value(of: setting)?.parsed { Value($0) }
  }
}
