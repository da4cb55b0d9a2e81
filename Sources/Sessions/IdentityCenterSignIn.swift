internal import AWSServices
internal import FoundationEssentials
internal import Profiles

/// One sign-in to IAM Identity Center, by the flow that the prompter prefers, or with a device code if the instance does
/// not allow that.
struct IdentityCenterSignIn {
  let services: IdentityCenterServices
  let prompter: any SignInPrompter
  let now: @Sendable () -> Date

  private var session: IdentityCenterSession { services.session }

  func run(_ state: inout IdentityCenterState) throws {
    let startURL = try startURL()
    // Sessions of the old kind know device codes only.
    let flow = session.name == nil ? .device : prompter.flow
    do {
      try run(flow, startURL, &state)
    } catch let error as AWSError where flow == .authorizationCode && error.tokenRefusal == .notAllowed {
      prompter.tell(.deviceCode)
      try run(.device, startURL, &state)
    }
  }

  /// The start URL as the service knows it. One that leads elsewhere than to AWS is refused; one that cannot be followed
  /// may still be known.
  private func startURL() throws -> String {
    do throws(StartURL.Fault) {
      let found = try services.oidc.startURL(of: session.startURL)
      if let region = found.region, region != session.region {
        prompter.tell(.otherRegion(region, configured: session.region))
      }
      if found.text != session.startURL { prompter.tell(.startURLLeads(to: found.text)) }
      return found.text
    } catch {
      if case .notAWS(let page) = error { throw SignInError.foreignStartURL(page) }
      prompter.tell(.startURLNotFollowed(error))
      return session.startURL
    }
  }

  /// With a new registration, if the service has forgotten the one we had.
  private func run(_ flow: SignInFlow, _ startURL: String, _ state: inout IdentityCenterState) throws {
    do {
      try signIn(by: flow, startURL, &state)
    } catch let error as AWSError where error.tokenRefusal == .invalidClient {
      state.setRegistration(nil, for: flow)
      try signIn(by: flow, startURL, &state)
    }
  }

  private func signIn(by flow: SignInFlow, _ startURL: String, _ state: inout IdentityCenterState) throws {
    try register(for: flow, startURL, &state)
    let token = try state.withRegistration(for: flow, life: 0, at: now()) { registration in
      switch flow {
      case .device: try tokenByDevice(registration, startURL)
      case .authorizationCode: try tokenByBrowser(registration)
      }
    }
    guard let token else { throw AWSError.malformed(call: "RegisterClient", element: "clientSecretExpiresAt") }
    state.setToken(token, from: flow, at: now())
  }

  /// Once for each flow, until the registration is about to expire.
  private func register(for flow: SignInFlow, _ startURL: String, _ state: inout IdentityCenterState) throws {
    guard try state.withRegistration(for: flow, life: Self.registrationMargin, at: now(), { _ in true }) == nil else {
      return
    }
    let registration = try services.oidc.registerClient(
      named: prompter.clientName, for: flow, scopes: session.scopes, startURL: startURL)
    state.setRegistration(registration, for: flow)
  }

  private static let registrationMargin: TimeInterval = 15 * 60

  private func tokenByBrowser(_ registration: borrowing ClientRegistration) throws -> AccessToken {
    let id = registration.id
    let grant = try prompter.authorize { request in
      try services.oidc.authorizationURL(
        for: id, redirectURI: request.redirectURI, state: request.state, scopes: session.scopes,
        challenge: request.challenge)
    }
    return try services.oidc.token(
      forAuthorizationCode: grant.code, verifier: grant.verifier, redirectURI: grant.redirectURI, by: registration)
  }

  // MARK: Device code

  private func tokenByDevice(_ registration: borrowing ClientRegistration, _ startURL: String) throws -> AccessToken {
    let authorization = try services.oidc.startDeviceAuthorization(by: registration, startURL: startURL)
    for page in [authorization.verificationURI, authorization.completeURI ?? authorization.verificationURI] {
      guard AWSPage.isTrusted(page) else { throw SignInError.foreignPage(page) }
    }
    let end = now() + TimeInterval(authorization.expiresIn)
    // The client may be approved already.
    if case .token(let token) = try ask(for: authorization, registration) { return token }
    try prompter.show(authorization, for: session)
    return try waitForApproval(of: authorization, registration, until: end)
  }

  private func waitForApproval(
    of authorization: borrowing DeviceAuthorization, _ registration: borrowing ClientRegistration, until end: Date
  ) throws -> AccessToken {
    var interval = authorization.interval < 1 ? Self.defaultInterval : authorization.interval
    var failures = 0
    while now() < end {
      prompter.pause(seconds: min(interval, max(1, Int(end.timeIntervalSince(now())))))
      switch try ask(for: authorization, registration) {
      case .token(let token): return token
      case .pending: failures = 0
      case .slowDown: interval += Self.defaultInterval
      case .transientFailure(let error):
        failures += 1
        if failures == 3 { prompter.warn(error) }
      }
    }
    throw SignInError.timedOut(session.sourceName, seconds: authorization.expiresIn)
  }

  /// Seconds between two requests if the service does not say (RFC 8628, 3.2), and how much longer to wait if that was too
  /// often (3.5).
  private static let defaultInterval = 5

  private enum Answer: ~Copyable {
    case token(AccessToken)
    case pending
    case slowDown
    /// The next request may succeed.
    case transientFailure(AWSError)
  }

  private func ask(
    for authorization: borrowing DeviceAuthorization, _ registration: borrowing ClientRegistration
  ) throws -> Answer {
    do throws(AWSError) {
      return .token(try services.oidc.token(forDeviceCode: authorization.deviceCode, by: registration))
    } catch {
      switch error.tokenRefusal {
      case .authorizationPending: return .pending
      case .slowDown: return .slowDown
      case .expiredCode: throw SignInError.timedOut(session.sourceName, seconds: authorization.expiresIn)
      case .accessDenied: throw SignInError.refused(session.sourceName)
      case .invalidGrant, .invalidClient, .notAllowed: throw error
      case nil:
        guard error.mayPass else { throw error }
        return .transientFailure(error)
      }
    }
  }
}
