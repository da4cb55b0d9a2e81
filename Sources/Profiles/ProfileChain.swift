internal import AWSValues

/// The profiles that a plan goes through: from the one that was asked for to the one that names the source.
struct ProfileChain {
  /// The profile that names the source.
  private(set) var last: Profile
  private var source = ProfileSource.ownKey
  /// The profiles whose roles are assumed, the one nearest the source last.
  private(set) var roles: [Profile] = []
  /// The calls of daypass in `credential_process` lines, which stand in place of a key, and how many roles are assumed with
  /// what they give.
  private var calls: [(call: SelfCredentialProcess, origin: Origin, rolesBefore: Int)] = []
  /// All of them, in this order.
  private(set) var passed: [Profile]
  private let profiles: ProfileSet

  /// No one has that many accounts to go through, and each costs a call.
  static let longest = 32

  /// Follows `source_profile` from `selected` to the source.
  ///
  /// A source profile with a key in a file ends the chain: its own role is not assumed.
  init(to selected: Profile, in profiles: ProfileSet) throws(PlanError) {
    last = selected
    passed = [selected]
    self.profiles = profiles
    try selected.refuseUnservedSettings()
    while try advance() {}
  }

  /// Goes on to the profile that the current one gets its credentials from; false at the one that names the source.
  private mutating func advance() throws(PlanError) -> Bool {
    if last.holdsKeyInFile, isSourceOfRole {
      source = ProfileSource(withoutRole: last)
      return false
    }
    return try advance(to: ProfileSource(of: last))
  }

  private mutating func advance(to source: ProfileSource) throws(PlanError) -> Bool {
    self.source = source
    switch source {
    case .ownKey, .identityCenter, .login, .process, .webIdentity: return false
    case .ownRole:
      roles.append(last)
      return try advance(to: ProfileSource(withoutRole: last))
    case .machine:
      roles.append(last)
      return false
    case .role(let other):
      roles.append(last)
      try follow(other.text, from: other.origin)
      return true
    case .ownCall(let call, let command):
      // Roles are assumed with what the call prints, and a plan narrows only what it ends in.
      guard roles.isEmpty || call.scope == ScopeRequest() else {
        self.source = .process(command)
        return false
      }
      calls.append((call, command.origin, roles.count))
      guard let name = call.profile, name != last.name else {
        self.source = .ownKey
        return false
      }
      try follow(name, from: command.origin)
      return true
    }
  }

  /// Whether `source_profile` of the last role led here, rather than the user or a call of daypass.
  private var isSourceOfRole: Bool {
    !roles.isEmpty && calls.last?.rolesBefore != roles.count
  }

  private mutating func follow(_ name: String, from origin: Origin) throws(PlanError) {
    let names = passed.map(\.name)
    if let start = names.firstIndex(of: name) { throw .reference(.loop(names[start...] + [name]), from: origin) }
    guard passed.count <= Self.longest else { throw .reference(.tooLong(limit: Self.longest), from: origin) }
    guard let next = try profiles.plannable(name) else {
      let others = profiles.names(near: name).filter { !names.contains($0) }
      throw .reference(.unknownProfile(name, nearest: others), from: origin)
    }
    try next.refuseUnservedSettings()
    passed.append(next)
    last = next
    source = .ownKey
  }
}

// MARK: - What the profiles say

extension ProfileChain {
  /// The roles, the one nearest the source first.
  func parsedRoles() throws(PlanError) -> [Role] {
    var parsed: [Role] = []
    for (index, profile) in roles.enumerated() {
      guard let arn = profile.value(of: .roleARN) else { continue }
      var role = try Role(of: profile, arn: arn)
      if let duration = duration(ofCallBefore: index) { role.duration = duration }
      parsed.append(role)
    }
    return parsed.reversed()
  }

  /// The MFA device: of the role nearest the key, else of the key's profile, else of the next role that names one.
  func device() throws(PlanError) -> (MFADevice, Origin)? {
    guard let serial = valueForMFA(of: .mfaSerial) else { return nil }
    return (try serial.parsed { MFADevice($0) }, serial.origin)
  }

  /// Where the way to `source`, and what describes it, were read.
  func origins(of source: CredentialPlan.Source) -> Origins {
    var origins = Origins()
    for profile in passed { origins.add([.includeProfile], of: profile) }
    for (_, origin, _) in calls { origins.add(.credentialProcess, origin) }
    if case .identityCenter(let role) = source { profiles.addOrigins(of: role.session, to: &origins) }
    origins.add(source.settings, of: last)
    return origins
  }

