import AWSValues
import Secrets
import TestSupport
import Testing

@testable import AWSServices

struct AssumeRoleTests {
  private func request(
    _ role: String = "arn:aws:iam::123456789012:role/deploy", seconds: Int = 3600, externalID: String? = nil
  ) throws -> AssumeRoleRequest {
    AssumeRoleRequest(
      role: try #require(RoleARN(role)), sessionName: try #require(RoleSessionName("alice@host")),
      duration: SessionDuration(seconds: seconds), externalID: externalID.flatMap { ExternalID($0) })
  }

  @Test func `role, name, duration and external id are sent, signed with the session`() throws {
    let bench = Bench([.answer(200, Answers.assumedRole())])
    let answer = try STS(bench.client).assumeRole(request(externalID: "a/b:c"), signedBy: Bench.session())
    #expect(answer.arn == "arn:aws:sts::123456789012:assumed-role/deploy/alice@host")
    let key = answer.takeCredentials().accessKeyID
    #expect(key == "ASIAIOSFODNN7EXAMPLE")
    let sent = bench.transport.requests[0]
    #expect(
      sent.parameters == [
        "Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": "arn:aws:iam::123456789012:role/deploy",
        "RoleSessionName": "alice@host", "DurationSeconds": "3600", "ExternalId": "a/b:c",
      ])
    #expect(sent.token == "made-up-token")
    #expect(sent.headers["authorization"]?.contains("x-amz-security-token") == true)
  }

  @Test func `a code goes with its device`() throws {
    let bench = Bench([.answer(200, Answers.assumedRole())])
    let device = try #require(MFADevice("GAHT12345678"))
    _ = try STS(bench.client).assumeRole(
      request(), mfa: MFACode(SecretBytes(copying: "123456"), of: device), signedBy: Bench.longTermKey())
    #expect(bench.transport.requests[0].parameters["SerialNumber"] == "GAHT12345678")
    #expect(bench.transport.requests[0].parameters["TokenCode"] == "123456")
  }

  @Test func `a role's path is not part of its session's ARN`() throws {
    let bench = Bench([.answer(200, Answers.assumedRole())])
    let role = try request("arn:aws:iam::123456789012:role/team/deploy")
    let arn = try STS(bench.client).assumeRole(role, signedBy: Bench.longTermKey()).arn
    #expect(arn.hasSuffix("/deploy/alice@host"))
  }

  @Test(arguments: [
    "arn:aws:sts::999999999999:assumed-role/deploy/alice@host",
    "arn:aws:sts::123456789012:assumed-role/admin/alice@host",
    "arn:aws-cn:sts::123456789012:assumed-role/deploy/alice@host", "arn:aws:sts::123456789012:assumed-role/deploy/bob",
    "arn:aws:iam::123456789012:role/deploy",
  ])
  func `a session of another role is refused`(arn: String) {
    let bench = Bench([.answer(200, Answers.assumedRole(arn: arn))])
    let error = bench.error { _ = try STS($0).assumeRole(request(), signedBy: Bench.longTermKey()) }
    #expect(error == .otherRole(asked: "arn:aws:iam::123456789012:role/deploy", received: arn))
  }

  @Test(arguments: [(899, false), (900, true), (43200, true), (43201, false)])
  func `durations AWS would refuse are not sent`(seconds: Int, allowed: Bool) {
    let bench = Bench(allowed ? [.answer(200, Answers.assumedRole())] : [])
    let error = bench.error { _ = try STS($0).assumeRole(request(seconds: seconds), signedBy: Bench.longTermKey()) }
    #expect(error == (allowed ? nil : .invalidRequest(.durationOutOfRange(seconds, allowed: 900...43200))))
  }

  @Test(arguments: [(3600, true), (3601, false)])
  func `with temporary credentials an hour is the most`(seconds: Int, allowed: Bool) {
    let bench = Bench(allowed ? [.answer(200, Answers.assumedRole())] : [])
    let error = bench.error { _ = try STS($0).assumeRole(request(seconds: seconds), signedBy: Bench.session()) }
    #expect(error == (allowed ? nil : .invalidRequest(.durationBeyondRoleChaining(seconds, limit: 3600))))
  }

  @Test func `a role of another partition is not asked for`() {
    let bench = Bench([])
    let role = "arn:aws-cn:iam::123456789012:role/deploy"
    let error = bench.error { _ = try STS($0).assumeRole(request(role), signedBy: Bench.longTermKey()) }
    #expect(error == .endpoint(.otherPartition(role: role, region: "eu-west-1")))
  }
}
