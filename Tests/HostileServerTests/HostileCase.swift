import AWSServices
import AWSValues
import Foundation
import FoundationEssentials
import Glibc
import HTTP
import Secrets
import Synchronization
import TestSupport
import Testing

/// One way a server misbehaves on every connection, and what must come of it.
struct HostileCase: Sendable {
  let name: String
  let step: LoopbackServer.Step
  let verdict: Verdict

  init(_ name: String, _ step: LoopbackServer.Step, _ verdict: Verdict) {
    (self.name, self.step, self.verdict) = (name, step, verdict)
  }

  /// A server that answers `body` in a right response.
  init(_ name: String, body: String, type: String = "text/xml", _ verdict: Verdict) {
    self.init(name, .answer(SessionAnswer.http(body, type: type)), verdict)
  }

  /// Has `user` run daypass against such a server.
  func check(_ user: TestUser, _ arguments: [String] = ["credential-process", "alice"]) throws {
    let server = LoopbackServer(always: step)
    let outcome = try user.run(arguments, at: "http://127.0.0.1:\(server.port)")
    let requests = server.requests().count
    var problems = verdict.problems(of: outcome)
    if requests != 1 { problems.append("\(requests) requests") }
    Tally.record(name, problems)
  }
}

extension [HostileCase] {
  /// Tries all with one user.
  func check(_ arguments: [String] = ["credential-process", "alice"]) throws {
    let user = try TestUser()
    for hostile in self { try hostile.check(user, arguments) }
  }
}

// MARK: - Caller

/// Calls STS in this process.
struct Caller {
  let port: Int
  var attempts = 1
  var pauses = Pauses()

  /// Asks for a session; nil if one came, else the reason why not.
  func failure() -> AWSError? { failure(with: client) }

  func failure(with client: AWSClient) -> AWSError? {
    do throws(AWSError) {
      let session = try STS(client).sessionToken(duration: .roleChainingLimit, signedBy: Self.key())
      return session.accessKeyID == "ASIAIOSFODNN7EXAMPLE" ? nil : .malformed(call: "test", element: "AccessKeyId")
    } catch {
      return error
    }
  }

  var client: AWSClient {
    var timeouts = CurlTransport.Timeouts()
    timeouts.total = .seconds(20)
    let connection = Connection(
      region: "eu-west-1", endpoints: [.sts: "http://127.0.0.1:\(port)"], maxAttempts: attempts)
    return AWSClient(
      connection: connection, transport: CurlTransport(userAgent: "daypass/test", timeouts: timeouts),
      dependencies: ClientDependencies(now: { Date() }, random: { 1 }, pause: { [pauses] in pauses.record($0) }))
  }

  private static func key() -> Credentials {
    Credentials(
      accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: SecretBytes(copying: TestUser.longTermSecret))
  }
}

// MARK: - TestUser

/// A user with a key in a keyring of their own, whose daypass meets a hostile server.
final class TestUser {
  private let keyring: PrivateKeyring
  private let program: String

  /// The secret of the long-term key; no output may hold it.
  static let longTermSecret = "CNRYlongterm/00000000000000000000000000/"
  /// What daypass says of the role it is to assume.
  static let role = "arn:aws:iam::123456789012:role/Deploy"
  static let device = "arn:aws:iam::123456789012:mfa/alice"

  init(secret: String = longTermSecret) throws {
    keyring = try PrivateKeyring()
    program = try builtProgram("daypass")
    keyring.bus.scratch.makeFolder("home/.aws")
    keyring.bus.scratch.write(Self.configuration, to: "home/.aws/config")
    let added = try run(
      ["add", "alice", "--env", "--no-verify"],
      with: ["AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": secret])
    guard added.status == .exited(0) else { throw SetupFailure(added.errorText) }
  }