  /// The program that prints codes, of the first profile in the same order that names one.
  func mfaProcess(home: String?) throws(PlanError) -> MFAProcess? {
    guard let command = valueForMFA(of: .mfaProcess) else { return nil }
    return MFAProcess(words: try ShellWords.words(of: command, home: home), origin: command.origin)
  }

  private func valueForMFA(of setting: Setting) -> SettingValue? {
    (roles.suffix(1) + [last] + roles.dropLast().reversed()).lazy.compactMap { $0.value(of: setting) }.first
  }

  /// Whether a call of daypass has `--no-session`.
  var skipsSession: Bool { calls.contains { $0.call.skipsSession } }

  /// How long the key's session should last, according to a call of daypass.
  var sessionDuration: RequestedDuration? { duration(ofCallBefore: roles.count) }

  /// The region of the first call of daypass that names one, for a profile that has none.
  var region: SettingValue? { firstValue(\.region) }

  /// How MFA codes are asked for, according to the first call of daypass that has `--prompt`.
  var prompt: SettingValue? { firstValue(\.prompt) }

  private func firstValue(_ option: (SelfCredentialProcess) -> String?) -> SettingValue? {
    for (call, origin, _) in calls {
      if let text = option(call) { return SettingValue(text: text, origin: origin) }
    }
    return nil
  }

  /// The scopes of the calls of daypass, the call nearest the source first.
  var scopes: [ScopeRequest] {
    calls.reversed().map { call, origin, _ in
      var scope = call.scope
      scope.origin = origin
      return scope
    }
  }

  /// The profiles that the user asked for, and those of the calls of daypass whose credentials are used for no role.
  var askedFor: [Profile] {
    let called = calls.filter { $0.rolesBefore == 0 }.map { $0.call.profile }
    return passed.filter { $0.name == passed[0].name || called.contains($0.name) }
  }

  /// `--duration` of the call of daypass whose credentials come from the role at `index`.
  private func duration(ofCallBefore index: Int) -> RequestedDuration? {
    calls.lazy.filter { $0.rolesBefore == index }.compactMap { call, origin, _ in
      call.duration.map { RequestedDuration(duration: $0, origin: origin) }
    }.first
  }

  /// What the first call of daypass with such an option asks of the cache, among those whose credentials are used for no
  /// role.
  var freshness: CredentialPlan.Freshness? {
    calls.lazy.filter { $0.rolesBefore == 0 }.compactMap(\.call.freshness).first
  }
}

// MARK: - Profile source

/// Where a profile's own settings say that its credentials come from.
enum ProfileSource {
  /// A long-term key under the profile's own name.
  case ownKey
  /// A role, assumed with what the same profile's other settings name (`source_profile` names the profile itself).
  case ownRole
  /// A role, assumed with the credentials of the profile that `source_profile` names.
  case role(from: SettingValue)
  /// What a `credential_process` line that calls daypass prints: the plan arrives at the same.
  case ownCall(SelfCredentialProcess, SettingValue)
  case identityCenter(Origin)
  case login(SettingValue)
  /// A role, assumed with the token in a file, or with what a program prints.
  case webIdentity(SettingValue, Setting)
  /// What another program prints.
  case process(SettingValue)
  /// A role, assumed with what `credential_source` names.
  case machine(SettingValue)

  /// Reads what `profile` says.
  init(of profile: Profile) throws(PlanError) {
    guard let role = profile.value(of: .roleARN) else {
      self = Self.token(of: profile) ?? ProfileSource(withoutRole: profile)
      return
    }
    // What can say whose credentials the role is assumed with; a profile has one of them.
    let ways: [Setting] = [.sourceProfile, .webIdentityTokenFile, .webIdentityTokenProcess, .credentialSource]
      .filter { profile[$0] != nil }
    if ways.count > 1, let first = profile.firstOrigin(of: ways) { throw .conflict(first, with: ways[1]) }
    if let token = Self.token(of: profile) {
      self = token
    } else if let machine = profile.value(of: .credentialSource) {
      self = .machine(machine)
    } else if let other = profile.value(of: .sourceProfile) {
      self = other.text == profile.name ? .ownRole : .role(from: other)
    } else {
      throw .roleWithoutSource(role.origin)
    }
  }

  /// Nil if the profile names no token.
  private static func token(of profile: Profile) -> ProfileSource? {
    [Setting.webIdentityTokenFile, .webIdentityTokenProcess].lazy.compactMap { setting in
      profile.value(of: setting).map { .webIdentity($0, setting) }
    }.first
  }

