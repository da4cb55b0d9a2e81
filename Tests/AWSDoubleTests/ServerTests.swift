import AWSDouble
import Foundation
import TestSupport
import Testing

struct ServerProcessTests {
  private func whoami(_ server: ServerProcess, as key: TestKey) throws -> Answer? {
    var call = SignedCall("GetCallerIdentity", at: Date())
    call.key = key
    let port = try server.port
    return LoopbackClient.send(call.request(host: "127.0.0.1:\(port)"), toPort: port)
  }

  @Test func `the server has the demo account and ends when it is told to`() throws {
    let server = try ServerProcess(state: nil)
    #expect(try whoami(server, as: .alice)?["Arn"] == "arn:aws:iam::123456789012:user/alice")
    server.process.terminate()
    #expect(try server.end() == 0)
  }

  @Test func `the server takes its account from a file and ends with whoever started it`() throws {
    let state = #"{"id": "210987654321", "users": [{"name": "zoe", "keys": [{"id": "AKIAZ", "secret": "s"}]}]}"#
    let server = try ServerProcess(state: state)
    #expect(try whoami(server, as: TestKey(id: "AKIAZ", secret: "s"))?["Account"] == "210987654321")
    try server.input.fileHandleForWriting.close()
    #expect(try server.end() == 0)
  }
}

// MARK: - Server process

/// A started `aws-double`, in a scratch folder of its own.
struct ServerProcess {
  let process = Process()
  let input = Foundation.Pipe()
  private let scratch = ScratchFolder()

  private var folder: URL { URL(filePath: scratch.path) }

  var port: UInt16 {
    get throws {
      let url = try String(contentsOf: folder.appending(path: "port"), encoding: .utf8)
      return UInt16(url.dropFirst("http://127.0.0.1:".count)) ?? 0
    }
  }

  /// Returns once the port answers.
  init(state: String?) throws {
    let stateFile = folder.appending(path: "state.json")
    try state?.write(to: stateFile, atomically: false, encoding: .utf8)
    process.executableURL = URL(filePath: try builtProgram("aws-double"))
    process.arguments = ["--port-file", folder.appending(path: "port").path]
    process.arguments? += state.map { _ in ["--state", stateFile.path] } ?? []
    process.standardInput = input
    try process.run()
    CleanupProcess.add(.process(process.processIdentifier))
    // The file is moved to its place when it is whole.
    try #require(eventually { FileManager.default.fileExists(atPath: folder.path + "/port") })
  }

  /// The exit status.
  func end() throws -> Int32 {
    process.waitUntilExit()
    CleanupProcess.withdraw(.process(process.processIdentifier))
    return process.terminationStatus
  }
}

// MARK: - Control panel tests

struct ControlPanelTests {
  @Test func `faults, calls and clock can be set from outside`() throws {
    let fixture = try Fixture()
    let faults = """
      [{"fault": "pass"}, {"action": "GetCallerIdentity", "fault": "refuse", "status": 403, "code": "Odd"}]
      """
    #expect(fixture.control("POST", "faults", faults)?.status == 204)
    #expect(fixture.sts("GetCallerIdentity")?.status == 200)
    #expect(fixture.sts("GetCallerIdentity")?["Code"] == "Odd")
    #expect(fixture.control("GET", "calls")?.body.contains("\"outcome\" : \"ok\"") == true)
    #expect(fixture.control("DELETE", "calls")?.status == 204 && fixture.aws.calls.isEmpty)
    #expect(fixture.control("POST", "clock", #"{"fixed": "2030-01-01T13:00:00Z"}"#)?.status == 204)
    #expect(fixture.aws.clock == .fixed(Fixture.noon + 3600))
    #expect(fixture.control("POST", "clock", #"{"advance": -3600}"#)?.status == 204)
    #expect(fixture.aws.clock == .fixed(Fixture.noon))
  }

