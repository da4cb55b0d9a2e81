package import AWSValues

/// Everything that is decided before the keyring, the network or the user is asked: where credentials start, which AWS
/// calls they go through, and with which settings.
package struct CredentialPlan: Equatable, Sendable {
  /// The profile that was asked for.
  package var profile: String
  package var source: Source
  package var steps: [Step]
  package var connection: Connection
  /// What the connection's region was read from; nil if there is none.
  package var regionOrigin: Origin?
  /// Prints MFA codes, in place of a prompt.
  package var mfaProcess: MFAProcess?
  /// What a `credential_process` line that calls daypass asks of the cache.
  package var freshness: Freshness?
  /// How such a call asks for MFA codes.
  package var prompt: SettingValue?
  /// Where the connection, and the way to the source, were read.
  package var origins = Origins()
  /// What the endpoints of the connection were read from.
  package var endpointOrigins: [Connection.Service: Origin] = [:]

  /// Which cached session will do.
  package enum Freshness: Equatable, Sendable {
    case new
    case timeLeft(SessionDuration)
  }

  /// Whether the credentials last for fifteen minutes only, whatever is asked for: those of `aws login`.
  package var endsSoon: Bool {
    guard case .login = source else { return false }
    return steps.isEmpty
  }

  /// One AWS call on the way to the credentials.
  package enum Step: Equatable, Sendable {
    case sessionToken(SessionToken)
    case assumeRole(AssumeRole)
    case federationToken(FederationToken)
  }

  /// STS GetFederationToken: a session of a key's user, narrowed. It is signed with the key and takes no MFA code.
  package struct FederationToken: Equatable, Sendable {
    package var name: FederatedUserName
    package var duration: SessionDuration
    package var scope: SessionScope
    /// The session that the same profile has without a scope.
    package var unscoped: SessionToken
    package var origins = Origins()
  }

  /// STS GetSessionToken.
  package struct SessionToken: Equatable, Sendable {
    package var duration: SessionDuration
    package var device: MFADevice?
    package var origins = Origins()
  }

  /// STS AssumeRole.
  package struct AssumeRole: Equatable, Sendable {
    package var role: RoleARN
    package var sessionName: RoleSessionName
    package var externalID: ExternalID?
    package var duration: SessionDuration
    /// What was asked for, if AWS's limit for chained roles made `duration` shorter.
    package var cappedFrom: SessionDuration?
    /// The device whose code goes with this very call; nil if an MFA session or no MFA at all comes before.
    package var device: MFADevice?
    package var scope = SessionScope()
    package var origins = Origins()
  }

  /// The plan that leads to the credentials its last step is taken with.
  package func droppingLastStep() -> CredentialPlan {
    var plan = self
    plan.steps.removeLast()
    return plan
  }
}

extension CredentialPlan {
  /// Whether the credentials that the plan leads to are kept in the cache.
  package var isCached: Bool { steps.isEmpty ? source.isCached : true }

  /// The profile whose key the plan starts with, for commands about keys.
  ///
  /// - Throws: `noKeyUsed` for a plan that starts elsewhere.
  package func keyProfile() throws(PlanError) -> String {
    guard let profile = source.keyProfile else { throw .noKeyUsed(profile: self.profile, from: source.origin) }
    return profile
  }

  /// The role the plan ends in; nil for a session of the key's own user.
  package var role: RoleARN? {
    switch steps.last {
    case .assumeRole(let step): step.role
    case .sessionToken, .federationToken, nil: nil
    }
  }

  /// What narrows the credentials; empty if nothing does.
  package var scope: SessionScope {
    switch steps.last {
    case .assumeRole(let step): step.scope
    case .federationToken(let step): step.scope
    case .sessionToken: SessionScope()
    case nil: source.scope
    }
  }

  /// The same plan, for a command about a user's key or devices.
  ///
  /// - Throws: `noKeyUsed` for a plan that starts elsewhere.
  package func requiringKey() throws(PlanError) -> CredentialPlan {
    _ = try keyProfile()
    return self
  }

  /// What distinguishes the session from others of the same source; nil for a session of the source's own identity.
  package var sessionRole: String? { role?.text ?? source.role }

  /// The device whose code the plan asks for; there is at most one.
  package var device: MFADevice? {
    steps.lazy.compactMap { step in
      switch step {
      case .sessionToken(let step): step.device
      case .assumeRole(let step): step.device
      case .federationToken: nil
      }
    }.first
  }
}

// MARK: - IAM

/// IAM takes no session that GetSessionToken made without an MFA code: it answers InvalidClientTokenId.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
extension CredentialPlan {
  /// This plan, for calls to IAM.
  package var forIAM: CredentialPlan {
    if case .federationToken = steps.last { return forUser }
    guard case .sessionToken(let step) = steps.last, step.device == nil else { return self }
    return droppingLastStep()
  }

