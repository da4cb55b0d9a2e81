import AWSServices
import AWSValues
import Foundation
import Secrets
import TestSupport
import Testing

/// `mfa` and `scenario` as moto sees them: it checks every signature and who may do what, but takes any code and gives
/// to the key alone what a policy or a trust allows with MFA only. It has no ResyncMFADevice and no ListMFADeviceTags.
@Suite(.serialized, .waiting, .enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct MotoScenarioTests {
  private let aws: MotoServer.Account
  private let world: ClientWorld
  private let iam: IAM

  init() throws {
    aws = try MotoServer.account()
    world = try ClientWorld(endpoint: aws.url, config: "[profile admin]\nregion = us-east-1\n")
    iam = IAM(aws.client())
    try world.add("admin", keyID: aws.adminKeyID, secret: aws.adminSecret, "--no-verify")
  }

  @Test(
    arguments: [
      ("session-token", "the buckets can be listed without MFA"),
      ("assume-role", "the role can be assumed without MFA"),
    ])
  func `a scenario finds out that MFA is not enforced, and removes all it made`(name: String, finding: String) throws {
    let outcome = try world.sh("daypass scenario \(name) admin --automatic --yes --json")
    #expect(outcome.status == .exited(76))
    #expect(outcome.errorText.contains("daypass: the scenario failed: \(finding)\n"), "\(outcome.errorText)")
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output))
    #expect(report.removed.count == (name == "assume-role" ? 3 : 2) && report.remaining == [])
    #expect(try leftovers() == [])
  }

  @Test func `cleanup removes what carries our name and our tag, and nothing else`() throws {
    let run = "moto"
    let ours = try made("daypass-scenario-\(run)", as: UserName.self)
    let others = try made("daypass-scenario-of-another", as: UserName.self)
    _ = try iam.createUser(ours, tags: [Tag(key: "daypass-scenario", value: run)], signedBy: admin())
    _ = try iam.createUser(others, signedBy: admin())
    _ = try iam.createAccessKey(ofUser: ours, signedBy: admin())
    try iam.putPolicy(.listingBucketsWithMFA, named: made("p"), ofUser: ours, signedBy: admin())
    let outcome = try world.sh("daypass scenario cleanup admin --yes")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(try leftovers() == [others.text])
    try iam.deleteUser(others, signedBy: admin())
  }

  @Test func `a device is enrolled, listed and removed`() throws {
    let terminal = try world.terminal("exec daypass mfa enroll admin --name moto-enrols")
    for (prompt, code) in [("MFA code 1 of 2 (changes in ", "111111"), ("MFA code 2 of 2 (appears ", "222222")] {
      try terminal.expect(prompt)
      try terminal.send(code + "\n")
    }
    #expect(try terminal.waitForExit() == .exited(0), "\(terminal.transcript)")
    let device = "arn:aws:iam::123456789012:mfa/moto-enrols"
    #expect(try iam.mfaDevices(ofUser: made("admin"), signedBy: admin()).map(\.device.text) == [device])
    let list = try world.output(of: "daypass mfa list admin --no-session")
    #expect(list.contains(device) && list.contains("uses it"))
    try world.output(of: "daypass mfa remove admin --force --no-session")
    #expect(try iam.mfaDevices(ofUser: made("admin"), signedBy: admin()).isEmpty)
    #expect(try !iam.virtualMFADevices(signedBy: admin()).map(\.device.text).contains(device))
  }

  private struct Report: Decodable {
    let removed: [String]
    let remaining: [String]
  }

  private func admin() -> Credentials { aws.adminKey() }

  private func made<Value: RestrictedText>(_ text: String, as: Value.Type = Value.self) throws -> Value {
    guard let value = Value(text) else { throw SetupFailure("\(text) is no \(Value.self)") }
    return value
  }

  /// What of a scenario's name moto holds.
  private func leftovers() throws -> [String] {
    let names =
      try iam.users(signedBy: admin()).compactMap(\.name?.text) + iam.roles(signedBy: admin()).map(\.name.text)
      + iam.virtualMFADevices(signedBy: admin()).map(\.device.name)
    return names.filter { $0.hasPrefix("daypass-scenario-") }
  }
}
