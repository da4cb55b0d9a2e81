import AWSDouble
import AWSServices
import AWSValues
import Foundation
import Scenarios
import TestSupport
import Testing

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

  @Test func `nothing is removed where there is nothing`() throws {
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