  /// What credentials without a role come from, in the order of the AWS CLI; a key in either file counts as one in the
  /// credentials file.
  init(withoutRole profile: Profile) {
    let signOn = profile.firstOrigin(of: [.ssoSession, .ssoAccountID, .ssoRoleName])
    // Without account and role, a session is for bearer tokens alone.
    let hasRole = profile.firstOrigin(of: [.ssoAccountID, .ssoRoleName]) != nil
    if hasRole, let signOn {
      self = .identityCenter(signOn)
    } else if profile.holdsKeyInFile {
      self = .ownKey
    } else if let login = profile.value(of: .loginSession) {
      self = .login(login)
    } else if let command = profile.value(of: .credentialProcess) {
      self = SelfCredentialProcess(command.text).map { .ownCall($0, command) } ?? .process(command)
    } else {
      self = signOn.map { .identityCenter($0) } ?? .ownKey
    }
  }
}

extension ProfileChain {
  /// The source, with all that its settings say.
  func parsedSource(
    _ options: PlanOptions, in environment: [String: String]
  ) throws(PlanError) -> CredentialPlan.Source {
    switch source {
    case .identityCenter(let origin):
      guard let role = try profiles.identityCenterRole(of: last) else { throw .unsupported(origin) }
      return .identityCenter(role)
    case .login(let identity): return .login(try last.loginSession(identity))
    case .webIdentity(let token, let setting):
      let duration = roles.isEmpty ? options.requestedDuration ?? sessionDuration : sessionDuration
      return .webIdentity(try last.webIdentity(token, setting, duration, options, in: environment))
    case .process(let command): return .process(try last.credentialProcess(command, in: environment))
    case .machine(let source): return try last.machine(source, in: environment)
    case .ownKey, .ownRole, .role, .ownCall: return .longTermKey(try last.longTermKey())
    }
  }

  /// Refuses tags in a profile that assumes no role: nothing would carry them.
  func refuseTags(before source: CredentialPlan.Source) throws(PlanError) {
    guard !roles.contains(where: { $0.name == last.name }),
      let origin = last.firstOrigin(of: [.sessionTags, .transitiveSessionTags, .sourceIdentity])
    else { return }
    if last[.roleARN] == nil { throw .missing([.roleARN], for: origin) }
    throw .scope(.cannotNarrow(origin, source: source.origin))
  }

  /// Refuses MFA for a role that is not assumed with a key: only an IAM user has a device.
  func refuseDevices(for source: CredentialPlan.Source) throws(PlanError) {
    for profile in roles {
      if let origin = profile.firstOrigin(of: [.mfaSerial]) { throw .deviceWithoutKey(origin, source: source.origin) }
    }
  }
}

extension Profile {
  /// Refuses a setting of aws-vault that would change whose credentials come out, and would be passed over otherwise.
  fileprivate func refuseUnservedSettings() throws(PlanError) {
    if let origin = firstOrigin(of: [.parentProfile]) { throw .unsupported(origin) }
  }
}

// MARK: - Keeping a key

extension ProfileSet {
  /// Throws for a profile whose credentials come from elsewhere than its own key, so that a key kept under its name would
  /// not be used, or would lead other profiles to other credentials. Any other name may be given a key.
  package func requireOwnKey(of name: String) throws(PlanError) {
    guard let profile = try plannable(name) else { return }
    var source = try ProfileSource(of: profile)
    if case .ownRole = source { source = ProfileSource(withoutRole: profile) }
    switch source {
    case .ownKey, .ownRole: return
    case .role(let other): throw .keyNotUsed(profile: name, source: other.text, from: other.origin)
    case .ownCall(let call, let command):
      guard let other = call.profile, other != name else { return }
      throw .keyNotUsed(profile: name, source: other, from: command.origin)
    case .identityCenter(let origin): throw .keyNotUsed(profile: name, source: nil, from: origin)
    case .login(let value), .webIdentity(let value, _), .process(let value), .machine(let value):
      throw .keyNotUsed(profile: name, source: nil, from: value.origin)
    }
  }

  /// The profile `name`, if nothing about its settings is in doubt; nil if there is none.
  func plannable(_ name: String) throws(PlanError) -> Profile? {
    if let location = quotedHeader(of: name) { throw .quotedProfile(name, at: location) }
    let profile = profile(named: name)
    if let error = profile?.includeError { throw error }
    return profile
  }
}
