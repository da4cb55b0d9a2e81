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

/// A sign-in between a keyring in memory and a scripted service, where nobody can be asked.
final class LoginFixture {
  static let identity = "arn:aws:sts::012345678910:assumed-role/Admin/admin"
  static let pem = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIMaJg5O8Jy7ugsZdrOzrg5gu80w/RA6/wBPxbpBN8Z/foAoGCCqGSM49
    AwEHoUQDQgAEbW24Yon+QBW+yHtp47f4FVBJoCqWI6xvTuIOUXzoQBPrcb8Vrvhc
    3x0oLIvK1gjQGAgWaJTTTLfdF9FjSLpJBA==
    -----END EC PRIVATE KEY-----

    """

  let store = MemoryStore()
  let transport: ScriptedTransport
  var now: Date
  private(set) var warnings = 0
  /// The key in the credentials that the AWS CLI keeps, if not in its file.
  var shared: String?

  init(_ script: [ScriptedTransport.Step] = [], now: Date = TestClock.start) {
    transport = ScriptedTransport(script)
    self.now = now
  }

  func login() throws -> CredentialPlan.LoginSession {
    let identity = try #require(LoginIdentity(Self.identity))
    return CredentialPlan.LoginSession(identity: identity, origin: .option("test"))
  }

  func keep(_ refreshToken: String, clientID: String = "c", pem: String = pem) throws {
    let token = LoginToken(
      identity: try login().identity, origin: "https://us-east-1.signin.aws.amazon.com", clientID: clientID,
      refreshToken: SecretBytes(copying: refreshToken), key: SecretBytes(copying: pem), signedIn: now)
    try LoginTokens(store: store).save(token)
  }

  /// The refresh token in the keyring.
  func kept() throws -> String? {
    let token = try LoginTokens(store: store).token(of: login().identity)
    return token.withValue { $0.refreshToken.revealed() } ?? nil
  }

  func credentials() throws -> (key: String, account: String?, expiration: Date?) {
    let now = now
    let cache = SharedLoginCache(environment: ["HOME": store.scratch.path], now: { now })
    let login = ConsoleLogin(
      store: store, connection: Connection(region: "eu-west-1"),
      connect: { [transport] connection in
        SignInService(
          AWSClient(
            connection: connection, transport: transport,
            dependencies: ClientDependencies(now: { now }, random: { 0 }, pause: { _ in })))
      }, locks: nil, prompter: Nobody(),
      sharedCredentials: { [shared] session in
        shared.map { Credentials(accessKeyID: $0, secretAccessKey: SecretBytes(copying: "made/up")) }
          ?? cache.credentials(of: session)
      }, now: { now },
      warn: { [unowned self] _ in warnings += 1 })
    let credentials = try login.credentials(of: self.login())
    return (credentials.accessKeyID, credentials.account, credentials.expiration)
  }

  private struct Nobody: LoginPrompter {
    var obstacle: SignInObstacle? { .noTerminal }
    var device: SignInService.Device { .same }
    func authorize(_ page: (AuthorizationRequest) throws -> String) throws -> AuthorizationGrant {
      throw SessionError.promptCancelled
    }
    func authorize(
      elsewhere redirectURI: String, _ page: (AuthorizationRequest) throws -> String
    ) throws -> AuthorizationGrant { throw SessionError.promptCancelled }
  }

  static func answer(_ refreshToken: String = "new", key: String = "ASIAIOSFODNN7EXAMPLE") -> ScriptedTransport.Step {
    .answer(
      200,
      """
      {"accessToken":{"accessKeyId":"\(key)","secretAccessKey":"made/up","sessionToken":"token"},\
      "tokenType":"aws_sigv4","expiresIn":900,"refreshToken":"\(refreshToken)"}
      """, headers: ["content-type": "application/json"])
  }

  static func refusal(_ error: String, status: Int = 401) -> ScriptedTransport.Step {
    .answer(status, "{\"error\":\"\(error)\"}", headers: ["x-amzn-errortype": "AccessDeniedException"])
  }
}

struct ConsoleLoginTests {
  @Test func `a refresh goes where the token came from, and its successor is kept`() throws {
    let fixture = LoginFixture([LoginFixture.answer("second"), LoginFixture.answer("third")])
    try fixture.keep("first")
    let (_, account, expiration) = try fixture.credentials()
    #expect(account == "012345678910" && expiration == fixture.now + 900)
    #expect(try fixture.kept() == "second")
    _ = try fixture.credentials()
    #expect(fixture.transport.requests.map(\.url.host) == Array(repeating: "us-east-1.signin.aws.amazon.com", count: 2))
    #expect(fixture.transport.requests.map { $0.body.contains("\"second\"") } == [false, true])
  }

  @Test func `the item of an identity is named by its digest, and says nothing else to others`() throws {
    let fixture = LoginFixture()
    try fixture.keep("first")
    #expect(
      fixture.store.contents.keys.map(\.name) == ["4b0ba8f99f075c0633e122fd73346ce203a3faf18ea0310eb2d29df1bab2e255"])
  }

  @Test func `a token that cannot be kept is a warning, and the credentials are delivered`() throws {
    let fixture = LoginFixture([LoginFixture.answer("second")])
    try fixture.keep("first")
    fixture.store.saving = .locked
    #expect(try fixture.credentials().key == "ASIAIOSFODNN7EXAMPLE")
    #expect(fixture.warnings == 1)
  }

  @Test(arguments: [("TOKEN_EXPIRED", nil), ("USER_CREDENTIALS_CHANGED", nil)] as [(String, String?)])
  func `a sign-in that is over is forgotten`(error: String, kept: String?) throws {
    let fixture = LoginFixture([LoginFixture.refusal(error)])
    try fixture.keep("first")
    #expect(throws: SignInError.needed(SourceName(.login, LoginFixture.identity), .noTerminal)) {
      try fixture.credentials()
    }
    #expect(try fixture.kept() == kept)
  }

  @Test(arguments: ["INVALID_REQUEST", "INSUFFICIENT_PERMISSIONS", "CONFLICT"])
  func `a refusal that may pass leaves the sign-in as it is`(error: String) throws {
    let fixture = LoginFixture([LoginFixture.refusal(error, status: 400)])
    try fixture.keep("first")
    #expect(throws: AWSError.self) { try fixture.credentials() }
    #expect(try fixture.kept() == "first")
  }

  @Test func `after a refresh that failed nobody tries again for a minute`() throws {
    let busy = [ScriptedTransport.Step](repeating: LoginFixture.refusal("server_error", status: 500), count: 3)
    let fixture = LoginFixture(busy + [LoginFixture.answer("second")])
    try fixture.keep("first")
    #expect(throws: AWSError.self) { try fixture.credentials() }
    fixture.now += 59
    #expect(throws: SignInError.refreshPaused(SourceName(.login, LoginFixture.identity), seconds: 1)) {
      try fixture.credentials()
    }
    fixture.now += 2
    _ = try fixture.credentials()
    #expect(try fixture.kept() == "second")
  }

  @Test func `a refresh that failed stops nobody who has the AWS CLI's credentials`() throws {
    let busy = [ScriptedTransport.Step](repeating: LoginFixture.refusal("server_error", status: 500), count: 3)
    let fixture = LoginFixture(busy)
    try fixture.keep("first")
    fixture.shared = "ASIASHARED"
    for _ in 1...2 { #expect(try fixture.credentials().key == "ASIASHARED") }
    #expect(fixture.warnings == 2)
  }

  @Test func `an item that speaks of somebody else is not theirs who asked`() throws {
    let fixture = LoginFixture()
    try fixture.keep("first")
    let other = try #require(LoginIdentity("arn:aws:iam::123456789012:user/alice"))
    let item = try #require(fixture.store.contents.first)
    fixture.store.contents = [ItemID(kind: .loginToken, name: other.digest): item.value]
    let isTheirs = try LoginTokens(store: fixture.store).token(of: other).exists
    #expect(!isTheirs)
  }

  @Test func `a damaged item, and a key that is none, mean a new sign-in`() throws {
    let fixture = LoginFixture()
    try fixture.keep("first", pem: "no key")
    #expect(throws: SignInError.self) { try fixture.credentials() }
    let item = try #require(fixture.store.contents.keys.first)
    fixture.store.contents[item] = [1, 2, 3]
    #expect(throws: SignInError.self) { try fixture.credentials() }
    fixture.store.reading[item] = .damaged(item)
    #expect(throws: SignInError.self) { try fixture.credentials() }
    fixture.store.reading[item] = .locked
    #expect(throws: SecretStoreError.locked) { try fixture.credentials() }
  }
}

// MARK: - Suite

/// smithy-rs' cases of what the AWS CLI keeps. Our own sign-in is what its file would be if it were ours to refresh.
struct LoginProviderSuiteTests {
  static let suite = ExternalSuite("config/smithy-rs")

  struct Case: Decodable, Sendable {
    struct Token: Decodable, Sendable {
      let accessKeyId: String
      let expiresAt: String?
    }
    struct File: Codable, Sendable {
      struct Access: Codable, Sendable {
        let accessKeyId: String
        let secretAccessKey: String
        let sessionToken: String
        let accountId: String
        let expiresAt: String
      }
      let accessToken: Access?
      let clientId: String?
      let refreshToken: String?
      let dpopKey: String?
    }
    struct Call: Decodable, Sendable {
      struct Response: Decodable, Sendable {
        struct Output: Decodable, Sendable { let refreshToken: String }
        let tokenOutput: Output
      }
      let response: Response?
      let responseCode: Int?
    }
    struct Outcome: Decodable, Sendable {
      let result: String
      let accessKeyId: String?
      let expiresAt: String?
    }
    let documentation: String
    let cacheContents: [String: File]?
    let mockApiCalls: [Call]?
    let outcomes: [Outcome]
  }

  static func cases() throws -> [Case] {
    guard suite.isPresent else { return [] }
    return try JSONDecoder().decode([Case].self, from: Data(suite.text("login-provider-test-cases.json").utf8))
  }

  @Test(.enabled(if: suite.isPresent, "the external suites are not beside the checkout"), arguments: try cases())
  func `credentials come out as in the AWS SDKs`(example: Case) throws {
    let script = (example.mockApiCalls ?? []).map { call in
      // Their new key ID is a character too short to be AWS's.
      call.response.map { LoginFixture.answer($0.tokenOutput.refreshToken, key: "NEWREFRESHEDKEY0") }
        ?? LoginFixture.refusal("INVALID_REQUEST", status: call.responseCode ?? 400)
    }
    let fixture = LoginFixture(script, now: Date(timeIntervalSince1970: 1_763_510_400))
    for folder in [".aws", ".aws/login", ".aws/login/cache"] { fixture.store.scratch.makeFolder(folder) }
    for (name, file) in example.cacheContents ?? [:] {
      let text = String(decoding: try JSONEncoder().encode(file), as: UTF8.self)
      fixture.store.scratch.write(text, to: ".aws/login/cache/" + name)
      guard let token = file.refreshToken, let client = file.clientId, let key = file.dpopKey, file.accessToken != nil,
        !script.isEmpty
      else { continue }
      try fixture.keep(token, clientID: client, pem: key)
    }
    guard let expected = example.outcomes.first(where: { $0.result == "credentials" }) else {
      #expect(throws: (any Error).self) { try fixture.credentials() }
      return
    }
    let found = try fixture.credentials()
    #expect(found.key == (script.isEmpty ? expected.accessKeyId : "NEWREFRESHEDKEY0"))
    #expect(found.expiration == expected.expiresAt.flatMap { try? Date($0, strategy: .iso8601) })
  }

  @Test(.enabled(if: suite.isPresent, "the external suites are not beside the checkout"))
  func `the suite has its cases`() throws {
    #expect(try Self.cases().count == 8)
  }
}
