import AWSDouble
import Foundation
import Testing

struct RoleChainTests {
  private let audit = ["RoleArn": Bench.roles + "Audit", "RoleSessionName": "me@host", "ExternalId": "audit-2026"]

  private func readOnly(_ bench: Bench) throws -> TestKey {
    let parameters = ["RoleArn": Bench.roles + "ReadOnly", "RoleSessionName": "me@host"]
    return try #require(bench.sts("AssumeRole", parameters, as: try bench.mfaSession())?.key)
  }

  @Test func `a role assumes the role that trusts it`() throws {
    let bench = try Bench()
    let key = try #require(bench.sts("AssumeRole", audit, as: try readOnly(bench))?.key)
    let answer = bench.sts("GetCallerIdentity", as: key)
    #expect(answer?["Arn"] == "arn:aws:sts::123456789012:assumed-role/Audit/me@host")
    #expect(answer?["UserId"]?.hasPrefix("AROA") == true)
  }

  @Test func `a role's session carries no mfa into the next role`() throws {
    let bench = try Bench { $0[role: Bench.roles + "Audit"]?.requiresMFA = true }
    #expect(bench.sts("AssumeRole", audit, as: try readOnly(bench))?["Code"] == "AccessDenied")
  }

  @Test func `a role has no mfa device`() throws {
    let bench = try Bench()
    let key = try readOnly(bench)
    let mfa = audit.merging(["SerialNumber": Bench.device, "TokenCode": bench.code]) { $1 }
    #expect(bench.sts("AssumeRole", mfa, as: key)?["Message"]?.contains("unable to validate MFA code") == true)
  }

  @Test func `a role makes no session`() throws {
    let bench = try Bench()
    #expect(bench.sts("GetSessionToken", as: try readOnly(bench))?["Code"] == "AccessDenied")
  }

  @Test func `a role that trusts the account needs the user's policy as well`() throws {
    let bench = try Bench { $0[role: Bench.roles + "Audit"]?.trusts = ["arn:aws:iam::123456789012:root"] }
    #expect(bench.sts("AssumeRole", audit)?["Code"] == "AccessDenied")
    bench.aws.account[user: "alice"]?.assumableRoles = [Bench.roles + "Audit"]
    #expect(bench.sts("AssumeRole", audit)?.status == 200)
  }
}