  /// The plan for calls to IAM as the user whose key this plan starts with: the key itself, or the MFA session that
  /// profiles on it share.
  package var forUser: CredentialPlan {
    var plan = self
    plan.steps = steps.first.flatMap(Self.userStep).map { [$0] } ?? []
    return plan.forIAM
  }

  /// The plan for what its source gives, before any step.
  package var withoutSteps: CredentialPlan {
    var plan = self
    plan.steps = []
    return plan
  }

  private static func userStep(_ first: Step) -> Step? {
    switch first {
    case .sessionToken: first
    case .assumeRole(let step):
      step.device.map { .sessionToken(SessionToken(duration: .defaultForSessionToken, device: $0)) }
    case .federationToken(let step): .sessionToken(step.unscoped)
    }
  }
}

/// The program of an `mfa_process`.
package struct MFAProcess: Equatable, Sendable {
  /// The words of its command line; at least one.
  package let words: [String]
  package let origin: Origin
}

// MARK: - Plan error

/// Why there is no plan for a profile.
package enum PlanError: Error, Equatable {
  /// Neither file has the profile that was asked for.
  case unknownProfile(String, nearest: [String])
  /// Neither file has the profile, but the config file has `[name]`, without the word `profile`.
  case bareName(String, at: SourceLocation)
  /// A setting leads to nothing, or in a circle.
  case reference(ReferenceFault, from: Origin)
  /// The name is spelled by a header such as `[profile "name"]`, which the AWS CLI reads and the SDKs do not.
  case quotedProfile(String, at: SourceLocation)
  /// A key of this profile would not be used: its credentials come from `source`, or from what `from` names.
  case keyNotUsed(profile: String, source: String?, from: Origin)
  /// A `role_arn` without anything that says with whose credentials to assume it.
  case roleWithoutSource(Origin)
  /// Two settings that exclude each other.
  case conflict(Origin, with: Setting)
  /// Half a key: `present` has no `missing` beside it.
  case partialKey(missing: Setting, present: Origin)
  /// A setting that would change whose credentials come out, or how, and that daypass does not honour.
  case unsupported(Origin)
  /// Settings that `for` needs beside it.
  case missing([Setting], for: Origin)
  /// A profile with an Identity Center session and neither account nor role, which some programs use for a token.
  case tokenOnly(Origin)
  /// An `mfa_serial` of a role whose plan does not start with a key: only an IAM user has a device.
  case deviceWithoutKey(Origin, source: Origin?)
  /// A command about keys was given a profile that uses none.
  case noKeyUsed(profile: String, from: Origin?)
  /// A command line that cannot be run as it is.
  case unusableCommand(String, CommandLineFault, of: Origin)
  /// The variable `for` needs another one, which is not set.
  case missingVariable(String, for: String)
  /// What a setting names, a variable switches off.
  case disabled(Origin, by: String)
  /// `--duration` for credentials whose source decides how long they last.
  case durationOfSource(Origin, source: Origin?)
  /// A value that AWS does not allow, or that cannot be understood.
  case invalidValue(String, of: Origin)
  case durationOutOfRange(SessionDuration, allowed: ClosedRange<SessionDuration>, of: Origin)
  /// The role is of another partition than the region.
  case otherPartition(RoleARN, region: String, regionPartition: String, of: Origin)
  /// The credentials cannot be narrowed as was asked.
  case scope(ScopeFault)
}

/// What is wrong with where a setting leads.
package enum ReferenceFault: Equatable, Sendable {
  /// Neither file has the profile.
  case unknownProfile(String, nearest: [String])
  /// Profiles refer to each other in a circle; the first name comes back as the last.
  case loop([String])
  /// More than `limit` profiles refer to each other one after the other.
  case tooLong(limit: Int)
  case unknownSSOSession(String, nearest: [String])
  /// `services = name` without a section `[services name]`.
  case unknownServices(String)
  /// Programs that run for each other's profiles, in a circle; the first name comes back as the last.
  case programLoop([String])
  /// Programs that run for these profiles have led to this command, and yet another one would be run.
  case programsTooDeep([String])
}

/// What is wrong with a request to narrow credentials.
package enum ScopeFault: Equatable, Sendable {
  /// They come from a source that takes no policy, or no tags.
  case cannotNarrow(Origin, source: Origin?)
  /// Two that would narrow credentials in different ways.
  case conflict(Origin, Origin)
  case invalidPolicy(PolicyFault, of: Origin)
  case tooMany(Int, limit: Int, of: Origin)
  /// A tag is there twice; AWS tells keys apart without case.
  case repeatedTag(of: Origin)
}
