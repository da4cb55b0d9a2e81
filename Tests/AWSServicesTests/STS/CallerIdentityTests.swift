import TestSupport
import Testing

@testable import AWSServices

struct CallerIdentityTests {
  private func answer(arn: String = "arn:aws:iam::123456789012:root", account: String = "123456789012") -> String {
    """
    <GetCallerIdentityResponse><GetCallerIdentityResult><Arn>\(arn)</Arn><UserId>A</UserId>\
    <Account>\(account)</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
    """
  }

  @Test func `account, ARN and id are read`() throws {
    let bench = Bench([.answer(200, Answers.callerIdentity)])
    let identity = try STS(bench.client).callerIdentity(signedBy: Bench.longTermKey())
    #expect(identity.account == "123456789012")
    #expect(identity.arn == "arn:aws:iam::123456789012:user/team/alice")
    #expect(identity.userID == "AIDAEXAMPLE")
    #expect(identity.userName?.text == "alice")
  }

  @Test(arguments: [
    ("arn:aws:iam::123456789012:user/alice", "alice"), ("arn:aws-cn:iam::123456789012:user/a/b/c", "c"),
    ("arn:aws:sts::123456789012:assumed-role/deploy/alice", nil), ("arn:aws:iam::123456789012:root", nil),
    ("arn:aws:iam::123456789012:user/", nil), ("arn:aws:iam::123456789012:user/a/", nil), ("alice", nil),
  ])
  func `a user's name is the last segment of the ARN`(arn: String, name: String?) {
    #expect(CallerIdentity(account: "123456789012", arn: arn, userID: "A").userName?.text == name)
  }

  @Test(arguments: [
    ("123", "arn:aws:iam::123:root", "Account"), ("123456789012", "arn:aws:iam::999999999999:root", "Arn"),
    ("123456789012", "x", "Arn"), ("123456789012", "arn:aws:iam::123456789012:user/\u{202e}x", "Arn"),
  ])
  func `an identity that contradicts itself is refused`(account: String, arn: String, element: String) {
    let bench = Bench([.answer(200, answer(arn: arn, account: account))])
    let error = bench.error { _ = try STS($0).callerIdentity(signedBy: Bench.longTermKey()) }
    #expect(error == .malformed(call: "GetCallerIdentity", element: element))
  }
}
