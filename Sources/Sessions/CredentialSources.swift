internal import Profiles
internal import Secrets

/// Gets the credentials that a plan starts with, each kind where it is kept or asked for.
package struct CredentialSources {
  private let keys: LongTermKeys

  package init(keys: LongTermKeys) {
    self.keys = keys
  }

  func credentials(from source: CredentialPlan.Source) throws -> Credentials {
    switch source {
    case .longTermKey(let key): try credentials(of: key)
    case .identityCenter, .login, .webIdentity, .process, .environment, .container, .instance:
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
