package import AWSValues

// Where a plan starts, by what the profile's settings say. A profile names one source, and its failure is an error: no
// other one is tried in its place.

extension CredentialPlan {
  /// Where a plan starts. What a source gives is cached, locked and renewed like what a step gives.
  package enum Source: Equatable, Sendable {
    case longTermKey(LongTermKey)
    case identityCenter(IdentityCenterRole)
    case login(LoginSession)
    case webIdentity(WebIdentity)
    case process(CredentialProcess)
    /// `credential_source = Environment`: the credentials in our own variables.
    case environment(Origin)
    /// `credential_source = EcsContainer`.
    case container(Origin)
    /// `credential_source = Ec2InstanceMetadata`.
    case instance(InstanceMetadata)
  }

  /// A long-term access key, kept in the keyring under the name of the profile that holds it.
  package struct LongTermKey: Equatable, Sendable {
    package var profile: String
    /// Where a file holds the same profile's key in plain text, for the message that says how to import it.
    package var plainText: SourceLocation?
  }

  /// A role in an account that IAM Identity Center assigns to the user who signs in.
  package struct IdentityCenterRole: Equatable, Sendable {
    package var session: IdentityCenterSession
    package var account: String
    /// As the access portal lists it.
    package var role: String
    package var origin: Origin
  }

  /// The identity that signed in with `aws login`.
  package struct LoginSession: Equatable, Sendable {
    package var identity: LoginIdentity
    package var sharing = CacheSharing.read
    package var origin: Origin
  }

  /// A role that is assumed with a token of an identity provider.
  package struct WebIdentity: Equatable, Sendable {
    package var token: TokenSource
    package var role: AssumeRole
    package var origin: Origin
  }

  /// Where a token comes from that another program gets and renews.
  package enum TokenSource: Equatable, Sendable {
    /// The path of a file that holds it.
    case file(String)
    /// The words of the command line of a program that prints it, at least one.
    case program([String])

    /// The path, or the program.
    package var name: String {
      switch self {
      case .file(let path): path
      case .program(let words): words[0]
      }
    }
  }

  /// A program that prints credentials.
  package struct CredentialProcess: Equatable, Sendable {
    /// The profile that names it.
    package var profile: String
    /// The words of its command line; at least one.
    package var words: [String]
    /// `aws_account_id` of the profile, for a program that does not tell the account.
    package var account: String?
    package var origin: Origin
  }

  /// The role of the EC2 instance we run on, by IMDSv2.
  package struct InstanceMetadata: Equatable, Sendable {
    /// A URL that the user chose; nil for AWS's own address.
    package var endpoint: String?
    package var mode = InstanceEndpointMode.ipv4
    /// How long to wait for each answer. The service answers at once, if this is an instance.
    package var timeout = Duration.seconds(1)
    /// Where endpoint, mode and timeout were read.
    package var origins = Origins()
    package var origin: Origin
  }
}

/// Whether what the AWS CLI keeps in its own files may be used.
package enum CacheSharing: String, Sendable {
  case read, off

  init(_ setting: SettingValue?) throws(PlanError) {
    self = try setting?.parsed { CacheSharing(rawValue: $0) } ?? .read
  }
}

/// The ARN of who signed in with `aws login`: a user, the account's root, or a session of a role.
package struct LoginIdentity: Hashable, Sendable {
  package let text: String
  package let account: String

  package init?(_ text: String) {
    let arn = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard arn.count == 6, arn[0] == "arn", arn[2] == "iam" || arn[2] == "sts", arn[3].isEmpty,
      String(arn[4]).isAccountID, String(arn[1]).isRestricted(to: "-", length: 1...32),
      String(arn[5]).isRestricted(to: "+=,.@-/", length: 1...1024)
    else { return nil }
    self.text = text
    account = String(arn[4])
  }
}

// MARK: - What the plan asks of its source

extension CredentialPlan.Source {
  /// Whether what it gives is kept in the cache. The keyring keeps a key; the environment, a container and an instance
  /// can be asked again at no cost.
  package var isCached: Bool {
    switch self {
    case .longTermKey, .environment, .container, .instance: false
    case .identityCenter, .login, .webIdentity, .process: true
    }
  }

  /// The profile whose key it is; nil for a source that is no key.
  package var keyProfile: String? {
    switch self {
    case .longTermKey(let key): key.profile
    case .identityCenter, .login, .webIdentity, .process, .environment, .container, .instance: nil
    }
  }

  /// What narrows what it gives.
  var scope: SessionScope {
    switch self {
    case .webIdentity(let identity): identity.role.scope
    case .longTermKey, .identityCenter, .login, .process, .environment, .container, .instance: SessionScope()
    }
  }

  /// The setting that names it; nil for a key, which none names.
  package var origin: Origin? {
    switch self {
    case .longTermKey: nil
    case .identityCenter(let role): role.origin
    case .login(let session): session.origin
    case .webIdentity(let identity): identity.origin
    case .process(let process): process.origin
    case .environment(let origin), .container(let origin): origin
    case .instance(let instance): instance.origin
    }
  }

  /// The setting that names a program to run; nil if there is none.
  var originOfProgram: Origin? {
    switch self {
    case .process(let process): process.origin
    case .webIdentity(let identity):
      switch identity.token {
      case .program: identity.origin
      case .file: nil
      }
    case .longTermKey, .identityCenter, .login, .environment, .container, .instance: nil
    }
  }

  /// What distinguishes its sessions, besides its name, if no role is assumed with them.
  package var role: String? {
    switch self {
    case .identityCenter(let role): "\(role.account)/\(role.role)"
    case .webIdentity(let identity): identity.role.role.text
    case .longTermKey, .login, .process, .environment, .container, .instance: nil
    }
  }

