import AWSDouble
import Foundation
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
