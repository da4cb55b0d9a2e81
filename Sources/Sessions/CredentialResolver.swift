package import AWSServices
package import AWSValues
package import FoundationEssentials
package import Processes
package import Profiles
package import Prompts
package import Secrets

/// Carries out a plan: the furthest cached session first, then one AWS call for each step that is left.
package struct CredentialResolver {
  private let sources: CredentialSources
  private let cache: SessionCache
  private let locks: NamedLocks?
  private let sts: () -> STS
  private let codes: MFACodes
  private let stsEndpoint: PlanDigest.STSEndpointIdentity
  private let now: @Sendable () -> Date
  private let warn: (SessionWarning) -> Void

  /// Without `locks`, several processes may ask for the same session at once, as they must if none is cached.
  package init(
    sources: CredentialSources, cache: SessionCache, locks: NamedLocks?, sts: @escaping () -> STS, codes: MFACodes,
    stsEndpoint: PlanDigest.STSEndpointIdentity, now: @escaping @Sendable () -> Date,
    warn: @escaping (SessionWarning) -> Void
  ) {
    self.sources = sources
    self.cache = cache
    self.locks = locks
    self.sts = sts
    self.codes = codes
    self.stsEndpoint = stsEndpoint
    self.now = now
    self.warn = warn
  }

  /// The credentials that `plan` leads to, with as much time left as `margin` says.
  package func credentials(for plan: CredentialPlan, margin: SessionMargin) throws -> Credentials {
    do {
      return try cachedOrNew(plan, margin.earlier(for: plan))
    } catch  where error.mayPass {
      guard let lastResort = margin.lastResort(for: plan), let session = try cachedSession(of: plan, margin: lastResort)
      else {
        throw error
      }
      warn(.notRenewed(error))
      return session
    }
  }

  /// The cached session of `plan`; failing that, a new one, which one process at a time asks for. Each step has a lock of
  /// its own: processes that need different roles of one session wait for each other at that session only.
  private func cachedOrNew(_ plan: CredentialPlan, _ margin: SessionMargin) throws -> Credentials {
    guard plan.isCached else { return try newCredentials(of: plan) }
    let digest = try digest(of: plan)
    if let session = try cache.session(of: digest, margin: margin) { return session }
    try checkSource(of: plan)
    return try locks.withLock(named: digest.text) {
      // The process that had the lock has left a session here, if it got one.
      if let session = try cache.session(of: digest, margin: margin) { return session }
      let position = cache.logPosition()
      let session = try newCredentials(of: plan)
      save(session, of: plan, digest, since: position)
      return session
    }
  }

  /// Fails at once if the source needs a sign-in and nobody can be asked. The source is not needed if a step on the way has
  /// a cached session.
  private func checkSource(of plan: CredentialPlan) throws {
    do {
      try sources.check(plan.source)
    } catch {
      var rest = plan
      while !rest.steps.isEmpty {
        rest = rest.droppingLastStep()
        if try cachedSession(of: rest, margin: .nextStep).exists { return }
      }
      throw error
    }
  }

  /// The last step, taken with the credentials that the plan without it leads to; what the source gives if there is none.
  private func newCredentials(of plan: CredentialPlan) throws -> Credentials {
    guard let last = plan.steps.last else { return try sources.credentials(for: plan) }
    // Only this step is tried again: what the steps before could not renew is not asked for a second time.
    return try retryingIfExpired(plan.droppingLastStep(), margin: .nextStep) { signer in
      try perform(last, with: signer)
    }
  }

  /// Lends the credentials of `plan` to `body`; if AWS says that their session has expired before its time, once more with
  /// a new one.
  package func retryingIfExpired<Result: ~Copyable>(
    _ plan: CredentialPlan, margin: SessionMargin, _ body: (borrowing Credentials) throws -> Result
  ) throws -> Result {
    let credentials = try credentials(for: plan, margin: margin)
    do {
      return try body(credentials)
    } catch let error as AWSError where error.means(.expiredSession) && plan.isTemporary {
      // Only the program or service that issued them can renew them.
      guard plan.isCached else { throw SourceError.expired(plan.source.name, nil) }
      try cache.remove(digest(of: plan), accessKeyID: credentials.accessKeyID)
    }
    return try body(self.credentials(for: plan, margin: margin))
  }

  /// Caches credentials that a sign-in has returned.
  package func cache(_ credentials: borrowing Credentials, of plan: CredentialPlan) throws {
    save(credentials, of: plan, try digest(of: plan), since: cache.logPosition())
  }

  /// The cached session of `plan`; nil if there is none.
  package func cachedSession(of plan: CredentialPlan, margin: SessionMargin) throws -> Credentials? {
    plan.isCached ? try cache.session(of: digest(of: plan), margin: margin) : nil
  }

  private func digest(of plan: CredentialPlan) throws -> PlanDigest {
    PlanDigest(of: plan, stsEndpoint: stsEndpoint, identity: try sources.identity(of: plan.source))
  }

  private func perform(_ step: CredentialPlan.Step, with signer: borrowing Credentials) throws -> Credentials {
    switch step {
    case .sessionToken(let step):
      return try codes.withCode(of: step.device) { code in
        try sts().sessionToken(duration: step.duration, mfa: code, signedBy: signer)
      }
    case .assumeRole(let step):
      let request = AssumeRoleRequest(
        role: step.role, sessionName: step.sessionName, duration: step.duration, externalID: step.externalID,
        scope: step.scope)
      return try codes.withCode(of: step.device) { code in try sts().assumeRole(request, mfa: code, signedBy: signer) }
    case .federationToken(let step):
      return try sts().federationToken(name: step.name, duration: step.duration, scope: step.scope, signedBy: signer)
    }
  }

  /// Credentials are worth more than the cache: one that cannot be written is a warning.
  private func save(
    _ credentials: borrowing Credentials, of plan: CredentialPlan, _ digest: PlanDigest,
    since position: ForgottenSessions.Position
  ) {
    guard let expiration = credentials.expiration else { return }
    let about = CachedSession.About(
      source: plan.source.name, role: plan.sessionRole, device: plan.device?.text, scope: plan.scope.name,
      issued: now(), expiration: expiration)
    do {
      try cache.save(CachedSession(credentials: credentials.clone(), about: about), of: digest, since: position)
    } catch {
      warn(.notCached(error))
    }
  }
}