  package var name: SourceName {
    switch self {
    case .longTermKey(let key): SourceName(.key, key.profile)
    case .identityCenter(let role): SourceName(.identityCenter, role.session.name ?? role.session.startURL)
    case .login(let session): SourceName(.login, session.identity.text)
    case .webIdentity(let identity): SourceName(.webIdentity, identity.token.name)
    case .process(let process): SourceName(.process, process.profile)
    case .environment: SourceName(.environment, "")
    case .container: SourceName(.container, "")
    case .instance: SourceName(.instance, "")
    }
  }
}

/// What people and the cache know a source by.
package struct SourceName: Hashable, Sendable {
  package let kind: Kind
  /// The name of the profile that holds the key, of the Identity Center session, of the identity or of the token's file;
  /// empty for a kind of which there is one.
  package let name: String

  package enum Kind: String, CaseIterable, Sendable {
    case key
    case identityCenter = "sso"
    case login
    case webIdentity = "web-identity"
    case process, environment, container, instance
  }

  package init(_ kind: Kind, _ name: String) {
    self.kind = kind
    self.name = name
  }

  package static func key(of profile: String) -> SourceName { SourceName(.key, profile) }
}

// MARK: - Reading

extension Profile {
  func loginSession(_ identity: SettingValue) throws(PlanError) -> CredentialPlan.LoginSession {
    CredentialPlan.LoginSession(
      identity: try identity.parsed { LoginIdentity($0) }, sharing: try CacheSharing(value(of: .shareLoginCache)),
      origin: identity.origin)
  }

  /// - Parameter duration: from an option, or from a `credential_process` line that calls daypass; it precedes the profile's own.
  func webIdentity(
    _ source: SettingValue, _ setting: Setting, _ duration: RequestedDuration?, _ options: PlanOptions,
    in environment: [String: String]
  ) throws(PlanError) -> CredentialPlan.WebIdentity {
    guard let arn = value(of: .roleARN) else { throw .missing([.roleARN], for: source.origin) }
    let role = try Role(of: self, arn: arn)
    let token: CredentialPlan.TokenSource
    if setting == .webIdentityTokenFile {
      token = .file(try source.parsed { Self.fullPath($0, home: environment["HOME"]) })
    } else {
      token = .program(try ShellWords.words(of: source, home: environment["HOME"]))
    }
    let step = try role.step(duration ?? role.duration, options)
    return CredentialPlan.WebIdentity(token: token, role: step, origin: source.origin)
  }

  /// A path from the root or the home; any other would depend on where the command is run.
  private static func fullPath(_ text: String, home: String?) -> String? {
    if text.hasPrefix("/") { return text }
    guard text.hasPrefix("~/"), let home, home.hasPrefix("/") else { return nil }
    return home + text.dropFirst()
  }

  func credentialProcess(
    _ command: SettingValue, in environment: [String: String]
  ) throws(PlanError) -> CredentialPlan.CredentialProcess {
    let words = try ShellWords.words(of: command, home: environment["HOME"])
    let account: AccountID? = try restricted(.awsAccountID)
    return CredentialPlan.CredentialProcess(
      profile: name, words: words, account: account?.text, origin: command.origin)
  }

  /// What `credential_source` names, spelled as the AWS CLI wants it.
  func machine(
    _ source: SettingValue, in environment: [String: String]
  ) throws(PlanError) -> CredentialPlan.Source {
    switch source.text {
    case "Environment": return .environment(source.origin)
    case "EcsContainer": return .container(source.origin)
    case "Ec2InstanceMetadata": return .instance(try instanceMetadata(source.origin, in: environment))
    case let other: throw .invalidValue(other, of: source.origin)
    }
  }

  private func instanceMetadata(
    _ origin: Origin, in environment: [String: String]
  ) throws(PlanError) -> CredentialPlan.InstanceMetadata {
    let disabling = "AWS_EC2_METADATA_DISABLED"
    guard environment[disabling]?.lowercased() != "true" else { throw .disabled(origin, by: disabling) }
    var instance = CredentialPlan.InstanceMetadata(origin: origin)
    func read(_ setting: Setting) -> SettingValue? {
      let found = SettingValue(variableBefore: setting, in: environment) ?? value(of: setting)
      instance.origins.add(setting, found?.origin)
      return found
    }
    instance.endpoint = read(.metadataEndpoint)?.text
    if let mode = read(.metadataEndpointMode) {
      instance.mode = try mode.parsed { InstanceEndpointMode(rawValue: $0.lowercased()) }
    }
    if let timeout = read(.metadataTimeout) { instance.timeout = .seconds(try timeout.positiveNumber()) }
    return instance
  }
}

// MARK: - Environment of a container

extension CredentialPlan.WebIdentity {
  /// The role and the token that variables name, as in a container; nil if no token is named there. They count only if
  /// nobody names a profile.
  init?(of environment: [String: String], _ options: PlanOptions) throws(PlanError) {
    let (pathVariable, arnVariable) = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN")
    guard let path = SettingValue(variable: pathVariable, in: environment) else { return nil }
    guard let arn = SettingValue(variable: arnVariable, in: environment) else {
      throw .missingVariable(arnVariable, for: pathVariable)
    }
    let name = SettingValue(variable: "AWS_ROLE_SESSION_NAME", in: environment)
    let step = try Role(arn: arn, sessionName: name).step(options.requestedDuration, options)
    self.init(token: .file(path.text), role: step, origin: path.origin)
  }
}
