import AWSDouble
import AWSServices
import Foundation
import TestSupport
import Testing

@testable import Scenarios

/// Something goes wrong with each call of a run, that of the removal among them.
struct ScenarioFaultTests {
  private static let faults: [(String, Fault)] = [
    ("refuse", .refuse(status: 403, code: "AccessDenied", message: "made up")),
    ("close after acting", .closeAfterActing), ("cut", .cut), ("throttle", .throttle), ("busy", .busy),
    ("close", .close), ("server error", .serverError), ("garbage", .garbage),
  ]

  @Test(arguments: Scenario.allCases)
  func `a fault at any call leaves nothing behind`(scenario: Scenario) throws {
    let count = try Self.calls(of: scenario)
    var leftovers = 0
    var injected = 0
    for call in 0..<count {
      for (name, fault) in Self.faults(at: call, of: scenario) {
        injected += 1
        let rehearsal = try Rehearsal()
        if call > 0 { rehearsal.double.fail(nil, with: .pass, times: call) }
        rehearsal.double.fail(nil, with: fault)
        let report = try rehearsal.run(scenario)
        #expect(rehearsal.remains == [], "\(name) at call \(call)")
        #expect(report.teardown.remaining == [], "\(name) at call \(call)")
        leftovers += rehearsal.remains.count
      }
    }
    publish(
      figure: "scenario \(scenario.rawValue), faults injected",
      "\(injected) (\(leftovers) leftovers)")
  }

  @Test func `a call that hangs leaves nothing behind`() throws {
    for call in 0..<(try Self.calls(of: .assumeRole)) {
      let rehearsal = try Rehearsal(hangingCall: call)
      if call > 0 { rehearsal.double.fail(nil, with: .pass, times: call) }
      rehearsal.double.fail(nil, with: .hang)
      _ = try rehearsal.run(.assumeRole)
      #expect(rehearsal.remains == [], "hang at call \(call)")
    }
  }

  @Test func `a signal after any event leaves nothing behind`() throws {
    let rehearsal = try Rehearsal()
    _ = try rehearsal.run(.assumeRole)
    let count = rehearsal.events.withLock { events in
      events.firstIndex { if case .removing = $0 { true } else { false } } ?? 0
    }
    #expect(count > 10)
    for moment in 1...count {
      let rehearsal = try Rehearsal()
      var seen = 0
      let report = try rehearsal.run(.assumeRole) { _ in
        seen += 1
        if seen == moment { rehearsal.interrupt() }
      }
      #expect(rehearsal.remains == [], "signal after event \(moment)")
      #expect(report.teardown.remaining == [])
    }
  }

  @Test func `what cannot be removed is reported`() throws {
    let rehearsal = try Rehearsal()
    rehearsal.double.fail(.deleteUser, with: .refuse(status: 403, code: "AccessDenied", message: "made up"), times: 100)
    let report = try rehearsal.run(.sessionToken)
    #expect(report.teardown.remaining.map(\.name) == ["daypass-scenario-rehearsal"])
    #expect(report.failure as? ScenarioError == .remains(report.teardown.remaining))
    rehearsal.double.clearFaults()
    let ours = try rehearsal.leftovers().ours
    let remaining = rehearsal.teardown().remove(ours).remaining
    #expect(remaining == [])
    #expect(rehearsal.remains == [])
  }

  @Test func `what could not be created is not removed`() throws {
    let rehearsal = try Rehearsal()
    rehearsal.double.fail(.createUser, with: .refuse(status: 403, code: "AccessDenied", message: "made up"))
    let report = try rehearsal.run(.sessionToken)
    #expect(report.failure is AWSError)
    #expect(report.teardown == Teardown.Result())
    #expect(rehearsal.double.calls.map(\.action) == ["CreateUser"])
  }

  /// All of them in the long run; else the first two and one of the others in turn, or of the scenario whose calls are
  /// among the other's, that one alone.
  private static func faults(at call: Int, of scenario: Scenario) -> [(String, Fault)] {
    if Soak.isOn { return faults }
    let inTurn = faults[2 + call % (faults.count - 2)]
    return scenario == .assumeRole ? faults.prefix(2) + [inTurn] : [inTurn]
  }

  private static func calls(of scenario: Scenario) throws -> Int {
    let rehearsal = try Rehearsal()
    _ = try rehearsal.run(scenario)
    return rehearsal.double.calls.count
  }
}
