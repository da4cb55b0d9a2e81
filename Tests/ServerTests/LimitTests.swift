import Foundation
import TestSupport
import Testing

@testable import Server

/// Connections that are slow, idle or many hold up nobody.
@Suite(.waiting)
struct LimitTests {
  @Test func `clients get their answers while idle connections come and stay`() throws {
    let server = try RunningServer()
    var idle: [RawClient] = []
    for _ in 0..<4 {
      for _ in 0..<50 { idle.append(server.connect()) }
      #expect(server.get().code == "200")
    }
    #expect(eventually { idle.count(where: { !$0.isCutOff }) <= CredentialServer.connectionLimit })
    #expect(!idle[199].isCutOff)
  }

  @Test func `the oldest connection goes first, and one that waits for its answer stays`() throws {
    let server = try RunningServer(minutes: 10)
    server.supply.setClock(10)
    let waiting = server.connect()
    waiting.write(server.filled(RunningServer.good))
    #expect(eventually { server.supply.begun == 1 })
    let idle = (0...CredentialServer.connectionLimit).map { _ in server.connect() }
    #expect(eventually { idle[0].isCutOff })
    try server.supply.renew(until: 70, id: "ASIANEXTEXAMPLE")
    #expect(waiting.answer().body.contains("ASIANEXTEXAMPLE"))
    #expect(!idle[1].isCutOff)
  }

  @Test(arguments: ["", "G", "GET /p/prod HTTP/1.1\r\nHost: HOST\r\nAuthorization: TOKEN\r\n"])
  func `a request that does not end is cut off`(start: String) throws {
    let server = try RunningServer(requestTimeout: .milliseconds(50))
    let client = server.connect()
    client.write(server.filled(start))
    #expect(client.answer() == RawAnswer(""))
  }

  @Test func `a head of more than 8 KB is refused, and what follows it is not read`() throws {
    let server = try RunningServer()
    let long = String(repeating: "x", count: CredentialServer.headLimit)
    #expect(server.send("GET /p/prod HTTP/1.1\r\nHost: HOST\r\nX: \(long)").code == "400")
    #expect(server.send("GET /\(long)").code == "400")
    #expect(server.get().code == "200")
  }

  @Test func `many clients at once all get their answers`() async throws {
    let server = try RunningServer()
    let codes = await withTaskGroup(of: [String].self) { group in
      for _ in 0..<8 { group.addTask { (0..<50).map { _ in server.get().code } } }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(codes == Array(repeating: "200", count: 400))
  }
}
