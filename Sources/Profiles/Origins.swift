/// Where the values of a plan, or of one of its steps, were read, in reading order. A value that has no origin here is
/// the default.
///
/// Where something was read says nothing about what a plan does: two plans that do the same are equal, and share a
/// cached session.
package struct Origins: Equatable, Sendable {
  private var entries: [(setting: Setting, origin: Origin)] = []

  package init() {}

  package subscript(setting: Setting) -> Origin? { entries.first { $0.setting == setting }?.origin }

  /// Nothing if there is no origin.
  mutating func add(_ setting: Setting, _ origin: Origin?) {
    guard let origin else { return }
    entries.append((setting, origin))
  }

  /// Replaces the setting's origin.
  mutating func replace(_ setting: Setting, _ origin: Origin) {
    entries.removeAll { $0.setting == setting }
    entries.append((setting, origin))
  }

  mutating func add(_ others: Origins) { entries += others.entries }

  /// Adds where `profile` has those of these settings that it has.
  mutating func add(_ settings: [Setting], of profile: Profile) {
    for setting in settings { add(setting, profile.value(of: setting)?.origin) }
  }

  /// Each, once.
  package var all: [Origin] {
    entries.reduce(into: []) { all, entry in if !all.contains(entry.origin) { all.append(entry.origin) } }
  }

  package static func == (_: Origins, _: Origins) -> Bool { true }
}

extension Origin {
  /// Nil for an option or a variable.
  package var location: SourceLocation? {
    switch self {
    case .option, .variable: nil
    case .property(_, _, let location), .section(_, let location), .sectionProperty(_, _, let location): location
    }
  }
}

extension CredentialPlan {
  /// Everything that the plan was read from.
  package var allOrigins: [Origin] {
    let sources = [source.origin, regionOrigin, mfaProcess?.origin].compactMap { $0 } + Array(endpointOrigins.values)
    return sources + origins.all + steps.flatMap(\.origins.all) + source.origins.all
  }
}

extension CredentialPlan.Step {
  package var origins: Origins {
    switch self {
    case .sessionToken(let step): step.origins
    case .assumeRole(let step): step.origins
    case .federationToken(let step): step.origins
    }
  }
}

extension CredentialPlan.Source {
  /// The origins of what describes it beyond `settings`.
  fileprivate var origins: Origins {
    switch self {
    case .webIdentity(let identity): identity.role.origins
    case .instance(let instance): instance.origins
    case .longTermKey, .identityCenter, .login, .process, .environment, .container: Origins()
    }
  }

  /// The settings that the profile at the end of the chain describes it with.
  var settings: [Setting] {
    switch self {
    case .longTermKey: []
    case .identityCenter: [.ssoSession, .ssoStartURL, .ssoRegion, .ssoAccountID, .ssoRoleName, .shareSSOCache]
    case .login: [.loginSession, .shareLoginCache]
    case .webIdentity: [.webIdentityTokenFile, .webIdentityTokenProcess]
    case .process: [.credentialProcess, .awsAccountID]
    case .environment, .container, .instance: [.credentialSource]
    }
  }
}

// MARK: - Unused settings

/// A setting of a profile that a plan goes through, without a say in it.
package struct UnusedSetting: Equatable, Sendable {
  /// Its key in the file.
  package let key: String
  package let profile: String
  package let location: SourceLocation
  package let reason: Reason

  package enum Reason: Equatable, Sendable {
    /// A setting that daypass does not know: the AWS CLI's, or nobody's.
    case unknown
    /// A long-term key in plain text.
    case plainTextKey
    /// It counts in the profile only that is asked for.
    case otherProfile(asked: String)
    case overridden(by: Origin)
    /// Credentials come from elsewhere.
    case otherSource(Origin?)
    /// Nothing in the plan needs it.
    case notNeeded
  }
}

extension CredentialPlanner {
  /// The settings, of the profiles that `plan` goes through, that it was not read from.
  package func unusedSettings(by plan: CredentialPlan) throws(PlanError) -> [UnusedSetting] {
    guard let selected = try profiles.plannable(plan.profile) else { return [] }
    let used = plan.allOrigins.compactMap(\.location)
    var unused: [UnusedSetting] = []
    for profile in try ProfileChain(to: selected, in: profiles).passed {
      for (key, location) in profile.propertyLocations where !used.contains(location) {
        let reason = UnusedSetting.Reason(key, of: profile.name, in: plan)
        unused.append(UnusedSetting(key: key, profile: profile.name, location: location, reason: reason))
      }
    }
    return unused
  }
}

extension UnusedSetting.Reason {
  fileprivate init(_ key: String, of profile: String, in plan: CredentialPlan) {
    guard let setting = Setting(rawValue: key) else {
      self = .unknown
      return
    }
    if [.accessKeyID, .secretAccessKey].contains(setting) {
      self = .plainTextKey
    } else if setting.isOfConnection, profile != plan.profile {
      self = .otherProfile(asked: plan.profile)
    } else if setting.isOfSource {
      self = .otherSource(plan.source.origin)
    } else {
      self = plan.origin(overriding: setting, of: profile).map { .overridden(by: $0) } ?? .notNeeded
    }
  }
}

extension CredentialPlan {
  /// What overrides a setting of `profile`; nil if nothing does.
  fileprivate func origin(overriding setting: Setting, of profile: String) -> Origin? {
    let ofSteps = steps.lazy.compactMap { step -> Origin? in
      if setting == .mfaSerial { return step.origins[setting] }
      guard case .property(_, profile, _)? = step.origins[.roleARN] else { return nil }
      return step.origins[setting]
    }
    let ofConnection = setting == .region ? regionOrigin : setting == .endpointURL ? endpointOrigins[.sts] : nil
    return ofConnection ?? ofSteps.first ?? source.origins[setting] ?? origins[setting]
  }
}

extension Setting {
  fileprivate var isOfConnection: Bool {
    [.region, .services, .endpointURL].contains(self) || ConnectionSettings.settings.contains(self)
  }

  /// Whether it says where credentials come from.
  fileprivate var isOfSource: Bool {
    [
      .sourceProfile, .credentialSource, .credentialProcess, .webIdentityTokenFile, .webIdentityTokenProcess,
      .loginSession, .ssoSession, .ssoStartURL, .ssoRegion, .ssoAccountID, .ssoRoleName,
    ].contains(self)
  }
}
