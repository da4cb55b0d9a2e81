/// Where a profile's own settings say that its credentials come from.
enum ProfileSource {
  /// A long-term key under the profile's own name.
  case ownKey
  /// A role, assumed with the profile's own key (`source_profile` names the profile itself).
  case ownKeyForRole
  /// A role, assumed with the credentials of the profile that `source_profile` names.
  case role(from: Property)
  /// The credentials of the profile that our own `credential_process` is called for.
  case sameAs(String, Property)

  /// Reads what `profile` says. A source that is not served is an error rather than passed over.
  init(of profile: Profile) throws(PlanError) {
    if let role = profile[.roleARN] {
      self = try Self.ofRole(role, profile)
    } else {
      try Self.refuse([.webIdentityTokenFile] + Setting.signOnSettings, of: profile)
      self = try profile.holdsKeyInFile ? .ownKey : Self.withoutKeyInFile(profile)
    }
  }

  private static func ofRole(_ role: Property, _ profile: Profile) throws(PlanError) -> ProfileSource {
    try refuse([.webIdentityTokenFile], of: profile)
    guard let source = profile[.sourceProfile] else {
      try refuse([.credentialSource], of: profile)
      throw .roleWithoutSource(profile.origin(of: role, .roleARN))
    }
    guard profile[.credentialSource] == nil else {
      throw .conflict(profile.origin(of: source, .sourceProfile), with: .credentialSource)
    }
    guard source.value == profile.name else { return .role(from: source) }
    if !profile.holdsKeyInFile { try refuse(Setting.signOnSettings, of: profile) }
    return .ownKeyForRole
  }

  private static func withoutKeyInFile(_ profile: Profile) throws(PlanError) -> ProfileSource {
    try refuse([.credentialSource, .loginSession], of: profile)
    guard let process = profile[.credentialProcess] else { return .ownKey }
    guard let command = OwnCredentialProcess(process.value) else {
      throw .unsupported(profile.origin(of: process, .credentialProcess))
    }
    guard let name = command.profile, name != profile.name else { return .ownKey }
    return .sameAs(name, process)
  }

  /// Throws for the first of `settings` that `profile` has.
  private static func refuse(_ settings: [Setting], of profile: Profile) throws(PlanError) {
    for setting in settings {
      if let property = profile[setting] { throw .unsupported(profile.origin(of: property, setting)) }
    }
  }
}

extension Setting {
  /// The settings that make a profile one of IAM Identity Center.
  static let signOnSettings: [Setting] = [.ssoSession, .ssoStartURL, .ssoAccountID, .ssoRoleName]
}
