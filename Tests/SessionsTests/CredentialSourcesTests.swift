import AWSServices
import AWSValues
import Foundation
import FoundationEssentials
import HTTP
import Processes
import Profiles
import Secrets
import TestSupport
import Testing

@testable import Sessions

/// Sources other than keys, through the resolver: what they give, what is kept of it, and for whom.
struct CredentialSourcesTests {
  private static let role = "role_arn = arn:aws:iam::123456789012:role/deploy\nrole_session_name = alice@host\n"
  private let scratch = ScratchFolder()

  /// A profile `p` with these settings, and `top`, a role above it.
  private func fixture(_ settings: String, _ script: [ScriptedTransport.Step] = []) throws -> ResolverFixture {
    let fixture = try ResolverFixture(script)
    fixture.hasLocks = false
    fixture.ownConfig = """
      [profile p]
      region = eu-west-1
      \(settings)
      [profile top]
      region = eu-west-1
      role_arn = arn:aws:iam::123456789012:role/deploy
      role_session_name = alice@host
      source_profile = p
      """
    return fixture
  }

  private func process(_ script: String) -> String {
    "credential_process = sh \(scratch.write(script + "\n", to: "get"))"
  }

  private static func answer(_ key: String, _ rest: String = "") -> String {
    #"{"Version":1,"AccessKeyId":"\#(key)","SecretAccessKey":"made/up"\#(rest)}"#
  }

  private static let session = #","SessionToken":"t","Expiration":"2026-11-21T09:00:00Z""#

  // MARK: Program

  @Test func `what a program prints is used until it expires, and then the program runs again`() throws {
    let count = scratch.path("count")
    let fixture = try fixture(process("echo >>\(count)\necho '\(Self.answer("K", Self.session))'"))
    #expect(try fixture.credentials(for: "p") == "K")
    #expect(try fixture.credentials(for: "p") == "K")
    #expect(try scratch.text(of: "count") == "\n")
    fixture.clock.advance(by: 3500)
    #expect(try fixture.credentials(for: "p") == "K")
    #expect(try scratch.text(of: "count") == "\n\n")
  }