  @Test func `a code comes over the control api, and the next one when it is spent`() throws {
    let fixture = try Fixture()
    let path = "code?serial=" + Fixture.device
    let first = fixture.control("GET", path)?.body
    #expect(first == fixture.code + "\n")
    _ = try fixture.mfaSession()
    let second = fixture.control("GET", path)?.body
    #expect(second == fixture.code + "\n" && second != first)
    #expect(fixture.control("GET", "code?serial=none")?.status == 404)
  }

  @Test(arguments: [
    ("POST", "faults", #"[{"fault": "earthquake"}]"#), ("POST", "faults", #"[{"fault": "close", "tmies": 2}]"#),
    ("POST", "clock", #"{"ofset": 1}"#), ("POST", "state", #"{"user": []}"#),
    ("POST", "state", #"{"users": [{"name": "x", "mfaDevices": [{"serial": "s", "seed": "1"}]}]}"#),
  ])
  func `a mistyped script is refused`(method: String, path: String, body: String) throws {
    #expect(try Fixture().control(method, path, body)?.status == 400)
  }

  @Test func `another account can be put in place`() throws {
    let fixture = try Fixture()
    let state = #"{"users": [{"name": "zoe", "keys": [{"id": "AKIAI44QH8DHBEXAMPLE", "secret": "s"}]}]}"#
    #expect(fixture.control("POST", "state", state)?.status == 204)
    let key = TestKey(id: TestKey.bob.id, secret: "s")
    #expect(fixture.sts("GetCallerIdentity", as: key)?["Arn"] == "arn:aws:iam::123456789012:user/zoe")
    #expect(fixture.sts("GetCallerIdentity")?["Code"] == "InvalidClientTokenId")
  }
}

// MARK: - Fault tests

struct FaultTests {
  @Test(arguments: [
    (Fault.throttle, 400, "Throttling"), (.serverError, 500, "InternalFailure"),
    (.unavailable, 503, "ServiceUnavailable"), (.refuse(status: 403, code: "Odd", message: "so"), 403, "Odd"),
  ])
  func `sts fails in its own words, then works`(fault: Fault, status: Int, code: String) throws {
    let fixture = try Fixture()
    fixture.aws.fail(.getCallerIdentity, with: fault, times: 2)
    for _ in 1...2 {
      let answer = fixture.sts("GetCallerIdentity")
      #expect(answer?.status == status && answer?["Code"] == code)
    }
    #expect(fixture.sts("GetCallerIdentity")?.status == 200)
  }

  @Test(arguments: [(Fault.throttle, 503, "SlowDown"), (.serverError, 500, "InternalError")])
  func `s3 fails in its own words`(fault: Fault, status: Int, code: String) throws {
    let fixture = try Fixture()
    fixture.aws.fail(.listBuckets, with: fault)
    let answer = fixture.listBuckets(as: .bob)
    #expect(answer?.status == status && answer?["Code"] == code)
    #expect(answer?.body.contains("<ErrorResponse") == false)
  }

  @Test func `a fault waits for its action`() throws {
    let fixture = try Fixture()
    fixture.aws.fail(.assumeRole, with: .serverError)
    #expect(fixture.sts("GetCallerIdentity")?.status == 200)
    #expect(fixture.sts("AssumeRole")?.status == 500)
  }

  @Test func `a connection may close before the answer, with and without an effect`() throws {
    let fixture = try Fixture()
    let mfa = ["SerialNumber": Fixture.device, "TokenCode": fixture.code]
    fixture.aws.fail(nil, with: .close)
    fixture.aws.fail(nil, with: .closeAfterActing)
    #expect(fixture.sts("GetSessionToken", mfa) == nil)
    #expect(fixture.code == mfa["TokenCode"])
    #expect(fixture.sts("GetSessionToken", mfa) == nil)
    #expect(fixture.code != mfa["TokenCode"])
  }

  @Test func `a cut answer is shorter than it says`() throws {
    let fixture = try Fixture()
    fixture.aws.fail(.getCallerIdentity, with: .cut)
    let answer = try #require(fixture.sts("GetCallerIdentity"))
    let promised = Int(answer.headers["content-length"] ?? "") ?? 0
    #expect(answer.status == 200 && answer.body.utf8.count == promised / 2)
  }

  @Test func `what is not AWS's answer can be scripted`() throws {
    let fixture = try Fixture()
    fixture.aws.fail(nil, with: .garbage)
    fixture.aws.fail(nil, with: .redirect)
    fixture.aws.fail(nil, with: .huge(bytes: 2_000_000))
    fixture.aws.fail(nil, with: .answer(status: 418, type: "text/plain", body: "tea"))
    #expect(fixture.sts("GetCallerIdentity")?.headers["content-type"] == "text/html")
    #expect(fixture.sts("GetCallerIdentity")?.headers["location"] == "/elsewhere")
    #expect(fixture.sts("GetCallerIdentity")?.body.utf8.count == 2_000_000)
    let last = fixture.sts("GetCallerIdentity")
    #expect(last?.status == 418 && last?.body == "tea")
  }

  @Test func `the date of an answer is the double's, or a lie`() throws {
    let fixture = try Fixture()
    #expect(fixture.sts("GetCallerIdentity")?.headers["date"] == "Tue, 01 Jan 2030 12:00:00 GMT")
    fixture.aws.fail(nil, with: .wrongDate(seconds: 3600))
    #expect(fixture.sts("GetCallerIdentity")?.headers["date"] == "Tue, 01 Jan 2030 13:00:00 GMT")
  }
}

// MARK: - Recorded call tests

struct RecordedCallTests {
  @Test func `calls are recorded with who, what and how it ended`() throws {
    let fixture = try Fixture()
    let session = try fixture.mfaSession()
    _ = fixture.listBuckets(as: session)
    _ = fixture.listBuckets(as: .alice)
    fixture.aws.fail(nil, with: .serverError)
    _ = fixture.sts("GetCallerIdentity", as: .bob)
    let calls = fixture.aws.calls
    #expect(calls.map(\.action) == ["GetSessionToken", "ListBuckets", "ListBuckets", "GetCallerIdentity"])
    #expect(calls.map(\.outcome) == ["ok", "ok", "AccessDenied", "not carried out"])
    #expect(calls.map(\.credentials) == [.longTerm, .mfaSession, .longTerm, .longTerm])
    #expect(calls[3].principal == "arn:aws:iam::123456789012:user/team/bob" && calls[3].fault == "server-error")
    #expect(calls[0].hasMFACode && calls[0].parameters == ["SerialNumber": Fixture.device])
  }

  @Test func `no secret, token or code is recorded or shown`() throws {
    let fixture = try Fixture()
    let code = fixture.code
    let session = try fixture.mfaSession()
    _ = fixture.sts("GetCallerIdentity", as: session)
    let shown = try [#require(fixture.control("GET", "calls")), #require(fixture.control("GET", "state"))]
    for text in shown.map(\.body) {
      for secret in [code, session.id, session.secret, session.token ?? "", TestKey.alice.secret, "JBSWY3DPEHPK3PXP"] {
        #expect(!text.contains("\"\(secret)") && !text.contains("\(secret)\""))
      }
    }
  }
}

// MARK: - Waiting tests

struct WaitingTests {
  @Test func `a delayed answer comes when it is released`() throws {
    let fixture = try Fixture()
    fixture.aws.fail(.getCallerIdentity, with: .delay)
    let call = PendingCall(to: fixture)
    #expect(fixture.sts("GetCallerIdentity")?.status == 200)
    #expect(fixture.aws.calls.map(\.fault) == ["delay", nil])
    fixture.aws.release()
    #expect(call.answer?.status == 200)
  }

  @Test func `a call that hangs ends with the double`() throws {
    let fixture = try Fixture()
    fixture.aws.fail(.getCallerIdentity, with: .hang)
    let call = PendingCall(to: fixture)
    try fixture.aws.stop()
    #expect(call.answer == nil)
  }
}
