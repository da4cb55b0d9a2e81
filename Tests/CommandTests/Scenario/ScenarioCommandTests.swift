import AWSDouble
import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct ScenarioCommandTests {
  private let scene: Scene

  init() throws { scene = try Scene.withAdmin() }

  @Test(arguments: ["session-token", "assume-role"])
  func `an automatic run needs no terminal, and leaves nothing`(scenario: String) throws {
    let outcome = try scene.launch("exec daypass scenario \(scenario) admin --automatic --yes --json").run(within: 120)
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output))
    #expect(report.steps.filter { !$0.held }.isEmpty && report.steps.count >= 6)
    #expect(report.remaining == [] && report.removed.count == (scenario == "assume-role" ? 3 : 2))
    #expect(report.expiration != nil && report.scenario == scenario)
    #expect(outcome.errorText.contains("the lists of IAM show that nothing remains"))
    #expect(outcome.errorText.contains("daypass: ok: list buckets without MFA: denied (AccessDenied)"))
    #expect(scene.remains == [])
  }

  @Test func `without a terminal and without --yes it is refused`() throws {
    let outcome = try scene.run("daypass scenario session-token admin --automatic")
    #expect(outcome.status == .exited(64))
    #expect(outcome.errorText.contains("daypass: hint: add --yes"))
    #expect(scene.actions == [])
  }

  @Test func `buckets that can be listed without MFA end it with 76`() throws {
    let body = """
      <ListAllMyBucketsResult><Buckets><Bucket><Name>open</Name><CreationDate>2026-01-01T00:00:00Z</CreationDate>\
      </Bucket></Buckets></ListAllMyBucketsResult>
      """
    scene.double.fail(.listBuckets, with: .answer(status: 200, type: "application/xml", body: body))
    let outcome = try scene.run("daypass scenario session-token admin --automatic --yes")
    #expect(outcome.status == .exited(76))
    #expect(outcome.errorText.contains("daypass: FAILED: list buckets without MFA: allowed, 1 bucket: open"))
    #expect(outcome.errorText.contains("the scenario failed: the buckets can be listed without MFA"))
    #expect(scene.remains == [])
  }

  @Test func `cleanup finds nothing where there is nothing`() throws {
    let outcome = try scene.run("daypass scenario cleanup admin")
    #expect(outcome.status == .exited(0))
    #expect(outcome.errorText == "daypass: there is nothing to remove\n")
  }

  private struct Report: Decodable {
    struct Step: Decodable {
      let held: Bool
    }
    let scenario: String
    let steps: [Step]
    let expiration: String?
    let removed: [String]
    let remaining: [String]
  }
}
