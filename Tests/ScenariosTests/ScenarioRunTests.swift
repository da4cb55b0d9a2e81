import AWSDouble
import AWSServices
import AWSValues
import Foundation
import TestSupport
import Testing

@testable import Scenarios

struct ScenarioRunTests {
  @Test(arguments: Scenario.allCases)
  func `every expectation holds, and nothing remains`(scenario: Scenario) throws {
    let rehearsal = try Rehearsal()
    let report = try rehearsal.run(scenario)
    #expect(report.failure == nil)
    #expect(report.findings.filter { !$0.holds } == [])
    let role: [Check] = scenario == .assumeRole ? [.role] : []
    #expect(
      report.findings.map(\.check)
        == [.identity, .buckets] + role + [.session, .sessionIdentity, .bucketsWithMFA, .bucketsAfterwards])
    #expect(report.expiration != nil)
    #expect(report.teardown.removed.count == (scenario == .assumeRole ? 3 : 2))
    #expect(rehearsal.remains == [])
  }

  @Test(arguments: Scenario.allCases)
  func `a late IAM is waited for`(scenario: Scenario) throws {
    let rehearsal = try Rehearsal(calls: 8)
    #expect(try rehearsal.run(scenario).failure == nil)
    #expect(rehearsal.remains == [])
  }

  @Test func `the code of the session is one that comes after those of the device`() throws {
    let rehearsal = try Rehearsal()
    _ = try rehearsal.run(.sessionToken)
    #expect(rehearsal.double.calls.count { $0.action == "GetSessionToken" } == 1)
    let waits = rehearsal.events.withLock { $0.count { if case .waitingForCode = $0 { true } else { false } } }
    #expect(waits > 0)
  }

  @Test func `buckets that are listed without MFA fail the scenario`() throws {
    let rehearsal = try Rehearsal()
    rehearsal.double.fail(.listBuckets, with: .answer(status: 200, type: "application/xml", body: Self.buckets))
    let report = try rehearsal.run(.sessionToken)
    #expect(report.failure as? ScenarioError == .expectationFailed(.buckets))
    #expect(report.findings.last?.outcome == .buckets(["open"]))
    #expect(rehearsal.remains == [])
  }

  @Test func `a policy that asks for no MFA fails the scenario, even if it is seen late`() throws {
    let rehearsal = try Rehearsal()
    let report = try rehearsal.run(.sessionToken) { event in
      guard case .found(let finding) = event, finding.check == .session else { return }
      rehearsal.double.account[user: "daypass-scenario-rehearsal"]?.isGovernedByPolicies = false
    }
    #expect(report.failure as? ScenarioError == .expectationFailed(.bucketsAfterwards))
    #expect(rehearsal.remains == [])
  }

  @Test func `what IAM never shows is waited for to a limit`() throws {
    let rehearsal = try Rehearsal(calls: 1_000_000)
    let report = try rehearsal.run(.sessionToken)
    #expect(report.failure as? ScenarioError == .notSeen(.key, seconds: 120))
    #expect(rehearsal.remains == [])
  }

  private static let buckets = """
    <ListAllMyBucketsResult><Buckets><Bucket><Name>open</Name><CreationDate>2026-01-01T00:00:00Z</CreationDate>\
    </Bucket></Buckets></ListAllMyBucketsResult>
    """
}

// MARK: - Leftovers tests

struct LeftoversTests {
  private let rehearsal: Rehearsal
  private let iam: IAM

  init() throws {
    rehearsal = try Rehearsal(calls: 0)
    iam = rehearsal.iam
  }

  @Test func `only what has our name and our tag is ours`() throws {
    let ours = try name("daypass-scenario-a1")
    _ = try iam.createUser(ours, tags: [Tag(key: "daypass-scenario", value: "a1")], signedBy: rehearsal.admin())
    _ = try iam.createUser(name("daypass-scenario-b2"), signedBy: rehearsal.admin())
    _ = try iam.createUser(
      name("daypass-scenario-c3"), tags: [Tag(key: "daypass-scenario", value: "other")], signedBy: rehearsal.admin())
    _ = try iam.createUser(
      name("carol"), tags: [Tag(key: "daypass-scenario", value: "carol")], signedBy: rehearsal.admin())
    let leftovers = try rehearsal.leftovers()
    #expect(leftovers.ours == [.user(ours)])
    #expect(leftovers.untagged.map(\.name) == ["daypass-scenario-b2", "daypass-scenario-c3"])
    let removed = rehearsal.teardown().remove(leftovers.ours).removed
    #expect(removed == [.user(ours)])
    #expect(rehearsal.double.account.users.count == 6)
  }

  @Test func `nothing is removed if there is nothing`() throws {
    let leftovers = try rehearsal.leftovers()
    #expect(leftovers.ours.isEmpty && leftovers.untagged.isEmpty)
    rehearsal.double.forgetCalls()
    let result = rehearsal.teardown().remove([])
    #expect(result == Teardown.Result())
    #expect(rehearsal.double.calls.isEmpty)
  }

  private func name(_ text: String) throws -> UserName {
    guard let name = UserName(text) else { throw SetupFailure("no name: \(text)") }
    return name
  }
}
