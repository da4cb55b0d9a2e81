import AWSServices
import AWSValues
import Foundation
import HTTP
import Secrets
import TestSupport
import Testing

@testable import Profiles
@testable import Sessions

extension SourceName {
  static let corp = SourceName(.identityCenter, "corp")
}

// MARK: - Answers

extension ScriptedTransport.Step {
  private static func json(_ text: String) -> Self { .answer(200, text, headers: ["content-type": "application/json"]) }

  static let registered = registered(until: 1_803_024_000)

  static func registered(until end: Int) -> Self {
    json(#"{"clientId":"id","clientSecret":"secret","clientIdIssuedAt":1795248000,"clientSecretExpiresAt":\#(end)}"#)
  }

  static func authorized(
    interval: Int?, page: String = "https://device.sso.eu-west-1.amazonaws.com/"
  ) -> Self {
    json(
      #"{"deviceCode":"device","userCode":"PCTQ-SGXX","verificationUri":"\#(page)","expiresIn":600"#
        + (interval.map { ",\"interval\":\($0)" } ?? "") + "}")
  }

  static func token(_ token: String, refresh: String? = nil, life: Int = 3600) -> Self {
    json(
      #"{"accessToken":"\#(token)","tokenType":"Bearer","expiresIn":\#(life)"#
        + (refresh.map { ",\"refreshToken\":\"\($0)\"" } ?? "") + "}")
  }

  static func oauth(_ status: Int, _ word: String) -> Self {
    .answer(
      status, #"{"error":"\#(word)","error_description":null}"#,
      headers: [
        "content-type": "application/json",
        "x-amzn-errortype": word.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
          + "Exception:http://internal.amazon.com/",
      ])
  }

  static let pending = oauth(400, "authorization_pending")
  static let slowDown = oauth(400, "slow_down")

  static func portal(_ status: Int, _ type: String) -> Self {
    .answer(
      status, #"{"__type":"com.amazonaws.switchboard.portal#\#(type)","message":"no"}"#,
      headers: ["content-type": "application/json"])
  }

  /// An hour from the fixture's clock, wherever that is: the clock is asked when the step is made.
  static let roleCredentials = json(
    #"{"roleCredentials":{"accessKeyId":"ASIAMADEUP0000000001","secretAccessKey":"made/up","sessionToken":"token","#
      + #""expiration":\#(Int(TestClock().now.timeIntervalSince1970 + 3600) * 1000)}}"#)
}

// MARK: - Fixture

final class IdentityCenterFixture {
  let transport: ScriptedTransport
  let store = MemoryStore()
  let clock = TestClock()
  let person: ScriptedPerson
  var shared: String?
  var connection = Connection(region: "eu-west-1")
  private(set) var warnings = 0
  var session = IdentityCenterSession(
    name: "corp", startURL: "https://d-abc123.awsapps.com/start", region: "eu-west-1", origin: .option("test"))

  init(_ script: [ScriptedTransport.Step]) {
    transport = ScriptedTransport(script)
    person = ScriptedPerson(clock)
  }

  private var now: @Sendable () -> Date { { [clock] in clock.now } }

  var client: AWSClient {
    AWSClient(
      connection: connection, transport: transport,
      dependencies: ClientDependencies(now: now, random: { 0 }, pause: { _ in }))
  }

  func service() -> IdentityCenter {
    let (client, connection) = (client, connection)
    return IdentityCenter(
      store: store,
      connect: { session in
        IdentityCenterServices(
          place: try IdentityCenterPlace(session, reachedBy: connection), oidc: SSOOIDC(client), portal: SSO(client))
      }, locks: NamedLocks(folder: store.folder, timeout: 60) { _ in }, signIn: person,
      sharedToken: { [shared, clock] _ in
        shared.map { AccessToken(token: SecretBytes(copying: $0), refreshToken: nil, expiration: clock.now + 600) }
      }, now: now, warn: { [unowned self] _ in warnings += 1 })
  }

  func credentials() throws -> Credentials {
    try service().credentials(
      for: CredentialPlan.IdentityCenterRole(
        session: session, account: "123456789012", role: "Admin", origin: .option("test")))
  }

  var place: IdentityCenterPlace { get throws { try IdentityCenterPlace(session, reachedBy: connection) } }

  func state() throws -> IdentityCenterState { try IdentityCenterTokens(store: store).state(of: place) }

  /// - Parameter age: when the token was got, in seconds before the clock's time.
  func keep(
    token: String, refresh: String, seconds: TimeInterval, age: TimeInterval = 3600, registration: TimeInterval = 86_400
  ) throws {
    var state = IdentityCenterState(portal: "portal")
    let token = AccessToken(
      token: SecretBytes(copying: token), refreshToken: SecretBytes(copying: refresh), expiration: clock.now + seconds)
    state.setToken(token, from: .device, at: clock.now - age)
    state.setRegistration(
      ClientRegistration(
        flow: .device, id: "id", secret: SecretBytes(copying: "secret"), expiration: clock.now + registration),
      for: .device)
    try IdentityCenterTokens(store: store).save(state, of: place)
  }

  var paths: [String] { transport.requests.map { String($0.url.path.dropFirst()) } }

  func body(_ index: Int) -> String { transport.requests[index].body }
}

/// Somebody who waits as long as they are told to, and writes down what they see.
final class ScriptedPerson: SignInPrompter {
  var obstacle: SignInObstacle?
  var flow = SignInFlow.device
  let clientName = "daypass-test"
  private(set) var shown: [String] = []
  private(set) var pauses: [Int] = []
  private(set) var failures = 0
  private(set) var notices: [SignInNotice] = []
  private let clock: TestClock
  /// What happens while they look at the code.
  var meanwhile: () -> Void = {}

  init(_ clock: TestClock) { self.clock = clock }

  func show(_ authorization: borrowing DeviceAuthorization, for session: IdentityCenterSession) {
    shown.append(authorization.userCode)
    meanwhile()
  }

  func warn(_ failure: any Error) { failures += 1 }
  func tell(_ notice: SignInNotice) { notices.append(notice) }

  func pause(seconds: Int) {
    pauses.append(seconds)
    clock.advance(by: TimeInterval(seconds))
  }

  func authorize(_ page: (AuthorizationRequest) throws -> String) throws -> AuthorizationGrant {
    Issue.record("no browser is asked for")
    throw SignInError.refused(.corp)
  }
}
