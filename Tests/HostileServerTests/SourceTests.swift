import Foundation
import Glibc
import TestSupport
import Testing

/// Services that sources other than keys ask, where they misbehave on every connection.
@Suite(.keyring)
struct SourceTests {
  /// Who is asked.
  enum Service: String, CaseIterable {
    case container, instance, registration, token, portal, accounts, login
  }

  @Test(arguments: Service.allCases)
  func `what is no answer is reported once, without a secret and without what moves a cursor`(service: Service) throws {
    let user = try SourceUser()
    for hostile in Self.answers {
      let server = LoopbackServer(script: service.beginning, rest: hostile.step)
      let outcome = try user.run(service, at: server.port)
      _ = server.requests()
      let verdict = service.isMachine ? hostile.ofMachine : hostile.ofAWS
      Tally.record("\(service): \(hostile.name)", verdict.problems(of: outcome))
    }
  }

  /// An answer, and what must come of it if it is in the place of AWS's, or of a container's or an instance's.
  private struct Answer {
    let name: String
    let step: LoopbackServer.Step
    let ofAWS: Verdict
    let ofMachine: Verdict

    init(_ name: String, _ step: LoopbackServer.Step, _ ofAWS: Verdict, machine ofMachine: Verdict) {
      (self.name, self.step, self.ofAWS, self.ofMachine) = (name, step, ofAWS, ofMachine)
    }
  }

  private static var answers: [Answer] { unusable + large + refusals + broken }

