import AWSDouble
import Foundation
import Testing

struct AssumeRoleTests {
  private func parameters(_ role: String, _ more: [String: String] = [:]) -> [String: String] {
    ["RoleArn": Bench.roles + role, "RoleSessionName": "me@host"].merging(more) { $1 }
  }

  @Test(arguments: [
    ["RoleSessionName": "x"], ["RoleSessionName": "a b"], ["RoleSessionName": ""], ["RoleArn": "short"],
    ["DurationSeconds": "899"], ["DurationSeconds": "43201"], ["ExternalId": "a"], ["ExternalId": "a b"],
  ])
  func `what is outside the model's limits is a validation error`(wrong: [String: String]) throws {
    let answer = try Bench().sts("AssumeRole", parameters("Audit", ["ExternalId": "audit-2026"].merging(wrong) { $1 }))
    #expect(answer?["Code"] == "ValidationError" && answer?.status == 400)
  }

  @Test func `a parameter that must be there is asked for`() throws {
    let answer = try Bench().sts("AssumeRole", ["RoleArn": Bench.roles + "Audit"])
    #expect(answer?["Message"]?.contains("Value null at 'roleSessionName'") == true)
  }

  @Test func `a role that demands mfa takes it in the call`() throws {
    let bench = try Bench()
    let mfa = ["SerialNumber": Bench.device, "TokenCode": bench.code]
    #expect(bench.sts("AssumeRole", parameters("ReadOnly"))?["Code"] == "AccessDenied")
    let answer = bench.sts("AssumeRole", parameters("ReadOnly", mfa))
    #expect(answer?["Arn"] == "arn:aws:sts::123456789012:assumed-role/ReadOnly/me@host")
    #expect(answer?["AssumedRoleId"]?.hasSuffix(":me@host") == true)
    #expect(answer?["Expiration"] == "2030-01-01T13:00:00Z")
    #expect(bench.sts("AssumeRole", parameters("ReadOnly", mfa))?["Message"]?.contains("invalid MFA") == true)
  }

  @Test func `a role that demands mfa takes it from the session`() throws {
    let bench = try Bench()
    let plain = try #require(bench.sts("GetSessionToken")?.key)
    #expect(bench.sts("AssumeRole", parameters("ReadOnly"), as: plain)?["Code"] == "AccessDenied")
    #expect(bench.sts("AssumeRole", parameters("ReadOnly"), as: try bench.mfaSession())?.status == 200)
  }

  @Test func `the refusal names caller and role, as AWS does`() throws {
    let answer = try Bench().sts("AssumeRole", parameters("ReadOnly"), as: .bob)
    #expect(
      answer?["Message"]
        == "User: arn:aws:iam::123456789012:user/team/bob is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/ReadOnly"
    )
  }

  @Test(arguments: [[:], ["ExternalId": "audit-2025"]])
  func `the external id must be the one agreed`(wrong: [String: String]) throws {
    #expect(try Bench().sts("AssumeRole", parameters("Audit", wrong))?["Code"] == "AccessDenied")
  }

  @Test func `a role that is not there looks like one that does not trust`() throws {
    #expect(try Bench().sts("AssumeRole", parameters("Nothing"))?["Code"] == "AccessDenied")
  }

  @Test func `chained roles last an hour at most`() throws {
    let bench = try Bench()
    let answer = bench.sts(
      "AssumeRole", parameters("Deploy", ["DurationSeconds": "3601"]), as: try bench.mfaSession())
    #expect(
      answer?["Message"]
        == "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
  }

  @Test func `a role's own maximum holds, and asking for more costs no code`() throws {
    let bench = try Bench()
    let mfa = ["SerialNumber": Bench.device, "TokenCode": bench.code]
    let long = bench.sts("AssumeRole", parameters("Deploy", mfa.merging(["DurationSeconds": "14401"]) { $1 }))
    #expect(long?["Message"]?.contains("exceeds the MaxSessionDuration") == true)
    #expect(
      bench.sts("AssumeRole", parameters("Deploy", mfa.merging(["DurationSeconds": "14400"]) { $1 }))?.status == 200)
  }
}
