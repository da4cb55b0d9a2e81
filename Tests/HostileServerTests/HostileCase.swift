import TestSupport

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

  /// Has `customer` run daypass against such a server.
  func check(_ customer: Customer, _ arguments: [String] = ["credential-process", "alice"]) throws {
    let server = LoopbackServer(always: step)
    let outcome = try customer.run(arguments, at: "http://127.0.0.1:\(server.port)")
    let requests = server.requests().count
    var problems = verdict.problems(of: outcome)
    if requests != 1 { problems.append("\(requests) requests") }
    Tally.record(name, problems)
  }
}

extension [HostileCase] {
  /// Tries all with one user.
  func check(_ arguments: [String] = ["credential-process", "alice"]) throws {
    let customer = try Customer()
    for hostile in self { try hostile.check(customer, arguments) }
  }
}
