internal import Profiles
internal import Secrets

/// Gets the credentials that a plan starts with, each kind where it is kept or asked for.
package struct CredentialSources {
  private let keys: LongTermKeys
  private let identityCenter: () throws -> IdentityCenter
  private let login: () throws -> ConsoleLogin

  /// What only some plans need is made when it is needed.
  package init(
    keys: LongTermKeys, identityCenter: @escaping () throws -> IdentityCenter,
    login: @escaping () throws -> ConsoleLogin
  ) {
    self.keys = keys
    self.identityCenter = identityCenter
    self.login = login
  }

  /// Fails at once if somebody would have to sign in and nobody can, rather than after a wait for other processes.
  func check(_ source: CredentialPlan.Source) throws {
    switch source {
    case .identityCenter(let role): try identityCenter().requireToken(of: role.session)
    case .login(let session): try login().requireToken(of: session)
    case .longTermKey, .webIdentity, .process, .environment, .container, .instance: return
    }
  }

  func credentials(from source: CredentialPlan.Source) throws -> Credentials {
    switch source {
    case .longTermKey(let key): try credentials(of: key)
    case .identityCenter(let role): try identityCenter().credentials(for: role)
    case .login(let session): try login().credentials(of: session)
    case .webIdentity, .process, .environment, .container, .instance:
      throw SessionError.notServed(source.name)
    }
  }

  private func credentials(of key: CredentialPlan.LongTermKey) throws -> Credentials {
    guard let kept = try keys.key(of: key.profile) else {
      throw SessionError.noKey(profile: key.profile, plainText: key.plainText)
    }
    return kept.credentials.clone()
  }
}