  /// One with the key of the double's alice.
  static func ofDouble() throws -> TestUser { try TestUser(secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY") }

  var home: String { keyring.bus.scratch.path("home") }

  /// Writes a file below the user's home.
  func write(_ text: String, to name: String) { keyring.bus.scratch.write(text, to: "home/" + name) }

  /// Runs daypass; calls of AWS go to `endpoint`, once each.
  func run(
    _ arguments: [String], at endpoint: String? = nil, with variables: [String: String] = [:], within seconds: Int = 60
  ) throws -> Launch.Outcome {
    try launch(arguments, at: endpoint, with: variables).run(within: seconds)
  }

  /// The same on a terminal; what the terminal got.
  func runOnTerminal(_ arguments: [String], at endpoint: String) throws -> String {
    let terminal = try PseudoTerminal(launch(arguments, at: endpoint, with: [:]))
    _ = try terminal.waitForExit()
    return terminal.transcript
  }

  /// The most memory daypass had resident, in KiB, as the kernel tells the parent of a process that has ended.
  func peakMemory(_ arguments: [String], at endpoint: String) -> Int {
    let parent = """
      import os, resource, sys
      os.spawnv(os.P_WAIT, sys.argv[1], sys.argv[1:])
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
      """
    let words = ["python3", "-ISc", parent, program] + arguments
    let output = ChildProcess.run(words, environment: variables(endpoint)).output
    return output.split(separator: "\n").last.flatMap { Int($0) } ?? 0
  }

  private func launch(
    _ arguments: [String], at endpoint: String?, with more: [String: String]
  ) -> Launch {
    let variables = variables(endpoint).merging(more) { _, new in new }
    return Launch(program, arguments, environment: variables.map { "\($0.key)=\($0.value)" })
  }

  private func variables(_ endpoint: String?) -> [String: String] {
    var variables = keyring.environment
    variables["AWS_ENDPOINT_URL"] = endpoint
    variables["AWS_MAX_ATTEMPTS"] = "1"
    return variables
  }

  private static let configuration = """
    [profile alice]
    region = eu-west-1

    [profile deploy]
    role_arn = \(role)
    role_session_name = daypass
    source_profile = alice
    region = eu-west-1

    [profile phone]
    role_arn = arn:aws:iam::123456789012:role/ReadOnly
    role_session_name = daypass
    source_profile = alice
    mfa_serial = \(device)
    region = eu-west-1

    """
}

// MARK: - Verdict

/// What must come of meeting a server.
enum Verdict: Sendable {
  /// The exit status, and words of the one line that says why.
  case refused(Int32, String)
  /// Exit status 0 and an answer.
  case served

  /// What is wrong with `outcome`; nothing if it is as it must be.
  func problems(of outcome: Launch.Outcome) -> [String] {
    let found = outcome.unsafeText + outcome.leaks(allowingSession: allowsSession)
    switch self {
    case .refused(let status, let words): return found + outcome.refusalProblems(status, words)
    case .served: return found + outcome.serviceProblems
    }
  }

  private var allowsSession: SessionOutput {
    switch self {
    case .refused: .forbidden
    case .served: .allowed
    }
  }
}

/// Whether a session's secret may be in the output.
enum SessionOutput { case allowed, forbidden }

extension Launch.Outcome {
  fileprivate var lines: [Substring] { errorText.split(separator: "\n") }

  fileprivate func refusalProblems(_ expected: Int32, _ words: String) -> [String] {
    let hints = lines.filter { $0.hasPrefix("daypass: hint: ") }
    // Where to sign in is no cause.
    let others = ["daypass: hint: ", "daypass: warning: ", "daypass: sign in with the browser", "  http://127.0.0.1:"]
    let causes = lines.filter { line in !others.contains { line.hasPrefix($0) } }
    var problems: [String] = []
    if status != .exited(expected) { problems.append("\(status), not \(expected)") }
    if !output.isEmpty { problems.append("stdout: \(outputText.prefix(200))") }
    if causes.count != 1 { problems.append("\(causes.count) causes") }
    if causes.first?.hasPrefix("daypass: ") != true { problems.append("not daypass's words") }
    if causes.first?.contains(words) != true { problems.append("the cause does not say '\(words)'") }
    if hints.count != 1 { problems.append("\(hints.count) hints") }
    return problems.isEmpty ? [] : problems + [errorText]
  }

  fileprivate var serviceProblems: [String] {
    status == .exited(0) && !output.isEmpty ? [] : ["\(status)", outputText, errorText]
  }

  /// Nothing that moves a cursor, changes a title, hides or reorders text.
  fileprivate var unsafeText: [String] {
    let scalars = (outputText + errorText).unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control: scalar != "\n"
      case .format, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
    return scalars.isEmpty ? [] : ["raw characters: \(scalars.map { String($0.value, radix: 16) })"]
  }

  fileprivate func leaks(allowingSession session: SessionOutput) -> [String] {
    var secrets = [TestUser.longTermSecret]
    if session == .forbidden { secrets += [SessionAnswer.secret, SessionAnswer.token] }
    return secrets.filter { (outputText + errorText).contains($0) }.map { "leaked \($0)" }
  }
}

// MARK: - Tally

/// Counts the cases of this target; the figure is published when the process ends.
enum Tally {
  private static let counts = Mutex((all: 0, passed: 0))
  private static let publishing: Void = { _ = atexit { Tally.publishFigure() } }()

  /// Records that the case `name` was tried; every problem fails the test.
  static func record(_ name: String, _ problems: [String]) {
    _ = publishing
    counts.withLock { counts in
      counts.all += 1
      counts.passed += problems.isEmpty ? 1 : 0
    }
    if !problems.isEmpty { Issue.record("\(name): \(problems.joined(separator: "; "))") }
  }

  private static func publishFigure() {
    let counts = counts.withLock { $0 }
    publish(figure: "hostile server cases passed", "\(counts.passed) of \(counts.all)")
  }
}

// MARK: - Session answer

/// The answer of STS to GetSessionToken or AssumeRole, right unless a test changes it.
struct SessionAnswer {
  var accessKeyID = "ASIAIOSFODNN7EXAMPLE"
  var secretAccessKey = Self.secret
  var sessionToken = Self.token
  var expiration = Self.time(secondsFromNow: 3600)
  /// Stands before the document.
  var prologue = ""
  var namespace = "https://sts.amazonaws.com/doc/2011-06-15/"
  /// Of AssumeRole only.
  var assumedRole: String?

  static let secret = "CNRYsession/111111111111111111111111111/"
  static let token = "CNRYtoken/22222222222222222222222222222222=="

  var document: String {
    """
    \(prologue)<\(call)Response xmlns="\(namespace)">
      <\(call)Result>
        \(credentials)\(user)
      </\(call)Result>
      <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>
    </\(call)Response>

    """
  }

  var credentials: String {
    "<Credentials><AccessKeyId>\(accessKeyID)</AccessKeyId><SecretAccessKey>\(secretAccessKey)</SecretAccessKey>"
      + "<SessionToken>\(sessionToken)</SessionToken><Expiration>\(expiration)</Expiration></Credentials>"
  }

  var bytes: [UInt8] { Self.http(document) }

  private var call: String { assumedRole == nil ? "GetSessionToken" : "AssumeRole" }

  private var user: String {
    assumedRole.map { "<AssumedRoleUser><AssumedRoleId>AROA:daypass</AssumedRoleId><Arn>\($0)</Arn></AssumedRoleUser>" }
      ?? ""
  }

  static func time(secondsFromNow seconds: Double) -> String {
    ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: seconds))
  }

  /// `body` as a whole response.
  static func http(
    _ body: String, status: String = "200 OK", type: String = "text/xml", headers: [String] = []
  ) -> [UInt8] {
    http(Array(body.utf8), status: status, type: type, headers: headers)
  }

  static func http(
    _ body: [UInt8], status: String = "200 OK", type: String = "text/xml", headers: [String] = []
  ) -> [UInt8] {
    let head = ["HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.count)"] + headers
    return Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }
}

/// Counts the time a client would have waited.
final class Pauses: Sendable {
  private let sum = Mutex(Duration.zero)

  var total: Duration { sum.withLock { $0 } }

  func record(_ pause: Duration) { sum.withLock { $0 += pause } }
}
