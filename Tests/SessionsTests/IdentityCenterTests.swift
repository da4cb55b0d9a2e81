import AWSServices
import AWSValues
import Foundation
import HTTP
import Keyring
import Secrets
import TestSupport
import Testing

@testable import Profiles
@testable import Sessions

/// Sign-ins and tokens of IAM Identity Center, on scripted answers and a clock that waits set forward.
struct IdentityCenterTests {
  // MARK: Device code

  @Test func `a pending code is asked for again, and slower if the service says so`() throws {
    let fixture = IdentityCenterFixture([
      .registered, .authorized(interval: 2), .pending, .pending, .slowDown, .token("a", refresh: "r"),
    ])
    _ = try fixture.service().signIn(to: fixture.session)
    #expect(fixture.person.pauses == [2, 2, 7])
    #expect(fixture.person.shown == ["PCTQ-SGXX"])
  }

  @Test(arguments: [nil, 0])
  func `without an interval five seconds are waited`(interval: Int?) throws {
    let fixture = IdentityCenterFixture([.registered, .authorized(interval: interval), .pending, .pending, .token("a")])
    _ = try fixture.service().signIn(to: fixture.session)
    #expect(fixture.person.pauses == [5, 5])
  }

  @Test func `a client that is approved already shows nothing`() throws {
    let fixture = IdentityCenterFixture([.registered, .authorized(interval: 1), .token("a")])
    _ = try fixture.service().signIn(to: fixture.session)
    #expect(fixture.person.shown == [])
  }

  @Test(arguments: [("expired_token", SignInError.timedOut(.corp, seconds: 600)), ("access_denied", .refused(.corp))])
  func `a code that has ended or was refused ends the sign-in`(word: String, error: SignInError) throws {
    let fixture = IdentityCenterFixture([.registered, .authorized(interval: 1), .pending, .oauth(400, word)])
    #expect(throws: error) { try fixture.service().signIn(to: fixture.session) }
  }

  @Test func `a code that nobody uses ends by our own clock`() throws {
    let pending = [ScriptedTransport.Step](repeating: .pending, count: 7)
    let fixture = IdentityCenterFixture([.registered, .authorized(interval: 100)] + pending)
    #expect(throws: SignInError.timedOut(.corp, seconds: 600)) { try fixture.service().signIn(to: fixture.session) }
    #expect(fixture.person.pauses.count == 6)
  }

  @Test func `an interval beyond the code's end is not waited for`() throws {
    let fixture = IdentityCenterFixture([.registered, .authorized(interval: 86_400), .pending, .pending])
    #expect(throws: SignInError.timedOut(.corp, seconds: 600)) { try fixture.service().signIn(to: fixture.session) }
    #expect(fixture.person.pauses == [600])
  }

  @Test func `a service in trouble is asked on, and said after the third time`() throws {
    let fixture = IdentityCenterFixture([
      .registered, .authorized(interval: 1), .pending, .oauth(500, "internal_server_error"),
      .failure(.interrupted(host: "oidc")), .oauth(500, "internal_server_error"), .token("a"),
    ])
    _ = try fixture.service().signIn(to: fixture.session)
    #expect(fixture.person.failures == 1)
  }

  @Test func `a registration that the service forgot is made anew once`() throws {
    let fixture = IdentityCenterFixture([
      .registered, .authorized(interval: 1), .oauth(401, "invalid_client"), .registered, .authorized(interval: 1),
      .token("a"),
    ])
    _ = try fixture.service().signIn(to: fixture.session)
    let again = IdentityCenterFixture([
      .registered, .oauth(401, "invalid_client"), .registered, .oauth(401, "invalid_client"),
    ])
    #expect(throws: AWSError.self) { try again.service().signIn(to: again.session) }
  }