  @Test(arguments: ["", #","SessionToken":"""#, #","SessionToken":null,"Expiration":"2026-11-21T09:00:00Z""#])
  func `a long-term key of a program is not kept, and does not expire`(rest: String) throws {
    let count = scratch.path("count")
    let fixture = try fixture(process("echo >>\(count)\necho '\(Self.answer("A", rest))'"))
    let credentials = try fixture.resolver().credentials(for: fixture.plan(for: "p"), margin: .command)
    let (expiration, isTemporary) = (credentials.expiration, credentials.sessionToken.exists)
    #expect(expiration == nil && !isTemporary)
    try fixture.credentials(for: "p")
    #expect(try scratch.text(of: "count") == "\n\n")
    #expect(try fixture.cache.all() == [])
  }

  @Test func `a session of a program without an end is not kept`() throws {
    let fixture = try fixture(process("echo '\(Self.answer("A", #","SessionToken":"t""#))'"))
    #expect(try fixture.credentials(for: "p") == "A")
    #expect(try fixture.cache.all() == [])
  }

  @Test func `a role is assumed with what a program gives, for an hour`() throws {
    let fixture = try fixture(process("echo '\(Self.answer("K", Self.session))'"), [.role("ASIAMADEUP0000000001")])
    #expect(try fixture.credentials(for: "top") == "ASIAMADEUP0000000001")
    #expect(fixture.calls == ["AssumeRole deploy 3600, by K"])
    #expect(try fixture.cache.all().map(\.source) == [SourceName(.process, "p"), SourceName(.process, "p")])
  }

  @Test(arguments: [
    ("echo", CredentialsDocumentError.notJSON(bytes: 1, .notWellFormed(offset: 1))),
    ("echo '\(answer("A"))\(answer("B"))'", .notJSON(bytes: 119, .notWellFormed(offset: 59))),
    ("echo '\(answer("A", #","Expiration":"2026-11-21T08:00:00Z""#))'", .expired(TestClock.start)),
    (#"echo '{"Version":1}'"#, .missing("AccessKeyId")),
  ])
  func `an answer that is none is an error without its text`(script: String, error: CredentialsDocumentError) throws {
    let fixture = try fixture(process(script))
    #expect(throws: SourceError.output(try #require(fixture.plan(for: "p").source.origin), error)) {
      try fixture.credentials(for: "p")
    }
  }

  @Test(arguments: [#""1""#, "2", "1.0", "true", "null", "[1]"])
  func `only the number 1 is a version`(version: String) throws {
    let fixture = try fixture(process("echo '\(Self.answer("A").replacing(":1,", with: ":\(version),"))'"))
    #expect(throws: SourceError.version(try #require(fixture.plan(for: "p").source.origin))) {
      try fixture.credentials(for: "p")
    }
  }

  @Test func `a program that fails is reported with its own last words`() throws {
    let fixture = try fixture(process("echo secret; echo no vault >&2; echo try later >&2; exit 4"))
    let error = ChildError.ended(.exited(4), complaint: ["no vault", "try later"])
    #expect(throws: SourceError.program(try #require(fixture.plan(for: "p").source.origin), error)) {
      try fixture.credentials(for: "p")
    }
  }

  @Test func `a program learns for which profiles it runs`() throws {
    let fixture = try fixture(
      process(#"[ "$DAYPASS_PROFILE_CHAIN $_AWS_CLI_PROFILE_CHAIN" = "top,p top,p" ] && echo '\#(Self.answer("K"))'"#),
      [.role("ASIAMADEUP0000000001")])
    #expect(try fixture.credentials(for: "top") == "ASIAMADEUP0000000001")
  }

  // MARK: Web identity

  private static func token(_ subject: String, expires: TimeInterval = 3600) -> String {
    let end = Int(TestClock.start.timeIntervalSince1970 + expires)
    let claims = Data(#"{"iss":"https://idp","sub":"\#(subject)","exp":\#(end)}"#.utf8).base64EncodedString()
    return "e30." + claims.replacing("=", with: "").replacing("+", with: "-").replacing("/", with: "_") + ".made-up"
  }

  private func write(_ token: String) -> String { "web_identity_token_file = " + scratch.write(token, to: "token") }

  private static func webRole(_ key: String) -> ScriptedTransport.Step {
    let credentials = Answers.credentials(key: key, expiration: "2026-11-21T20:00:00Z")
    return .answer(
      200, Answers.assumedRole(credentials).replacing("AssumeRoleRes", with: "AssumeRoleWithWebIdentityRes"))
  }

  @Test func `a session belongs to the subject of its token, not to the path of the file`() throws {
    let settings = Self.role + write(Self.token("a"))
    let fixture = try fixture(settings, [Self.webRole("ASIAMADEUP000000000A"), Self.webRole("ASIAMADEUP000000000B")])
    #expect(try fixture.credentials(for: "p") == "ASIAMADEUP000000000A")
    _ = write(Self.token("b"))
    #expect(try fixture.credentials(for: "p") == "ASIAMADEUP000000000B")
    // Another token of the same subject.
    _ = write(Self.token("a", expires: 7200))
    #expect(try fixture.credentials(for: "p") == "ASIAMADEUP000000000A")
    #expect(fixture.transport.requests.map { $0.parameters["WebIdentityToken"] } == [Self.token("a"), Self.token("b")])
  }

  @Test func `a pipe gives its token once`() throws {
    let pipe = Pipe()
    pipe.fileHandleForWriting.write(Data(Self.token("a").utf8))
    try pipe.fileHandleForWriting.close()
    let file = "web_identity_token_file = /dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    let fixture = try fixture(Self.role + file, [Self.webRole("ASIAMADEUP000000000A"), .role("ASIAMADEUP0000000001")])
    #expect(try fixture.credentials(for: "top") == "ASIAMADEUP0000000001")
    withExtendedLifetime(pipe) {}
  }

  @Test func `an expired token is not sent`() throws {
    let fixture = try fixture(Self.role + write(Self.token("a", expires: -61)))
    let error = SourceError.expiredToken(scratch.path("token"), TestClock.start - 61)
    #expect(throws: error) { try fixture.credentials(for: "p") }
    #expect(fixture.calls == [])
    _ = write(Self.token("a", expires: -59))
    let other = try self.fixture(
      Self.role + write(Self.token("a", expires: -59)), [Self.webRole("ASIAMADEUP000000000A")])
    #expect(try other.credentials(for: "p") == "ASIAMADEUP000000000A")
  }

  @Test func `a token that AWS finds expired is read once more`() throws {
    let expired = ScriptedTransport.Step.answer(400, Answers.error("ExpiredTokenException"))
    let settings = Self.role + write("a.b.c")
    #expect(
      try fixture(settings, [expired, Self.webRole("ASIAMADEUP000000000A")]).credentials(for: "p")
        == "ASIAMADEUP000000000A")
    let error = SourceError.expiredToken(scratch.path("token"), TestClock.start)
    #expect(throws: error) { try fixture(settings, [expired, expired]).credentials(for: "p") }
  }

  @Test(arguments: ["InvalidIdentityToken", "IDPRejectedClaim", "AccessDenied"])
  func `what AWS says of a token is reported with the file`(code: String) throws {
    let fixture = try fixture(Self.role + write("a.b.c"), [.answer(403, Answers.error(code, "why"))])
    let refusal = ServiceError(code: code, message: "why", requestID: "r-1", status: 403)
    #expect(throws: SourceError.refusedToken(scratch.path("token"), refusal)) { try fixture.credentials(for: "p") }
  }

  @Test func `a token may come from a program, which is not run if a session is cached`() throws {
    let count = scratch.path("count")
    let program = scratch.write("echo >>\(count)\necho a.b.c\n", to: "get")
    let settings = Self.role + "web_identity_token_process = sh \(program)"
    let fixture = try fixture(settings, [Self.webRole("ASIAMADEUP000000000A")])
    #expect(try fixture.credentials(for: "p") == "ASIAMADEUP000000000A")
    #expect(try fixture.credentials(for: "p") == "ASIAMADEUP000000000A")
    #expect(try scratch.text(of: "count") == "\n")
  }

  @Test func `a file without a token is an error before the call`() throws {
    let path = scratch.path("token")
    #expect(throws: SourceError.tokenFile(path, .call(2))) {
      try fixture(Self.role + "web_identity_token_file = \(path)").credentials(for: "p")
    }
    for content in ["", "a\nb\n", String(repeating: "x", count: 20_001)] {
      #expect(throws: SourceError.notAToken(path)) { try fixture(Self.role + write(content)).credentials(for: "p") }
    }
    #expect(throws: SourceError.tokenFile(path, .call(27))) {
      try fixture(Self.role + write(String(repeating: "x", count: 30_000))).credentials(for: "p")
    }
    #expect(throws: SourceError.tokenFile(scratch.path, .call(21))) {
      try fixture(Self.role + "web_identity_token_file = \(scratch.path)").credentials(for: "p")
    }
  }

