import AWSServices
import AWSValues
import Foundation
import HTTP
import Secrets
import Testing

/// moto checks every signature with botocore's code, and policies by its own.
@Suite(.enabled(if: Python.isInstalled, Python.isMissing))
struct MotoServicesTests {
  @Test func `moto accepts our signatures on STS, IAM and S3, and we read its answers`() throws {
    let aws = try MotoServer.account()
    let key = aws.key()
    let client = aws.client()
    let identity = try STS(client).callerIdentity(signedBy: key)
    let user = try IAM(client).user(signedBy: key)
    let devices = try IAM(client).mfaDevices(ofUser: UserName("alice"), signedBy: key)
    let buckets = try S3(client).buckets(signedBy: key)
    #expect(identity.arn == aws.user)
    #expect(user.arn == aws.user)
    #expect(devices.map(\.device.text) == [aws.device])
    #expect(buckets.map(\.name) == ["backups", "logs", "website"])
  }

  @Test func `moto gives a session for a code, which it does not check`() throws {
    let aws = try MotoServer.account()
    let session = try STS(aws.client()).sessionToken(
      duration: aws.duration("15m"), mfa: aws.code(), signedBy: aws.key())
    let timeLeft = session.timeLeft(at: Date()) ?? 0
    let hasToken = session.sessionToken.exists
    #expect((840...901).contains(timeLeft))
    #expect(hasToken)
  }

  @Test(arguments: [false, true])
  func `a role's session, with token, is accepted as the role`(hasCode: Bool) throws {
    let aws = try MotoServer.account()
    let client = aws.client()
    let assumed = try STS(client).assumeRole(
      try aws.roleRequest(aws.role), mfa: hasCode ? aws.code() : nil, signedBy: aws.key())
    let identity = try STS(client).callerIdentity(signedBy: assumed.credentials)
    let buckets = try S3(client).buckets(signedBy: assumed.credentials)
    #expect(assumed.arn.hasSuffix(":assumed-role/Reader/tester"))
    #expect(identity.arn == assumed.arn)
    #expect(buckets.map(\.name) == ["backups", "logs", "website"])
  }

  @Test func `moto's refusals are told apart`() throws {
    let aws = try MotoServer.account()
    let wrong = aws.key(secret: String(aws.secret.reversed()))
    let unknown = Credentials(accessKeyID: "AKIAMADEUPMADEUP0000", secretAccessKey: SecretBytes(copying: "made up"))
    let powerless = try STS(aws.client()).assumeRole(aws.roleRequest(aws.powerlessRole), signedBy: aws.key())
    let refusals = try [aws.refusals(of: wrong), aws.refusals(of: unknown), aws.refusals(of: powerless.credentials)]
    #expect(refusals[0] == [.signatureMismatch, .signatureMismatch, .signatureMismatch])
    #expect(refusals[1] == [.unknownKey, .unknownKey, .unknownKey])
    // GetCallerIdentity is allowed to everybody.
    #expect(refusals[2] == [nil, .accessDenied, .accessDenied])
  }
}
