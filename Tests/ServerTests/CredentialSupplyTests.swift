import Foundation
import TestSupport
import Testing

@testable import Server

/// When credentials are renewed, and what is served when they are not. [S12 to S14]
struct CredentialSupplyTests {
  private static let signIn = RenewalError.daypass(
    status: 77, words: ["daypass: the sign-in is over", "daypass: hint: daypass login prod"])
  private static let network = RenewalError.daypass(status: 75, words: ["daypass: cannot reach AWS"])

  @Test func `credentials are renewed with 20 minutes left, and by one renewal at a time`() throws {
    let supply = try ScriptedSupply(minutes: 60)
    supply.setClock(39)
    supply.supply.renewIfDue()
    #expect(supply.begun == 0)
    supply.setClock(40)
    for _ in 0..<100 { supply.supply.renewIfDue() }
    #expect(supply.begun == 1)
    #expect(supply.margin == 1_200)
    try supply.renew(until: 100, id: "ASIANEXTEXAMPLE")
    supply.supply.renewIfDue()
    #expect(supply.begun == 1)
    #expect(supply.notices == [.renewed(until: ScriptedSupply.start + 6_000)])
  }

  @Test(arguments: [(60, 1_200), (720, 1_200), (30, 900), (15, 450), (8, 360)])
  func `short-lived credentials are renewed halfway, and no later than with six minutes left`(
    minutes: Double, margin: Int
  ) {
    #expect(HeldCredentials.renewalMargin(timeLeft: minutes * 60) == margin)
  }

  @Test func `while a renewal runs, clients get the credentials that are still good`() throws {
    let server = try RunningServer(minutes: 60)
    server.supply.setClock(58.9)
    #expect(server.get().body.contains("ASIAFIRSTEXAMPLE"))
    #expect(server.supply.begun == 1)
    #expect(server.get().body.contains("ASIAFIRSTEXAMPLE"))
    try server.supply.renew(until: 118, id: "ASIANEXTEXAMPLE")
    #expect(server.get().body.contains("ASIANEXTEXAMPLE"))
    #expect(server.supply.begun == 1)
  }

  @Test func `after the machine has slept, the first clients wait for new credentials and share one renewal`() throws {
    let server = try RunningServer(minutes: 60)
    server.supply.setClock(600)
    let clients = (0..<20).map { _ in server.connect() }
    for client in clients { client.write(server.filled(RunningServer.good)) }
    #expect(eventually { server.supply.begun == 1 })
    try server.supply.renew(until: 660, id: "ASIANEXTEXAMPLE")
    let answers = clients.map { $0.answer() }
    #expect(answers.allSatisfy { $0.body.contains("ASIANEXTEXAMPLE") })
    #expect(server.supply.begun == 1)
  }

  @Test func `a client that has waited for long enough is asked to come again`() throws {
    let server = try RunningServer(minutes: 60, patience: CredentialSupply.patience)
    server.supply.setClock(60)
    let answer = server.get()
    #expect(answer.code == "503")
    #expect(answer.body == RenewalError.unfinished.clientWords.json)
  }

  @Test func `if renewal fails, the last good credentials are served until a minute before they end`() throws {
    let server = try RunningServer(minutes: 60)
    for minutes in [50.0, 55, 58.5] {
      server.supply.setClock(minutes)
      #expect(server.get().body.contains("ASIAFIRSTEXAMPLE"))
      try server.supply.finish(.failure(Self.network))
    }
    server.supply.setClock(59.1)
    let client = server.connect()
    client.write(server.filled(RunningServer.good))
    #expect(eventually { server.supply.begun == 4 })
    try server.supply.finish(.failure(Self.network))
    let answer = client.answer()
    #expect(answer.code == "503")
    #expect(answer.body == Self.network.clientWords.json)
  }

  @Test func `a sign-in that is needed is reported at once, with what to type, and found as soon as it is done`() throws
  {
    let server = try RunningServer(minutes: 60)
    server.supply.setClock(50)
    #expect(server.get().code == "200")
    try server.supply.finish(.failure(Self.signIn))
    #expect(server.supply.notices == [.notRenewed(Self.signIn, until: ScriptedSupply.start + 3_600)])
    server.supply.setClock(70)
    let client = server.connect()
    client.write(server.filled(RunningServer.good))
    #expect(eventually { server.supply.begun == 2 })
    try server.supply.finish(.failure(Self.signIn))
    let message = "daypass: the sign-in is over; hint: daypass login prod"
    let body =
      "{\"code\": \"SignInRequired\", \"message\": \"\(message)\", \"Code\": \"SignInRequired\", \"Message\": \"\(message)\"}\n"
    #expect(client.answer().body == body)
    // Within five seconds nobody is asked again; after them, the user may have signed in.
    let again = server.get()
    #expect((again.code, again.body) == ("400", body))
    #expect(server.supply.begun == 2)
    server.supply.setClock(70.1)
    let last = server.connect()
    last.write(server.filled(RunningServer.good))
    #expect(eventually { server.supply.begun == 3 })
    try server.supply.renew(until: 130, id: "ASIANEXTEXAMPLE")
    #expect(last.answer().body.contains("ASIANEXTEXAMPLE"))
    #expect(server.supply.notices.count == 2)
  }

  @Test(arguments: [(1, "503"), (69, "503"), (75, "503"), (65, "400"), (66, "400"), (77, "400"), (78, "400")])
  func `what may pass is to be asked for again, and nothing else`(status: Int32, code: String) {
    let answer = HTTPAnswer.supply(.failure(.daypass(status: status, words: [])))
    #expect("\(answer.status.code)" == code)
  }

  @Test func `failures make the pauses longer, up to five minutes`() throws {
    let supply = try ScriptedSupply(minutes: 60)
    var times: [Int] = []
    for second in 0..<(15 * 60) {
      supply.setClock(40 + Double(second) / 60)
      supply.supply.renewIfDue()
      if supply.margin != nil {
        times.append(second)
        try supply.finish(.failure(Self.network))
      }
    }
    #expect(zip(times.dropFirst(), times).map { $0 - $1 } == [10, 20, 40, 80, 160, 300])
  }

  @Test func `a clock that is set back does not stop renewals`() throws {
    let supply = try ScriptedSupply(minutes: 60)
    supply.setClock(59)
    supply.supply.renewIfDue()
    try supply.finish(.failure(Self.network))
    supply.setClock(45)
    supply.supply.renewIfDue()
    #expect(supply.begun == 2)
  }

  @Test func `credentials that last no longer than those there are do not count as new`() throws {
    let server = try RunningServer(minutes: 60)
    server.supply.setClock(45)
    #expect(server.get().code == "200")
    try server.supply.renew(until: 60, id: "ASIASAMEEXAMPLE")
    #expect(server.get().body.contains("ASIAFIRSTEXAMPLE"))
    #expect(server.supply.begun == 1)
  }

  @Test func `an outage that nobody notices is not told, and a longer one once`() throws {
    let supply = try ScriptedSupply(minutes: 60)
    for minutes in [40.0, 50, 55.1, 58, 59.5] {
      supply.setClock(minutes)
      supply.supply.renewIfDue()
      try supply.finish(.failure(Self.network))
    }
    #expect(supply.notices == [.notRenewed(Self.network, until: ScriptedSupply.start + 3_600)])
  }
}
