internal import AWSValues

/// Where one signs in to IAM Identity Center: a section `[sso-session NAME]`, or the same settings in a profile, as it was
/// done before there were such sections.
package struct IdentityCenterSession: Equatable, Sendable {
  /// Nil for settings in a profile.
  package var name: String?
  /// As it is written, which is how it is hashed, compared and sent.
  package var startURL: String
  /// Of the Identity Center instance; nothing to do with the profile's own.
  package var region: String
  package var scopes = [IdentityCenterSession.usualScope]
  package var sharing = CacheSharing.read
  package var origin: Origin

  /// Gives access to accounts; without it a session cannot be refreshed.
  package static let usualScope = "sso:account:access"
}

// MARK: - Reading

extension ProfileSet {
  /// The role that `profile` names by settings of Identity Center; nil if it names none.
  /// https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
  func identityCenterRole(of profile: Profile) throws(PlanError) -> CredentialPlan.IdentityCenterRole? {
    guard let reference = profile[.ssoSession] else { return try legacyRole(of: profile) }
    let origin = profile.origin(of: reference, .ssoSession)
    guard let session = try identityCenterSession(named: reference.value, origin) else {
      throw .reference(
        .unknownSSOSession(reference.value, nearest: names(ofSSOSessionsNear: reference.value)), from: origin)
    }
    for (setting, value) in [(Setting.ssoStartURL, session.startURL), (.ssoRegion, session.region)] {
      guard let own = profile[setting], own.value != value else { continue }
      throw .conflict(profile.origin(of: own, setting), with: .ssoSession)
    }
    let missing = [Setting.ssoAccountID, .ssoRoleName].filter { profile[$0] == nil }
    guard missing.count < 2 else { throw .tokenOnly(origin) }
    guard missing.isEmpty else { throw .missing(missing, for: origin) }
    return try role(of: profile, session, origin)
  }

  /// The session that the section `[sso-session name]` describes; nil if there is none.
  package func identityCenterSession(named name: String) throws(PlanError) -> IdentityCenterSession? {
    try identityCenterSession(named: name, nil)
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

  /// - Parameter origin: what refers to the section.
  private func identityCenterSession(
    named name: String, _ origin: Origin?
  ) throws(PlanError) -> IdentityCenterSession? {
    guard let section = ssoSession(named: name) else { return nil }
    let header = "sso-session \(name)"
    func value(_ setting: Setting) -> (Property, Origin)? {
      guard let property = section.property(setting.rawValue), !property.value.isEmpty else { return nil }
      return (property, .sectionProperty(setting, section: header, at: property.location))
    }
    guard let startURL = value(.ssoStartURL), let region = value(.ssoRegion) else {
      let missing = [Setting.ssoStartURL, .ssoRegion].filter { value($0) == nil }
      throw .missing(missing, for: .section(header, at: section.location))
    }
    try check(startURL: startURL, region: region)
    let scopes = value(.ssoRegistrationScopes)?.0.value.split(separator: ",").map(\.trimmed).filter { !$0.isEmpty }
    return IdentityCenterSession(
      name: name, startURL: startURL.0.value, region: region.0.value,
      scopes: scopes ?? [IdentityCenterSession.usualScope], sharing: try sharing(value(.shareSSOCache)),
      origin: origin ?? .section(header, at: section.location))
  }

  /// Adds where the section of `session` says what it is.
  func addOrigins(of session: IdentityCenterSession, to origins: inout Origins) {
    guard let name = session.name, let section = ssoSession(named: name) else { return }
    for setting in [Setting.ssoStartURL, .ssoRegion, .ssoRegistrationScopes, .shareSSOCache] {
      let property = section.property(setting.rawValue)
      origins.add(
        setting, property.map { .sectionProperty(setting, section: "sso-session \(name)", at: $0.location) })
    }
  }

  /// A profile that has the session's settings itself. Start URL and region alone make no profile of Identity Center.
  private func legacyRole(of profile: Profile) throws(PlanError) -> CredentialPlan.IdentityCenterRole? {
    guard let origin = profile.firstOrigin(of: [.ssoAccountID, .ssoRoleName]) else { return nil }
    let needed: [Setting] = [.ssoStartURL, .ssoRegion, .ssoAccountID, .ssoRoleName]
    let missing = needed.filter { profile[$0] == nil }
    guard missing.isEmpty, let startURL = profile[.ssoStartURL], let region = profile[.ssoRegion] else {
      throw .missing(missing, for: origin)
    }
    let urlOrigin = profile.origin(of: startURL, .ssoStartURL)
    try check(startURL: (startURL, urlOrigin), region: (region, profile.origin(of: region, .ssoRegion)))
    let session = IdentityCenterSession(
      name: nil, startURL: startURL.value, region: region.value,
      sharing: try sharing(profile[.shareSSOCache].map { ($0, profile.origin(of: $0, .shareSSOCache)) }),
      origin: urlOrigin)
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

  private func sharing(_ setting: (Property, Origin)?) throws(PlanError) -> CacheSharing {
    guard let (property, origin) = setting else { return .read }
    guard let sharing = CacheSharing(rawValue: property.value) else {
      throw .invalidValue(property.value, of: origin)
    }
    return sharing
  }

  private func check(startURL: (Property, Origin), region: (Property, Origin)) throws(PlanError) {
    guard startURL.0.value.isStartURL else { throw .invalidValue(startURL.0.value, of: startURL.1) }
    guard region.0.value.isHostLabel else { throw .invalidValue(region.0.value, of: region.1) }
  }
}

extension String {
  /// Whether it can be the address of an access portal.
  package var isStartURL: Bool { hasPrefix("https://") && utf8.allSatisfy { (0x21...0x7e).contains($0) } }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