  private static let unusable: [Answer] = [
    Answer(
      "a page of HTML", .answer(SessionAnswer.http("<html><b>Sign in to the hotel</b></html>", type: "text/html")),
      .refused(75, "the reply did not come from AWS"), machine: .refused(1, "gave no credentials")),
    Answer("nothing", json(""), .refused(1, "is unusable"), machine: .refused(1, "gave no credentials")),
    Answer("an array", json("[]"), .refused(1, "is unusable"), machine: .refused(1, "gave no credentials")),
    Answer("a number", json("1"), .refused(1, "is unusable"), machine: .refused(1, "gave no credentials")),
    Answer("an empty object", json("{}"), .refused(1, "is unusable"), machine: .refused(1, "gave no credentials")),
    Answer(
      "half an object", json(#"{"accessToken":"\#(SessionAnswer.token)""#), .refused(1, "is unusable: JSON"),
      machine: .refused(1, "gave no credentials")),
    Answer("two objects", json("{}{}"), .refused(1, "is unusable"), machine: .refused(1, "gave no credentials")),
  ]

  private static let large: [Answer] = [
    Answer(
      "much too deep", json(String(repeating: "[", count: 100_000)), .refused(75, "the reply did not come from AWS"),
      machine: .refused(1, "gave no credentials")),
    Answer(
      "2 MiB", json("{\"a\":\"" + String(repeating: "a", count: 2 << 20) + "\"}"),
      .refused(1, "more than 1048576 bytes"), machine: .refused(75, "more than 1048576 bytes")),
    Answer(
      "an answer without end",
      .flood(head: "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", Array("[[[[[[[[".utf8)),
      .refused(1, "more than 1048576 bytes"), machine: .refused(75, "more than 1048576 bytes")),
  ]

  private static let refusals: [Answer] = [
    Answer(
      "an error that moves the cursor",
      json(#"{"error":"\u001b[2J\u202e","message":"\u001b]0;x\u0007"}"#, "400 No"), .refused(77, "AWS refused ("),
      machine: .refused(77, "refused with status 400: \\u{1b}]0;x\\u{7}")),
    Answer(
      "a long error", json("{\"message\":\"" + String(repeating: "m", count: 1 << 19) + "\"}", "400 No"),
      .refused(75, "the reply did not come from AWS"), machine: .refused(77, "refused with status 400: mmm")),
    Answer(
      "a redirect", .answer(SessionAnswer.http("", status: "302 Found", headers: ["Location: http://127.0.0.1:9/x"])),
      .refused(75, "the reply did not come from AWS"), machine: .refused(77, "refused with status 302")),
    Answer(
      "a status of 999", json("{}", "999 What"), .refused(75, "the reply did not come from AWS"),
      machine: .refused(75, "refused with status 999")),
    Answer(
      "no access", json("{}", "403 No"), .refused(75, "the reply did not come from AWS"),
      machine: .refused(77, "daypass: the ")),
    Answer(
      "trouble", json("{}", "503 No"), .refused(75, "the reply did not come from AWS"),
      machine: .refused(75, "refused with status 503")),
  ]

  private static let broken: [Answer] = [
    Answer(
      "no HTTP", .answer(Array("SSH-2.0-OpenSSH\r\n".utf8)), .refused(1, "does not speak HTTP"),
      machine: .refused(75, "does not speak HTTP")),
    Answer(
      "a connection that breaks", .reset(after: Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{".utf8)),
      .refused(75, "closed the connection"), machine: .refused(75, "closed the connection")),
    Answer(
      "a silent end", .listen, .refused(75, "closed the connection"), machine: .refused(75, "closed the connection")),
  ]

  private static func json(_ text: String, _ status: String = "200 OK") -> LoopbackServer.Step {
    .answer(SessionAnswer.http(text, status: status, type: "application/json"))
  }
}

extension SourceTests.Service {
  /// What a service that is as it should be answers before it is this one's turn.
  fileprivate var beginning: [LoopbackServer.Step] {
    switch self {
    case .container, .instance, .registration, .portal, .accounts, .login: []
    case .token:
      [
        .answer(
          SessionAnswer.http(
            #"{"clientId":"id","clientSecret":"\#(SessionAnswer.secret)","clientSecretExpiresAt":4102444800}"#,
            type: "application/json"))
      ]
    }
  }

  fileprivate var isMachine: Bool { self == .container || self == .instance }

  fileprivate var arguments: [String] {
    switch self {
    case .container: ["credential-process", "task"]
    case .instance: ["credential-process", "host"]
    case .registration, .token: ["login", "--sso-session", "corp"]
    case .portal: ["credential-process", "readonly"]
    case .accounts: ["sso", "accounts", "signed-in"]
    case .login: ["login", "dev"]
    }
  }
}

/// A user with a profile for each source, a token of the AWS CLI, and a browser that brings a code at once.
private final class SourceUser {
  private let keyring: PrivateKeyring
  private let program: String

  init() throws {
    keyring = try PrivateKeyring()
    program = try builtProgram("daypass")
    for folder in ["home/.aws", "home/.aws/sso", "home/.aws/sso/cache"] { keyring.bus.scratch.makeFolder(folder) }
    keyring.bus.scratch.write(Self.configuration, to: "home/.aws/config")
    let token = """
      {"startUrl":"https://d-abc123.awsapps.com/start","region":"eu-west-1","accessToken":"\(SessionAnswer.token)",
       "expiresAt":"2999-01-01T00:00:00Z"}
      """
    keyring.bus.scratch.write(token, to: "home/.aws/sso/cache/2fa83e8b759dcdf5a6232745562b689a3b195a01.json")
    keyring.bus.scratch.write(Self.browser, to: "home/browser", mode: 0o700)
  }

  func run(_ service: SourceTests.Service, at port: Int) throws -> Launch.Outcome {
    let url = "http://127.0.0.1:\(port)"
    let variables = keyring.environment.merging([
      "AWS_ENDPOINT_URL": url, "AWS_MAX_ATTEMPTS": "1", "AWS_CONTAINER_CREDENTIALS_FULL_URI": url + "/x",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": TestUser.longTermSecret, "AWS_EC2_METADATA_SERVICE_ENDPOINT": url,
      "AWS_METADATA_SERVICE_TIMEOUT": "60",
      "DAYPASS_BROWSER": keyring.bus.scratch.path("home/browser"),
    ]) { $1 }
    return try Launch(program, service.arguments, environment: variables.map { "\($0.key)=\($0.value)" })
      .run(within: 120)
  }

  private static let browser = """
    #!/bin/sh
    field() { printf %s "$1" | sed "s/.*[?&]$2=\\([^&]*\\).*/\\1/"; }
    port=$(field "$1" redirect_uri | sed 's/.*%3A\\([0-9]*\\)%2F.*/\\1/')
    curl -s "http://127.0.0.1:$port/oauth/callback?code=CNRYcode&state=$(field "$1" state)"
    """

  private static let configuration = """
    [sso-session corp]
    sso_start_url = https://d-abc123.awsapps.com/start
    sso_region = eu-west-1

    [sso-session signed-in]
    sso_start_url = https://d-abc123.awsapps.com/start
    sso_region = eu-west-1

    [profile readonly]
    sso_session = signed-in
    sso_account_id = 123456789012
    sso_role_name = ReadOnly

    [profile task]
    role_arn = arn:aws:iam::123456789012:role/Build
    credential_source = EcsContainer

    [profile host]
    role_arn = arn:aws:iam::123456789012:role/Build
    credential_source = Ec2InstanceMetadata

    [profile dev]
    region = eu-west-1
    login_session = arn:aws:iam::123456789012:user/alice

    """
}
