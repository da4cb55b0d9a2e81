import AWSDouble
import Foundation
import Testing

struct ControlPanelTests {
  @Test func `faults, calls and clock can be set from outside`() throws {
    let bench = try Bench()
    let faults = """
      [{"fault": "pass"}, {"action": "GetCallerIdentity", "fault": "refuse", "status": 403, "code": "Odd"}]
      """
    #expect(bench.control("POST", "faults", faults)?.status == 204)
    #expect(bench.sts("GetCallerIdentity")?.status == 200)
    #expect(bench.sts("GetCallerIdentity")?["Code"] == "Odd")
    #expect(bench.control("GET", "calls")?.body.contains("\"outcome\" : \"ok\"") == true)
    #expect(bench.control("DELETE", "calls")?.status == 204 && bench.aws.calls.isEmpty)
    #expect(bench.control("POST", "clock", #"{"fixed": "2030-01-01T13:00:00Z"}"#)?.status == 204)
    #expect(bench.aws.clock == .fixed(Bench.noon + 3600))
    #expect(bench.control("POST", "clock", #"{"advance": -3600}"#)?.status == 204)
    #expect(bench.aws.clock == .fixed(Bench.noon))
  }

  @Test func `a code comes over the control api, and the next one when it is spent`() throws {
    let bench = try Bench()
    let path = "code?serial=" + Bench.device
    let first = bench.control("GET", path)?.body
    #expect(first == bench.code + "\n")
    _ = try bench.mfaSession()
    let second = bench.control("GET", path)?.body
    #expect(second == bench.code + "\n" && second != first)
    #expect(bench.control("GET", "code?serial=none")?.status == 404)
  }

  @Test(arguments: [
    ("POST", "faults", #"[{"fault": "earthquake"}]"#), ("POST", "faults", #"[{"fault": "close", "tmies": 2}]"#),
    ("POST", "clock", #"{"ofset": 1}"#), ("POST", "state", #"{"user": []}"#),
    ("POST", "state", #"{"users": [{"name": "x", "mfaDevices": [{"serial": "s", "seed": "1"}]}]}"#),
  ])
  func `a mistyped script is refused`(method: String, path: String, body: String) throws {
    #expect(try Bench().control(method, path, body)?.status == 400)
  }

  @Test func `another account can be put in place`() throws {
    let bench = try Bench()
    let state = #"{"users": [{"name": "zoe", "keys": [{"id": "AKIAI44QH8DHBEXAMPLE", "secret": "s"}]}]}"#
    #expect(bench.control("POST", "state", state)?.status == 204)
    let key = TestKey(id: TestKey.bob.id, secret: "s")
    #expect(bench.sts("GetCallerIdentity", as: key)?["Arn"] == "arn:aws:iam::123456789012:user/zoe")
    #expect(bench.sts("GetCallerIdentity")?["Code"] == "InvalidClientTokenId")
  }
}