  // MARK: Machine

  @Test func `the environment's credentials assume the role, and a session belongs to their key`() throws {
    let answers = [ScriptedTransport.Step.role("ASIAMADEUP0000000001"), .role("ASIAMADEUP0000000002")]
    let fixture = try fixture(Self.role + "credential_source = Environment", answers)
    fixture.environment = ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"]
    #expect(try fixture.credentials(for: "p") == "ASIAMADEUP0000000001")
    #expect(try fixture.credentials(for: "p") == "ASIAMADEUP0000000001")
    fixture.environment["AWS_ACCESS_KEY_ID"] = "B"
    #expect(try fixture.credentials(for: "p") == "ASIAMADEUP0000000002")
    #expect(fixture.calls == ["AssumeRole deploy 3600, by A", "AssumeRole deploy 3600, by B"])
    #expect(fixture.transport.requests.map(\.token) == ["t", "t"])
  }

  @Test func `half a key in the environment is none, and an expired one is not sent`() throws {
    let fixture = try fixture(Self.role + "credential_source = Environment")
    fixture.environment = ["AWS_ACCESS_KEY_ID": "A"]
    #expect(throws: SourceError.missingVariables(["AWS_SECRET_ACCESS_KEY"])) { try fixture.credentials(for: "p") }
    fixture.environment = [
      "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
      "AWS_CREDENTIAL_EXPIRATION": "2026-11-21T08:00:00Z",
    ]
    #expect(throws: SourceError.expired(SourceName(.environment, ""), TestClock.start)) {
      try fixture.credentials(for: "p")
    }
  }

  @Test func `credentials of the machine that AWS finds expired are not ours to renew`() throws {
    let fixture = try fixture(Self.role + "credential_source = Environment", [.refusal("ExpiredToken")])
    fixture.environment = ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"]
    #expect(throws: SourceError.expired(SourceName(.environment, ""), nil)) { try fixture.credentials(for: "p") }
  }

  private static let machineAnswer =
    #"{"AccessKeyId":"ASIAMACHINE","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-21T09:00:00Z"}"#

  @Test func `a container's credentials assume the role, and are asked for no longer than that lasts`() throws {
    let fixture = try fixture(Self.role + "credential_source = EcsContainer", [.role("ASIAMADEUP0000000001")])
    fixture.environment = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/x"]
    fixture.machine = ScriptedTransport([.answer(200, Self.machineAnswer)])
    #expect(try fixture.credentials(for: "p") == "ASIAMADEUP0000000001")
    #expect(try fixture.credentials(for: "p") == "ASIAMADEUP0000000001")
    #expect(fixture.calls == ["AssumeRole deploy 3600, by ASIAMACHINE"])
    fixture.clock.advance(by: 3700)
    fixture.machine = ScriptedTransport([.answer(200, Self.machineAnswer)])
    #expect(throws: SourceError.expired(SourceName(.container, ""), TestClock.start + 3600)) {
      try fixture.credentials(for: "p")
    }
  }

  @Test func `an instance's credentials assume the role even past their end`() throws {
    let settings = "credential_source = Ec2InstanceMetadata\nec2_metadata_service_endpoint = http://127.0.0.1:1"
    let fixture = try fixture(Self.role + settings, [.role("ASIAMADEUP0000000001")])
    let expired = Self.machineAnswer.replacing("09:00", with: "07:00")
    fixture.machine = ScriptedTransport([.answer(200, "token"), .answer(200, "web"), .answer(200, expired)])
    #expect(try fixture.credentials(for: "p") == "ASIAMADEUP0000000001")
  }

  @Test(arguments: ["http://override:456", "http://192.168.0.1", "ftp://127.0.0.1"])
  func `an endpoint that cannot be believed is not asked`(endpoint: String) throws {
    let settings = "credential_source = Ec2InstanceMetadata\nec2_metadata_service_endpoint = \(endpoint)"
    let fixture = try fixture(Self.role + settings)
    #expect(throws: SourceError.self) { try fixture.credentials(for: "p") }
    #expect(fixture.machine.requests.isEmpty)
  }
}

