internal import AWSValues

/// Where one signs in to IAM Identity Center: a section `[sso-session NAME]`, or the same settings in a profile, as it was
/// done before there were such sections.
package struct IdentityCenterSession: Equatable, Sendable {
  /// Nil for settings in a profile.
  package var name: String?
  /// As it is written, which is how it is hashed, compared and sent.
  package var startURL: String
  /// The region of the Identity Center instance, which is not the profile's.
  package var region: String
  package var scopes = [IdentityCenterSession.defaultScope]
  package var sharing = CacheSharing.read
  package var origin: Origin

  /// Gives access to accounts; without it a session cannot be refreshed.
  package static let defaultScope = "sso:account:access"
}

// MARK: - Reading

extension ProfileSet {
  /// The role that `profile` names by settings of Identity Center; nil if it names none.
  /// https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
  func identityCenterRole(of profile: Profile) throws(PlanError) -> CredentialPlan.IdentityCenterRole? {
    guard let reference = profile.value(of: .ssoSession) else { return try legacyRole(of: profile) }
    guard let session = try identityCenterSession(named: reference.text, from: reference.origin) else {
      let nearest = names(ofSSOSessionsNear: reference.text)
      throw .reference(.unknownSSOSession(reference.text, nearest: nearest), from: reference.origin)
    }
    for (setting, value) in [(Setting.ssoStartURL, session.startURL), (.ssoRegion, session.region)] {
      guard let own = profile.value(of: setting), own.text != value else { continue }
      throw .conflict(own.origin, with: .ssoSession)
    }
    let missing = [Setting.ssoAccountID, .ssoRoleName].filter { profile[$0] == nil }
    guard missing.count < 2 else { throw .tokenOnly(reference.origin) }
    guard missing.isEmpty else { throw .missing(missing, for: reference.origin) }
    return try role(of: profile, session, reference.origin)
  }

  /// All that the files describe, by sections and by profiles; what is not complete is left out.
  package func identityCenterSessions() -> [IdentityCenterSession] {
    var sessions: [IdentityCenterSession] = []
    for name in ssoSessionNames {
      do throws(PlanError) { sessions += [try identityCenterSession(named: name)].compactMap { $0 } } catch {}
    }
    for name in names {
      guard let profile = profile(named: name), profile[.ssoSession] == nil else { continue }
      do throws(PlanError) { sessions += [try legacyRole(of: profile)?.session].compactMap { $0 } } catch {}
    }
    return sessions
  }

  /// The session that the section `[sso-session name]` describes; nil if there is none.
  ///
  /// - Parameter origin: what refers to the section.
  package func identityCenterSession(
    named name: String, from origin: Origin? = nil
  ) throws(PlanError) -> IdentityCenterSession? {
    guard let section = ssoSession(named: name) else { return nil }
    let header = Origin.section("sso-session \(name)", at: section.location)
    func value(_ setting: Setting) -> SettingValue? { section.value(of: setting, inSSOSession: name) }
    guard let startURL = value(.ssoStartURL), let region = value(.ssoRegion) else {
      throw .missing([.ssoStartURL, .ssoRegion].filter { value($0) == nil }, for: header)
    }
    var session = try IdentityCenterSession(
      name, startURL: startURL, region: region, sharing: value(.shareSSOCache), origin: origin ?? header)
    if let scopes = value(.ssoRegistrationScopes) {
      session.scopes = scopes.text.split(separator: ",").map(\.trimmed).filter { !$0.isEmpty }
    }
    return session
  }

  /// Adds where the section of `session` says what it is.
  func addOrigins(of session: IdentityCenterSession, to origins: inout Origins) {
    guard let name = session.name, let section = ssoSession(named: name) else { return }
    for setting in [Setting.ssoStartURL, .ssoRegion, .ssoRegistrationScopes, .shareSSOCache] {
      origins.add(setting, section.value(of: setting, inSSOSession: name)?.origin)
    }
  }

  /// A profile that has the session's settings itself. Start URL and region alone make no profile of Identity Center.
  private func legacyRole(of profile: Profile) throws(PlanError) -> CredentialPlan.IdentityCenterRole? {
    guard let origin = profile.firstOrigin(of: [.ssoAccountID, .ssoRoleName]) else { return nil }
    let needed: [Setting] = [.ssoStartURL, .ssoRegion, .ssoAccountID, .ssoRoleName]
    let missing = needed.filter { profile[$0] == nil }
    guard missing.isEmpty, let startURL = profile.value(of: .ssoStartURL), let region = profile.value(of: .ssoRegion)
    else { throw .missing(missing, for: origin) }
    let session = try IdentityCenterSession(
      nil, startURL: startURL, region: region, sharing: profile.value(of: .shareSSOCache), origin: startURL.origin)
    return try role(of: profile, session, origin)
  }

  private func role(
    of profile: Profile, _ session: IdentityCenterSession, _ origin: Origin
  ) throws(PlanError) -> CredentialPlan.IdentityCenterRole? {
    guard let account: AccountID = try profile.restricted(.ssoAccountID),
      let role: RoleName = try profile.restricted(.ssoRoleName)
    else { return nil }
    return CredentialPlan.IdentityCenterRole(session: session, account: account.text, role: role.text, origin: origin)
  }
}

extension IdentityCenterSession {
  fileprivate init(
    _ name: String?, startURL: SettingValue, region: SettingValue, sharing: SettingValue?, origin: Origin
  ) throws(PlanError) {
    try startURL.require(\.isStartURL)
    try region.require(\.isHostLabel)
    self.init(
      name: name, startURL: startURL.text, region: region.text, sharing: try CacheSharing(sharing), origin: origin)
  }
}

extension MergedSection {
  /// A setting of the section `[sso-session name]`; one without a value counts as absent.
  fileprivate func value(of setting: Setting, inSSOSession name: String) -> SettingValue? {
    guard let property = property(setting.rawValue), !property.value.isEmpty else { return nil }
    return SettingValue(
      text: property.value, origin: .sectionProperty(setting, section: "sso-session \(name)", at: property.location))
  }
}

extension String {
  /// Whether it can be the address of an access portal.
  package var isStartURL: Bool { hasPrefix("https://") && utf8.allSatisfy { (0x21...0x7e).contains($0) } }
}

extension Substring {
  /// Without blanks at both ends.
  var trimmed: String {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
