package import AWSServices
package import FoundationEssentials
internal import Profiles
internal import Secrets

/// Gets the credentials that a plan starts with, each kind where it is kept or asked for. What only some plans need is made
/// when it is needed.
package final class CredentialSources {
  private let keys: () -> LongTermKeys
  private let machine: () -> MachineSources
  private let programs: () -> ProfilePrograms
  private let sts: () -> STS
  private let now: @Sendable () -> Date
  /// One, since a token may come by a pipe, which gives it once.
  private lazy var webIdentities = WebIdentityRoles(sts: sts(), programs: programs(), now: now)
  private let identityCenter: () throws -> IdentityCenter
  private let login: () throws -> ConsoleLogin

  package init(
    keys: @escaping () -> LongTermKeys, machine: @escaping () -> MachineSources,
    programs: @escaping () -> ProfilePrograms, sts: @escaping () -> STS, now: @escaping @Sendable () -> Date,
    identityCenter: @escaping () throws -> IdentityCenter, login: @escaping () throws -> ConsoleLogin
  ) {
    self.keys = keys
    self.machine = machine
    self.programs = programs
    self.sts = sts
    self.now = now
    self.identityCenter = identityCenter
    self.login = login
  }

  /// Fails at once if a sign-in is needed and nobody can be asked, instead of waiting for other processes first.
  func check(_ source: CredentialPlan.Source) throws {
    switch source {
    case .identityCenter(let role): try identityCenter().requireToken(of: role.session)
    case .login(let session): try login().requireToken(of: session)
    case .longTermKey, .webIdentity, .process, .environment, .container, .instance: return
    }
  }

  /// What the source of `plan` gives.
  func credentials(for plan: CredentialPlan) throws -> Credentials {
    switch plan.source {
    case .longTermKey(let key): try credentials(of: key)
    case .webIdentity(let identity): try webIdentities.credentials(of: identity, for: plan.profile)
    case .process(let process): try programs().credentials(of: process, for: plan.profile, at: now)
    case .environment: try machine().ofEnvironment()
    case .container: try machine().ofContainer()
    case .instance(let instance): try machine().ofInstance(instance)
    case .identityCenter(let role): try identityCenter().credentials(for: role)
    case .login(let session): try login().credentials(of: session)
    }
  }

  /// What tells, beyond the config files, whose credentials a source gives, for the digest of its sessions.
  func identity(of source: CredentialPlan.Source) throws -> [String] {
    switch source {
    case .webIdentity(let identity): try webIdentities.identity(of: identity)
    case .environment: machine().identityOfEnvironment
    case .container: try machine().identityOfContainer()
    case .longTermKey, .identityCenter, .login, .process, .instance: []
    }
  }

  private func credentials(of key: CredentialPlan.LongTermKey) throws -> Credentials {
    guard let stored = try keys().key(of: key.profile) else {
      throw SessionError.noKey(profile: key.profile, plainText: key.plainText)
    }
    return stored.credentials.clone()
  }
}