extension CredentialPlan {
  fileprivate var isTemporary: Bool { !steps.isEmpty || source.keyProfile == nil }
}

// MARK: - Session error

/// Why a plan could not be carried out, apart from AWS's and the keyring's answers.
package enum SessionError: Error, Equatable {
  /// The keyring holds no key for the profile the plan starts with; `plainText` is where a file still does.
  case noKey(profile: String, plainText: SourceLocation?)
  /// The keyring holds something under the profile's name that is not what we wrote.
  case damagedKey(profile: String, PayloadError)
  /// A code is needed for a session of `profile`, and there is nobody to ask.
  case noPrompt(device: MFADevice, profile: String, PromptObstacle)
  /// The program that `mfa_process` names, at this place, failed; nil if it printed no code.
  case mfaProcess(Origin, ChildError?)
  /// The program that was to ask for a code did not.
  case prompt(PromptError)
  /// The MFA device is a security key or a passkey, which shows no codes.
  case securityKey(MFADevice)
  /// The user ended the prompt without a code.
  case promptCancelled
  /// `--mfa-code` is not six digits.
  case invalidCode
  /// The code was sent with the wrong time, so AWS did not judge it, and there is nobody to ask for the next one; AWS's
  /// clock is `offset` seconds ahead.
  case clockWasOff(offset: Int)
  /// Every code that was tried was wrong; what AWS last said to one, if any was sent.
  case noValidCode(device: MFADevice, tries: Int, ServiceError?)
  /// Another process has been getting the session for `seconds`; nil if it is not known which.
  case busy(process: Int32?, seconds: Int)
  /// The session was forgotten by another process while this one asked for it, and is not kept.
  case forgottenMeanwhile
  /// AWS refused the session to the process that this one waited for.
  case refusedElsewhere(process: Int32)
}

/// Why nobody can be asked.
package enum PromptObstacle: Sendable {
  case noTerminal
  /// We are in the background of a terminal.
  case background
  /// There is a display, but no program that could ask there.
  case noProgram
  /// The user wants no question.
  case forbidden
}

// MARK: - Session margin

/// How much time a cached session must have left to be handed out.
package struct SessionMargin: Equatable, Sendable {
  /// In seconds.
  package var timeLeft: TimeInterval
  /// Whether a session whose whole life is shorter than `timeLeft` may be used until a third of its life is left.
  package var short: ShortSessions
  /// Whether a session with less time left is still handed out if there is no way to get a new one now.
  package var fallback: Fallback

  package init(timeLeft: TimeInterval, short: ShortSessions = .useUntilLastThird, fallback: Fallback = .none) {
    self.timeLeft = timeLeft
    self.short = short
    self.fallback = fallback
  }

  package enum Fallback: Sendable { case none, whatIsLeft }

  package enum ShortSessions: Sendable { case useUntilLastThird, refuse }

  /// A command is started with at least five minutes.
  package static let command = SessionMargin(timeLeft: 5 * 60)
  /// The AWS SDKs ask `credential_process` again when less than 15 minutes are left.
  package static let credentialProcess = SessionMargin(timeLeft: 16 * 60, fallback: .whatIsLeft)
  /// Enough to make the next call of a plan.
  package static let nextStep = SessionMargin(timeLeft: 60)
  /// No cached session will do.
  package static let none = SessionMargin(timeLeft: .infinity, short: .refuse)

  /// Seconds left at which credentials of `aws login`, which last 15 minutes, are renewed: soon enough that what is left can
  /// still be handed out.
  private static let renewalOfLogin: TimeInterval = 7 * 60

  /// This margin; for credentials that last 15 minutes, one that renews them while the old ones can still be handed out.
  fileprivate func earlier(for plan: CredentialPlan) -> SessionMargin {
    guard plan.endsSoon, self != .nextStep, short == .useUntilLastThird else { return self }
    return SessionMargin(timeLeft: Self.renewalOfLogin, short: .refuse, fallback: fallback)
  }

  /// What to take if there is nothing better.
  fileprivate func lastResort(for plan: CredentialPlan) -> SessionMargin? {
    switch fallback {
    case .none: earlier(for: plan) == self ? nil : self
    case .whatIsLeft: .nextStep
    }
  }

  package func allows(issued: Date, expiration: Date, at now: Date) -> Bool {
    let life = expiration.timeIntervalSince(issued)
    let needed = short == .useUntilLastThird && life <= timeLeft ? life / 3 : timeLeft
    return expiration.timeIntervalSince(now) >= needed
  }
}

/// What to warn the user about although the credentials are delivered.
package enum SessionWarning {
  /// The cache could not be written.
  case notCached(any Error)
  /// There was no way to get a new session, and what is left of the old one is handed out.
  case notRenewed(any Error)
  /// A sign-in could not be refreshed, and what is left of it is used.
  case tokenNotRefreshed(SourceName, any Error)
  /// A token could not be kept, so that the next process needs another sign-in.
  case tokenNotStored(SourceName, any Error)
  /// The service could not be told that the user signed out.
  case notToldOfSignOut(any Error)
}