  @Test func `a registration that has ended when it is made is an error, and nobody is asked to sign in`() throws {
    let fixture = IdentityCenterFixture([.registered(until: 0)])
    #expect(throws: AWSError.malformed(call: "RegisterClient", element: "clientSecretExpiresAt")) {
      try fixture.service().signIn(to: fixture.session)
    }
  }

  @Test func `a registration serves the next sign-in too`() throws {
    let fixture = IdentityCenterFixture([
      .registered, .authorized(interval: 1), .token("a"), .authorized(interval: 1), .token("b"),
    ])
    _ = try fixture.service().signIn(to: fixture.session)
    _ = try fixture.service().signIn(to: fixture.session)
    #expect(fixture.paths == ["client/register", "device_authorization", "token", "device_authorization", "token"])
  }

  @Test(arguments: [
    "https://evil.example/", "http://device.sso.eu-west-1.amazonaws.com/",
    "https://device.sso.eu-west-1.amazonaws.com:8443/", "https://user@device.sso.eu-west-1.amazonaws.com/",
    "https://device.sso.eu-west-1.amazonaws.com.evil.example/", "https://awsapps.com.evil.example/start",
  ])
  func `a page that is not AWS's is not shown`(page: String) throws {
    let fixture = IdentityCenterFixture([.registered, .authorized(interval: 1, page: page)])
    #expect(throws: SignInError.foreignPage(page)) { try fixture.service().signIn(to: fixture.session) }
    #expect(fixture.person.shown == [])
  }

  @Test func `a profile of the old kind takes a code, whatever is preferred, and is refreshed all the same`() throws {
    let fixture = IdentityCenterFixture([
      .registered, .authorized(interval: 1), .token("a", refresh: "r"), .token("b"), .roleCredentials,
    ])
    fixture.session.name = nil
    fixture.person.flow = .authorizationCode
    _ = try fixture.service().signIn(to: fixture.session)
    #expect(fixture.body(0).contains(#""scopes":["sso:account:access"]"#))
    fixture.clock.advance(by: 3500)
    _ = try fixture.credentials()
    #expect(fixture.body(3).contains("refresh_token"))
  }

  @Test func `a new sign-in ends when its own token does`() throws {
    let fixture = IdentityCenterFixture([.registered, .authorized(interval: 1), .token("b", refresh: "s")])
    try fixture.keep(token: "a", refresh: "r", seconds: 180, registration: -1)
    #expect(try fixture.service().signIn(to: fixture.session) == fixture.clock.now + 3600)
    #expect(try fixture.state().token.withValue { $0.expiration } == fixture.clock.now + 3600)
  }

  @Test func `a registration with less than 15 minutes left is made anew`() throws {
    for (left, calls) in [(900.0, 3), (901, 2)] {
      let fixture = IdentityCenterFixture(
        [ScriptedTransport.Step](repeating: .registered, count: calls - 2) + [.authorized(interval: 1), .token("b")])
      try fixture.keep(token: "a", refresh: "r", seconds: 180, registration: left)
      _ = try fixture.service().signIn(to: fixture.session)
      #expect(fixture.paths.count == calls)
    }
  }

  @Test func `while a person signs in, programs use and refresh the token that there is`() throws {
    let fixture = IdentityCenterFixture([
      .authorized(interval: 1), .pending, .token("b", refresh: "s"), .roleCredentials, .token("c"),
    ])
    try fixture.keep(token: "a", refresh: "r", seconds: 600)
    fixture.person.meanwhile = { #expect(throws: Never.self) { _ = try fixture.credentials() } }
    _ = try fixture.service().signIn(to: fixture.session)
    #expect(try fixture.state().token.withValue { $0.token.revealed() } == "c")
  }

  // MARK: Start URL

  @Test func `a name of a company's own is told where it leads, and the sign-in goes there`() throws {
    let target = ["location": "https://ssoins-1.portal.us-east-1.app.aws/"]
    let fixture = IdentityCenterFixture([
      .answer(302, "", headers: target), .registered, .authorized(interval: 1), .token("a"),
    ])
    fixture.session.startURL = "https://sso.example.com/start"
    _ = try fixture.service().signIn(to: fixture.session)
    let page = "https://ssoins-1.portal.us-east-1.app.aws"
    #expect(
      fixture.person.notices == [.otherRegion("us-east-1", configured: "eu-west-1"), .startURLLeads(to: page)])
    #expect(fixture.body(2).contains("\"startUrl\":\"\(page)\""))
  }

  @Test func `a name that cannot be followed is used as it is, and one that leads elsewhere is refused`() throws {
    let fixture = IdentityCenterFixture([
      .answer(200, "", headers: [:]), .registered, .authorized(interval: 1), .token("a"),
    ])
    fixture.session.startURL = "https://sso.example.com/start"
    _ = try fixture.service().signIn(to: fixture.session)
    #expect(fixture.person.notices == [.startURLNotFollowed(.noRedirect(status: 200))])
    #expect(fixture.body(2).contains(#""startUrl":"https://sso.example.com/start""#))
    let other = IdentityCenterFixture([.answer(302, "", headers: ["location": "https://evil.example/"])])
    other.session.startURL = "https://sso.example.com/start"
    #expect(throws: SignInError.foreignStartURL("https://evil.example/")) {
      try other.service().signIn(to: other.session)
    }
  }

  // MARK: Refresh

  @Test func `a token is refreshed when less than 15 minutes are left, and the new refresh token kept`() throws {
    let fixture = IdentityCenterFixture([.token("b", refresh: "s"), .roleCredentials, .token("c"), .roleCredentials])
    try fixture.keep(token: "a", refresh: "r", seconds: 800)
    #expect(try fixture.credentials().accessKeyID == "ASIAMADEUP0000000001")
    #expect(fixture.body(0).contains("\"refreshToken\":\"r\""))
    fixture.clock.advance(by: 3000)
    _ = try fixture.credentials()
    #expect(fixture.body(2).contains("\"refreshToken\":\"s\""))
    fixture.clock.advance(by: 3000)
    #expect(try fixture.state().token.withValue { $0.refreshToken.withValue { $0.revealed() } } == "s")
  }

  @Test func `an item whose writing was cut off means a new sign-in`() throws {
    let fixture = IdentityCenterFixture([])
    try fixture.keep(token: "a", refresh: "r", seconds: 3000)
    let item = try #require(fixture.store.contents.keys.first)
    fixture.store.reading[item] = .damaged(item)
    fixture.person.obstacle = .program
    #expect(throws: SignInError.needed(.corp, .program)) { _ = try fixture.credentials() }
    fixture.store.reading[item] = .locked
    #expect(throws: SecretStoreError.locked) { _ = try fixture.credentials() }
  }

  @Test func `a token with more time left is used as it is`() throws {
    let fixture = IdentityCenterFixture([.roleCredentials])
    try fixture.keep(token: "a", refresh: "r", seconds: 1000)
    _ = try fixture.credentials()
    #expect(fixture.paths == ["federation/credentials"])
  }

  @Test func `a refused refresh leaves what is left of the token, with a warning`() throws {
    let fixture = IdentityCenterFixture([.oauth(400, "invalid_grant"), .roleCredentials, .roleCredentials])
    try fixture.keep(token: "a", refresh: "r", seconds: 180)
    _ = try fixture.credentials()
    #expect(fixture.warnings == 1)
    // Once: what was refused is not asked for again.
    _ = try fixture.credentials()
    fixture.clock.advance(by: 200)
    fixture.person.obstacle = .program
    #expect(throws: SignInError.needed(.corp, .program)) { _ = try fixture.credentials() }
  }

  @Test func `a refresh that finds no service fails only if the token has ended`() throws {
    let lost = [ScriptedTransport.Step](repeating: .failure(.cannotConnect(host: "oidc")), count: 3)
    let fixture = IdentityCenterFixture(lost + [.roleCredentials] + lost)
    try fixture.keep(token: "a", refresh: "r", seconds: 180)
    _ = try fixture.credentials()
    fixture.clock.advance(by: 200)
    #expect(throws: AWSError.http(.cannotConnect(host: "oidc"))) { _ = try fixture.credentials() }
  }

  @Test func `after a refresh that failed nobody tries again for a minute, while the token there is will do`() throws {
    let lost = [ScriptedTransport.Step](repeating: .failure(.cannotConnect(host: "oidc")), count: 3)
    let fixture = IdentityCenterFixture(
      lost + [.roleCredentials, .roleCredentials, .token("b", refresh: "s"), .roleCredentials])
    try fixture.keep(token: "a", refresh: "r", seconds: 180)
    _ = try fixture.credentials()
    fixture.clock.advance(by: 60)
    _ = try fixture.credentials()
    #expect(fixture.warnings == 1)
    fixture.clock.advance(by: 1)
    _ = try fixture.credentials()
    #expect(fixture.transport.remaining == 0)
  }

  @Test func `programs are told when the next refresh may be tried, and a person tries at once`() throws {
    let lost = [ScriptedTransport.Step](repeating: .oauth(500, "internal_server_error"), count: 3)
    let fixture = IdentityCenterFixture(
      lost + [.token("b", refresh: "s", life: 30), .roleCredentials, .token("c"), .roleCredentials])
    try fixture.keep(token: "a", refresh: "r", seconds: -1)
    fixture.person.obstacle = .program
    #expect(throws: AWSError.self) { _ = try fixture.credentials() }
    fixture.clock.advance(by: 20)
    #expect(throws: SignInError.refreshPaused(.corp, seconds: 40)) { _ = try fixture.credentials() }
    fixture.person.obstacle = nil
    _ = try fixture.credentials()
    // The pause ends with the success.
    fixture.person.obstacle = .program
    _ = try fixture.credentials()
  }

  @Test func `a clock that was set back makes nobody wait`() throws {
    let lost = [ScriptedTransport.Step](repeating: .failure(.cannotConnect(host: "oidc")), count: 3)
    let fixture = IdentityCenterFixture(lost + [.token("b"), .roleCredentials])
    fixture.person.obstacle = .program
    try fixture.keep(token: "a", refresh: "r", seconds: -600)
    #expect(throws: AWSError.self) { _ = try fixture.credentials() }
    fixture.clock.advance(by: -1)
    _ = try fixture.credentials()
  }

  @Test func `the pause of one session is none of another's`() throws {
    let lost = [ScriptedTransport.Step](repeating: .failure(.cannotConnect(host: "oidc")), count: 3)
    let fixture = IdentityCenterFixture(lost + [.token("b"), .roleCredentials])
    fixture.person.obstacle = .program
    try fixture.keep(token: "a", refresh: "r", seconds: -1)
    #expect(throws: AWSError.self) { _ = try fixture.credentials() }
    fixture.session.name = "other"
    try fixture.keep(token: "a", refresh: "r", seconds: -1)
    _ = try fixture.credentials()
  }

  @Test func `a failure that cannot be noted is reported as what it is`() throws {
    let lost = [ScriptedTransport.Step](repeating: .failure(.cannotConnect(host: "oidc")), count: 3)
    let fixture = IdentityCenterFixture(lost)
    try fixture.keep(token: "a", refresh: "r", seconds: -1)
    fixture.store.saving = .locked
    #expect(throws: AWSError.http(.cannotConnect(host: "oidc"))) { _ = try fixture.credentials() }
    #expect(fixture.warnings == 0)
  }

  @Test(arguments: ["slow_down", "authorization_pending"])
  func `a service that is too busy to refresh a token signs nobody out`(word: String) throws {
    let fixture = IdentityCenterFixture([.oauth(400, word), .roleCredentials])
    try fixture.keep(token: "a", refresh: "r", seconds: 180)
    _ = try fixture.credentials()
    #expect(try fixture.state().token.withValue { $0.refreshToken.exists } == true)
  }

  @Test(arguments: [
    (400, "invalid_grant"), (401, "invalid_client"), (400, "unauthorized_client"), (400, "invalid_request"),
    (400, "expired_token"), (400, "access_denied"),
  ])
  func `a refresh token that the service does not take is not sent again`(status: Int, word: String) throws {
    let fixture = IdentityCenterFixture([.oauth(status, word), .roleCredentials])
    try fixture.keep(token: "a", refresh: "r", seconds: 180)
    _ = try fixture.credentials()
    #expect(try fixture.state().token.withValue { $0.refreshToken.exists } == false)
  }

  @Test func `a registration that has ended cannot refresh`() throws {
    let fixture = IdentityCenterFixture([])
    try fixture.keep(token: "a", refresh: "r", seconds: -1, registration: -1)
    fixture.person.obstacle = .noTerminal
    #expect(throws: SignInError.needed(.corp, .noTerminal)) { _ = try fixture.credentials() }
  }

  @Test func `a sign-in after AWS has forgotten our registration registers anew`() throws {
    let fixture = IdentityCenterFixture([.oauth(401, "invalid_client"), .roleCredentials])
    try fixture.keep(token: "a", refresh: "r", seconds: 180)
    _ = try fixture.credentials()
    #expect(try !fixture.state().deviceRegistration.exists)
  }

  @Test func `a token that is short-lived is refreshed once a minute, however many ask`() throws {
    let fixture = IdentityCenterFixture([
      .token("b", refresh: "s", life: 800), .roleCredentials, .roleCredentials, .token("c"), .roleCredentials,
    ])
    try fixture.keep(token: "a", refresh: "r", seconds: 800)
    _ = try fixture.credentials()
    fixture.clock.advance(by: 60)
    _ = try fixture.credentials()
    fixture.clock.advance(by: 1)
    _ = try fixture.credentials()
    #expect(fixture.transport.remaining == 0)
  }

  @Test func `a refresh that failed stops nobody who has the AWS CLI's token, or has signed out`() throws {
    let lost = [ScriptedTransport.Step](repeating: .failure(.cannotConnect(host: "oidc")), count: 3)
    let fixture = IdentityCenterFixture(lost + [.roleCredentials, .answer(200, "", headers: [:])])
    fixture.person.obstacle = .program
    try fixture.keep(token: "a", refresh: "r", seconds: -1)
    fixture.shared = "shared"
    _ = try fixture.credentials()
    fixture.shared = nil
    #expect(throws: SignInError.refreshPaused(.corp, seconds: 60)) { _ = try fixture.credentials() }
    #expect(try fixture.service().signOut(of: fixture.session))
    #expect(throws: SignInError.needed(.corp, .program)) { _ = try fixture.credentials() }
  }

  // MARK: Portal

  @Test func `a token that the portal refuses twice is an error`() throws {
    let fixture = IdentityCenterFixture([
      .portal(401, "UnauthorizedException"), .token("b", refresh: "s"), .portal(401, "UnauthorizedException"),
    ])
    try fixture.keep(token: "a", refresh: "r", seconds: 3000)
    #expect(throws: AWSError.self) { _ = try fixture.credentials() }
  }

  @Test func `a token that the portal refuses and nothing refreshes means one sign-in, then an error`() throws {
    let fixture = IdentityCenterFixture([
      .portal(401, "UnauthorizedException"), .oauth(400, "invalid_grant"), .authorized(interval: 1), .token("b"),
      .portal(401, "UnauthorizedException"),
    ])
    try fixture.keep(token: "a", refresh: "r", seconds: 3000)
    #expect(throws: AWSError.self) { _ = try fixture.credentials() }
    #expect(fixture.transport.remaining == 0)
  }

  @Test(arguments: [(403, "ForbiddenException"), (404, "ResourceNotFoundException")])
  func `a role that is not assigned is reported with its account`(status: Int, code: String) throws {
    let fixture = IdentityCenterFixture([.portal(status, code)])
    try fixture.keep(token: "a", refresh: "r", seconds: 3000)
    #expect(throws: SignInError.noAssignment(account: "123456789012", role: "Admin", .corp)) {
      _ = try fixture.credentials()
    }
  }

  @Test func `credentials have the portal's end and the profile's account`() throws {
    let fixture = IdentityCenterFixture([.roleCredentials])
    try fixture.keep(token: "a", refresh: "r", seconds: 3000)
    let credentials = try fixture.credentials()
    #expect(credentials.expiration == fixture.clock.now + 3600)
    #expect(credentials.account == "123456789012")
    #expect(fixture.transport.requests[0].url.query == "role_name=Admin&account_id=123456789012")
  }

  // MARK: Other tokens

  @Test func `the AWS CLI's token is used, and never kept`() throws {
    let fixture = IdentityCenterFixture([.roleCredentials])
    fixture.person.obstacle = .program
    fixture.shared = "shared"
    _ = try fixture.credentials()
    #expect(fixture.store.contents.isEmpty)
  }

  @Test(arguments: [
    ("https://other.awsapps.com/start", "eu-west-1"), ("https://d-abc123.awsapps.com/start", "us-east-1"),
  ])
  func `another start URL or region does not see the token`(startURL: String, region: String) throws {
    let fixture = IdentityCenterFixture([])
    try fixture.keep(token: "a", refresh: "r", seconds: 3000)
    fixture.person.obstacle = .program
    (fixture.session.startURL, fixture.session.region) = (startURL, region)
    #expect(throws: SignInError.needed(.corp, .program)) { _ = try fixture.credentials() }
  }

  @Test func `other scopes need a new sign-in`() throws {
    let fixture = IdentityCenterFixture([])
    try fixture.keep(token: "a", refresh: "r", seconds: 3000)
    fixture.person.obstacle = .program
    fixture.session.scopes.append("codecatalyst:read_write")
    #expect(throws: SignInError.needed(.corp, .program)) { _ = try fixture.credentials() }
  }

  @Test func `a profile with FIPS or dual-stack endpoints has the same sign-in as the others`() throws {
    let fixture = IdentityCenterFixture([.roleCredentials])
    try fixture.keep(token: "a", refresh: "r", seconds: 3000)
    (fixture.connection.useFIPS, fixture.connection.useDualStack) = (true, true)
    _ = try fixture.credentials()
    #expect(fixture.transport.requests[0].url.host == "portal.sso-fips.eu-west-1.api.aws")
  }

  @Test func `signing out tells the portal, and keeps the registration`() throws {
    let fixture = IdentityCenterFixture([.answer(200, "", headers: [:])])
    try fixture.keep(token: "a", refresh: "r", seconds: 3000)
    #expect(try fixture.service().signOut(of: fixture.session))
    #expect(fixture.paths == ["logout"])
    #expect(try !fixture.state().token.exists)
    #expect(try fixture.state().deviceRegistration.exists)
    #expect(try !fixture.service().signOut(of: fixture.session))
  }

  @Test func `signing out of all finds sessions that no file names, and tells the portal of each`() throws {
    let fixture = IdentityCenterFixture([.answer(200, "", headers: [:]), .portal(401, "UnauthorizedException")])
    try fixture.keep(token: "a", refresh: "r", seconds: 3000)
    fixture.session.name = "renamed"
    try fixture.keep(token: "b", refresh: "s", seconds: 3000)
    fixture.session.name = "of a registration only"
    try IdentityCenterTokens(store: fixture.store).save(IdentityCenterState(portal: "portal"), of: fixture.place)
    var portals: [String] = []
    let count = try fixture.service().signOutOfAll { url in
      portals.append(url)
      return SSO(fixture.client)
    }
    #expect(count == 2)
    #expect(portals == ["portal", "portal"])
    #expect(fixture.paths == ["logout", "logout"])
    #expect(fixture.store.contents.isEmpty && fixture.warnings == 0)
  }
}