// MARK: - Suites

@Suite(.enabled(if: EndpointCase.suite.isPresent, "the suite config/smithy-rs is not beside the checkout"))
struct MachineEndpointSuiteTests {
  @Test func `a container's address is that of the SDK for Rust in every case`() throws {
    let cases = try EndpointCase.all("ecs-tests.json")
    #expect(cases.count == 11)
    for test in cases {
      let url = try? ContainerEndpoint(environment: test.env).url.text
      #expect(url == test.result.url, "\(test.docs)")
    }
  }

  @Test func `an instance's address is that of the SDK for Rust in every case`() throws {
    let cases = try EndpointCase.all("imds-endpoint-tests.json")
    #expect(cases.count == 14)
    for test in cases { #expect(try test.instanceURL() == test.result.url, "\(test.docs)") }
  }
}

/// A case of the suites: the URL that comes of an environment and a config file.
struct EndpointCase: Decodable {
  static let suite = ExternalSuite("config/smithy-rs")

  var docs: String
  var env: [String: String]
  var fs: [String: String]?
  /// As the SDK's code may choose them; a command line can by variables only.
  var endpointOverride: String?
  var modeOverride: String?
  var result: Outcome

  struct Outcome: Decodable {
    var url: String?

    enum CodingKeys: String, CodingKey { case url = "Ok" }
  }

  static func all(_ file: String) throws -> [EndpointCase] {
    struct Cases: Decodable { var tests: [EndpointCase] }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Cases.self, from: Data(suite.text(file).utf8)).tests
  }

  /// Nil if there is none.
  func instanceURL() throws -> String? {
    let config = try ConfigDocument(parsing: Array((fs?["config"] ?? "[default]").utf8), file: "/config", as: .config)
    let own = "\nrole_arn = arn:aws:iam::123456789012:role/x\ncredential_source = Ec2InstanceMetadata\n"
    let credentials = try ConfigDocument(parsing: Array("[default]\(own)".utf8), file: "/c", as: .credentials)
    var environment = env
    environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = endpointOverride ?? env["AWS_EC2_METADATA_SERVICE_ENDPOINT"]
    environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] =
      modeOverride ?? env["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]
    let planner = CredentialPlanner(
      profiles: ProfileSet(config: config, credentials: credentials), environment: environment,
      options: PlanOptions(defaultSessionName: RoleSessionName(user: "al", host: "box")))
    do {
      guard case .instance(let instance) = try planner.plan(for: "default").source else { return "another source" }
      return try InstanceEndpoint(instance.endpoint, mode: instance.mode).url("/latest/api/token").text
    } catch {
      return nil
    }
  }
}
