import AWSValues
import FoundationEssentials
import HTTP
import POSIX
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import AWSServices

// No test asks for an address that is not loopback: transports are scripted, and addresses are values.

struct CredentialsDocumentTests {
  private static let key = #""AccessKeyId":"A","SecretAccessKey":"made/up+""#

  private func parts(_ json: String, account: String? = nil) throws -> [String?] {
    let document = try CredentialsDocument(SecretBytes(copying: json))
    let credentials = try document.credentials(token: "Token", "SessionToken", account: account)
    let token = credentials.sessionToken.withValue { $0.revealed() } ?? nil
    return [
      credentials.accessKeyID, credentials.secretAccessKey.revealed(), token, credentials.expiration?.rfc3339,
      credentials.account,
    ]
  }

  @Test(arguments: [
    (#"{"Version":1,\#(key)}"#, ["A", "made/up+", nil, nil, nil]),
    (
      "\u{feff}{\"ACCESSKEYID\":\"A\",\"secretaccesskey\":\"s\",\"x\":[{}],\"accountid\":\"123456789012\"}\n",
      ["A", "s", nil, nil, "123456789012"]
    ),
    (
      #"{\#(key),"SessionToken":"t","Expiration":"2026-01-02T03:04:05.5+01:00"}"#,
      ["A", "made/up+", "t", "2026-01-02T02:04:05Z", nil]
    ),
    (#"{\#(key),"Token":"t","SessionToken":"u","AccountId":""}"#, ["A", "made/up+", "t", nil, nil]),
    (#"{\#(key),"SessionToken":null,"Expiration":null}"#, ["A", "made/up+", nil, nil, nil]),
    (
      #"{\#(key),"Token":"t","ExpiresAt":"2026-01-02T03:04:05Z","AccountId":"1"}"#,
      ["A", "made/up+", "t", "2026-01-02T03:04:05Z", nil]
    ),
    (#"{\#(key),"AccountId":123456789012}"#, ["A", "made/up+", nil, nil, "123456789012"]),
    (#"{\#(key),"SessionToken":"","Expiration":"2026-01-02T03:04:05Z"}"#, ["A", "made/up+", nil, nil, nil]),
  ])
  func `credentials are read from JSON, whatever the case of its names`(json: String, parts: [String?]) throws {
    #expect(try self.parts(json) == parts)
  }

  @Test func `an account is taken from elsewhere if the document tells none`() throws {
    #expect(try parts("{\(Self.key)}", account: "210987654321").last == "210987654321")
    #expect(try parts(#"{\#(Self.key),"AccountId":"123456789012"}"#, account: "210987654321").last == "123456789012")
  }

  @Test(
    arguments: [
      ("", .notJSON(bytes: 0, .notWellFormed(offset: 0))), ("{} {}", .notJSON(bytes: 5, .notWellFormed(offset: 3))),
      ("[]", .notAnObject(bytes: 2)), ("\"x\"", .notAnObject(bytes: 3)), ("null", .notAnObject(bytes: 4)),
      (#"{"AccessKeyId":"A","accesskeyid":"B"}"#, .repeated("accesskeyid")),
      (#"{"SecretAccessKey":"s"}"#, .missing("AccessKeyId")), (#"{"AccessKeyId":"A"}"#, .missing("SecretAccessKey")),
      (#"{"AccessKeyId":"","SecretAccessKey":"s"}"#, .missing("AccessKeyId")),
      (#"{"AccessKeyId":1,"SecretAccessKey":"s"}"#, .malformed("AccessKeyId")),
      (#"{"AccessKeyId":"A","SecretAccessKey":"a\nb"}"#, .malformed("SecretAccessKey")),
      (#"{\#(key),"SessionToken":{}}"#, .malformed("SessionToken")),
      (#"{\#(key),"Expiration":"20260102T030405Z"}"#, .malformed("Expiration")),
      (#"{\#(key),"Expiration":1767323045}"#, .malformed("Expiration")),
      (#"{\#(key),"Expiration":""}"#, .malformed("Expiration")),
    ] as [(String, CredentialsDocumentError)])
  func `anything else is refused by name or place`(json: String, error: CredentialsDocumentError) {
    #expect(throws: error) { _ = try parts(json) }
  }
}

// MARK: - Container

struct ContainerTests {
  private static let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
  private static let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"

  @Test(arguments: [
    ([relative: "/v2/x?a=1"], "http://169.254.170.2/v2/x?a=1"),
    ([relative: "/r", full: "http://127.0.0.1:1/f"], "http://169.254.170.2/r"),
    ([relative: "", full: "http://127.0.0.1:1/"], "http://127.0.0.1:1/"), ([full: "http://[::1]/"], "http://[::1]/"),
    ([full: "http://localhost/x"], "http://localhost/x"), ([full: "https://example.com/"], "https://example.com/"),
    ([full: "http://169.254.170.23/v1/credentials"], "http://169.254.170.23/v1/credentials"),
    ([full: "http://[FD00:EC2:0::23]/v1"], "http://[fd00:ec2::23]/v1"),
  ])
  func `the address of the credentials is what variables say`(environment: [String: String], url: String) throws {
    #expect(try ContainerEndpoint(environment: environment).url.text == url)
  }

  @Test(arguments: [
    "http://192.168.1.1/", "http://169.254.169.254/", "http://evil.example/", "http://127.0.0.1.evil.example/",
    "http://localhost.evil.example/", "http://[fd00:ec2::254]/", "http://169.254.170.2.evil.example/",
  ])
  func `plain http goes to no other host`(uri: String) {
    #expect(throws: MachineError.forbiddenURI(uri)) { try ContainerEndpoint(environment: [Self.full: uri]) }
  }

  @Test(arguments: [
    (full, "ftp://127.0.0.1/", URLText.Fault.scheme), (full, "/credentials", .scheme),
    (full, "http://x@127.0.0.1/", .userInformation), (relative, "@evil.example/", .host),
    (relative, ".evil.example/", .host),
    (relative, "/a b", .character),
  ])
  func `what is no URL is refused`(variable: String, uri: String, fault: URLText.Fault) {
    #expect(throws: MachineError.invalidURI(variable: variable, fault)) {
      try ContainerEndpoint(environment: [variable: uri])
    }
  }

  @Test func `outside a container there is no address`() {
    #expect(throws: MachineError.notInContainer) { try ContainerEndpoint(environment: [:]) }
  }

  // MARK: Requests

  private static let answer =
    #"{"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-21T09:00:00Z","RoleArn":"r"}"#

  private func ask(
    _ transport: ScriptedTransport, token: [String: String] = [:], pauses: PauseCounter = PauseCounter()
  ) throws -> String {
    let endpoint = try ContainerEndpoint(environment: [Self.full: "http://127.0.0.1:1/x"])
    let client = MachineClient(.container, transport: transport) { pauses.count($0) }
    return try client.credentials(from: endpoint, ContainerToken.of(token)).accessKeyID
  }

  @Test func `the token of a file goes with the request, without its line end, before that of a variable`() throws {
    let folder = ScratchFolder()
    let file = folder.write("Basic made+up\r\n", to: "token")
    let transport = ScriptedTransport([.answer(200, Self.answer)])
    let token = ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "other"]
    #expect(try ask(transport, token: token) == "ASIAEXAMPLE")
    let request = transport.requests[0]
    #expect(
      request.method == .get && request.token == "Basic made+up" && request.headers == ["accept": "application/json"])
  }

  @Test func `without a token the request has no authorization`() throws {
    let transport = ScriptedTransport([.answer(200, Self.answer)])
    _ = try ask(transport)
    #expect(transport.requests[0].token == nil)
  }

  @Test func `a token that no header may have is not sent`() {
    let folder = ScratchFolder()
    let file = folder.write("a\nb\n", to: "token")
    for (variable, value) in [
      ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\r\nX: y"),
    ] {
      #expect(throws: MachineError.unusableToken(variable: variable)) {
        _ = try ask(ScriptedTransport([]), token: [variable: value])
      }
    }
    let missing = folder.path("none")
    #expect(throws: MachineError.unreadableToken(path: missing, .call(2))) {
      _ = try ask(ScriptedTransport([]), token: ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": missing])
    }
  }

  @Test func `an agent in trouble is asked three times in all, a second apart`() throws {
    let trouble: [ScriptedTransport.Step] = [
      .failure(.cannotConnect(host: "127.0.0.1")), .answer(503, ""), .answer(200, "<html>"),
    ]
    let pauses = PauseCounter()
    let transport = ScriptedTransport([trouble[0], trouble[1], .answer(200, Self.answer)])
    #expect(try ask(transport, pauses: pauses) == "ASIAEXAMPLE")
    #expect(pauses.all == [.seconds(1), .seconds(1)])
    #expect(throws: MachineError.malformed(.container, .notJSON(bytes: 6, .notWellFormed(offset: 0)))) {
      _ = try ask(ScriptedTransport(trouble))
    }
  }

  @Test(arguments: [
    (404, #"{"code":"NoSuchTask","message":"none\u001b"}"#, "NoSuchTask: none\\u{1b}"), (401, "", ""),
    (200, #"{"Code":"AccessDenied","Message":"no role"}"#, "AccessDenied: no role"), (307, "", ""),
  ])
  func `a refusal is reported once, in its own words made visible`(status: Int, body: String, message: String) {
    let transport = ScriptedTransport([.answer(status, body)])
    #expect(throws: MachineError.self) { _ = try ask(transport) }
    #expect(transport.requests.count == 1)
    #expect(throws: MachineError.refused(.container, status: status, message: message)) {
      _ = try ask(ScriptedTransport([.answer(status, body)]))
    }
  }
}

private final class PauseCounter: Sendable {
  private let pauses = Mutex<[Duration]>([])
  var all: [Duration] { pauses.withLock { $0 } }
  func count(_ pause: Duration) { pauses.withLock { $0.append(pause) } }
}

// MARK: - Instance

struct InstanceTests {
  private static let answer = """
    {"Code":"Success","LastUpdated":"2026-11-21T07:00:00Z","Type":"AWS-HMAC","AccessKeyId":"ASIAEXAMPLE",
    "SecretAccessKey":"s","Token":"t","Expiration":"2026-11-21T07:30:00Z"}
    """
  private static let token = ScriptedTransport.Step.answer(200, "AQAEmade-up==")
  private static let role = ScriptedTransport.Step.answer(200, "web-role\nother")

  private func ask(_ transport: ScriptedTransport) throws -> String {
    let client = MachineClient(.instance, transport: transport) { _ in }
    let endpoint = try InstanceEndpoint("http://127.0.0.1:1/base/", mode: .ipv4)
    return try client.credentials(from: endpoint, timeout: .seconds(1)).accessKeyID
  }

  @Test func `version 2 is asked for a token, the role and its credentials, even if those have expired`() throws {
    let transport = ScriptedTransport([Self.token, Self.role, .answer(200, Self.answer)])
    #expect(try ask(transport) == "ASIAEXAMPLE")
    let place = "http://127.0.0.1:1/base/latest/"
    #expect(
      transport.requests.map { "\($0.method.rawValue) \($0.url.text)" } == [
        "PUT \(place)api/token", "GET \(place)meta-data/iam/security-credentials/",
        "GET \(place)meta-data/iam/security-credentials/web-role",
      ])
    #expect(transport.requests[0].headers == ["x-aws-ec2-metadata-token-ttl-seconds": "21600"])
    #expect(transport.requests.map(\.token) == [nil, "AQAEmade-up==", "AQAEmade-up=="])
  }

  @Test func `a token that has ended is replaced once`() throws {
    let transport = ScriptedTransport([
      Self.token, .answer(401, ""), .answer(200, "new"), Self.role, .answer(200, Self.answer),
    ])
    #expect(try ask(transport) == "ASIAEXAMPLE")
    #expect(transport.requests.last?.token == "new")
    #expect(throws: MachineError.refused(.instance, status: 401, message: "")) {
      _ = try ask(ScriptedTransport([Self.token, .answer(401, ""), Self.token, .answer(401, "")]))
    }
  }

  @Test(
    arguments: [
      ([.answer(403, "")], .metadataOff), ([.answer(404, "")], .oldMetadata), ([.answer(405, "")], .oldMetadata),
      ([.answer(400, "")], .refused(.instance, status: 400, message: "")),
      ([.answer(200, "a\nb")], .malformed(.instance, .malformed("token"))),
      ([token, .answer(404, "")], .noInstanceRole),
      ([token, .answer(200, "")], .malformed(.instance, .malformed("role"))),
      ([token, .answer(200, "../x")], .malformed(.instance, .malformed("role"))),
      (
        [token, role, .answer(200, #"{"Code":"AssumeRoleUnauthorizedAccess","Message":"no"}"#)],
        .refused(.instance, status: 200, message: "AssumeRoleUnauthorizedAccess: no")
      ),
    ] as [([ScriptedTransport.Step], MachineError)])
  func `what an instance cannot give is reported in its own words`(
    script: [ScriptedTransport.Step], error: MachineError
  ) {
    #expect(throws: error) { _ = try ask(ScriptedTransport(script)) }
  }

  @Test func `a service that does not answer is asked four times`() {
    let failure = HTTPError.connectTimedOut(host: "127.0.0.1", seconds: 1)
    let transport = ScriptedTransport(Array(repeating: .failure(failure), count: 4))
    #expect(throws: MachineError.unreachable(.instance, failure)) { _ = try ask(transport) }
    #expect(transport.remaining == 0)
  }

  @Test(arguments: [
    ("http://169.254.169.254", true), ("http://[fd00:ec2::254]/", true), ("http://127.0.0.1:1", true),
    ("https://metadata.example", true), ("http://169.254.169.200", false), ("http://override:456", false),
    ("http://169.254.170.2", false),
  ])
  func `plain http is believed from where nobody else answers`(endpoint: String, isTrusted: Bool) throws {
    #expect(try InstanceEndpoint(endpoint, mode: .ipv4).isTrusted == isTrusted)
  }
}

// MARK: - Web identity

struct WebIdentityTests {
  private static let payload =
    #"{"iss":"https://idp.example","sub":"repo:a/b","aud":"sts.amazonaws.com","exp":1795248000}"#
  private static let jwt = "eyJhbGciOiJIUzI1NiJ9." + base64URL(payload) + ".c2ln"

  private static func token(_ text: String) throws -> IdentityToken {
    guard let token = IdentityToken(SecretBytes(copying: text)) else { throw SetupFailure("\(text) is no token") }
    return token
  }

  private static func base64URL(_ text: String) -> String {
    Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  @Test func `what a token says of itself is read, and nothing more is believed`() throws {
    let token = try Self.token(Self.jwt + "\n")
    let (claims, identity) = (token.claims, token.identity)
    #expect(claims.issuer == "https://idp.example" && claims.subject == "repo:a/b")
    #expect(claims.expiration == Fixture.now)
    #expect(identity == ["https://idp.example", "repo:a/b"])
  }

  @Test(arguments: ["a.b.c", "abcd", "a.e30.c", "a.!!.c", "a." + base64URL(#"{"exp":"soon","iss":1}"#) + ".c"])
  func `a token that says nothing is distinguished by its hash`(text: String) throws {
    let token = try Self.token(text)
    let (claims, identity) = (token.claims, token.identity)
    #expect(claims.expiration == nil && identity.map(\.count) == [64])
  }

  @Test(arguments: ["", "  \n", "abc", "a b.c", "a.b\u{1}c", "tök.e.n", String(repeating: "a", count: 20_001)])
  func `what STS would not take is no token`(text: String) {
    let isToken = IdentityToken(SecretBytes(copying: text)).exists
    #expect(!isToken)
  }

  private func ask(_ fixture: Fixture, token: String = "a.b.c\n") throws -> Credentials {
    let request = AssumeRoleRequest(
      role: try #require(RoleARN("arn:aws:iam::123456789012:role/deploy")),
      sessionName: RoleSessionName(user: "alice", host: "host"), duration: SessionDuration(seconds: 43200))
    return try STS(fixture.client).assumeRole(request, withWebIdentity: Self.token(token))
  }

  private static func answer(arn: String = "arn:aws:sts::123456789012:assumed-role/deploy/alice@host") -> String {
    Answers.assumedRole(arn: arn).replacing("AssumeRoleRes", with: "AssumeRoleWithWebIdentityRes")
  }

  @Test func `the request has nothing but its form, and the session is of the role`() throws {
    let fixture = Fixture([.answer(200, Self.answer())])
    let session = try ask(fixture)
    let (key, account) = (session.accessKeyID, session.account)
    #expect(key == "ASIAIOSFODNN7EXAMPLE" && account == "123456789012")
    let request = fixture.transport.requests[0]
    #expect(request.headers == ["content-type": "application/x-www-form-urlencoded; charset=utf-8"])
    #expect(request.token == nil && request.url.text == "https://sts.eu-west-1.amazonaws.com/")
    #expect(
      request.body == "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
        + "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdeploy&RoleSessionName=alice%40host"
        + "&DurationSeconds=43200&WebIdentityToken=a.b.c")
  }

  @Test func `a token of any characters is encoded, and a session of another role is not taken`() throws {
    let fixture = Fixture([.answer(200, Self.answer(arn: "arn:aws:sts::123456789012:assumed-role/other/alice@host"))])
    let error = fixture.error { _ in _ = try ask(fixture, token: "a+b/c=&d") }
    #expect(fixture.transport.requests[0].body.hasSuffix("&WebIdentityToken=a%2Bb%2Fc%3D%26d"))
    guard case .otherRole = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
