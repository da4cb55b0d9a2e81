import AWSDouble
import Testing

struct WaitingTests {
  @Test func `a delayed answer comes when it is released`() throws {
    let bench = try Bench()
    bench.aws.fail(.getCallerIdentity, with: .delay)
    let call = PendingCall(to: bench)
    #expect(bench.sts("GetCallerIdentity")?.status == 200)
    #expect(bench.aws.calls.map(\.fault) == ["delay", nil])
    bench.aws.release()
    #expect(call.answer?.status == 200)
  }

  @Test func `a call that hangs ends with the double`() throws {
    let bench = try Bench()
    bench.aws.fail(.getCallerIdentity, with: .hang)
    let call = PendingCall(to: bench)
    try bench.aws.stop()
    #expect(call.answer == nil)
  }
}
