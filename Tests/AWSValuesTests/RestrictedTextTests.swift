import AWSValues
import Testing

struct RestrictedTextTests {
  @Test(arguments: ["GAHT12345678", "arn:aws:iam::123456789012:mfa/alice", String(repeating: "a", count: 256)])
  func `a device is an ARN or a serial number`(text: String) {
    #expect(MFADevice(text)?.text == text)
  }

  @Test(arguments: ["", "12345678", "GAHT 2345678", "arn:aws:iam::1:mfa/\u{e9}", String(repeating: "a", count: 257)])
  func `text AWS would refuse is no device`(text: String) {
    #expect(MFADevice(text) == nil)
  }

  @Test func `a role's ARN gives its partition, account and name`() throws {
    let role = try #require(RoleARN("arn:aws-cn:iam::123456789012:role/team/deploy"))
    #expect(role.partition == "aws-cn")
    #expect(role.account == "123456789012")
    #expect(role.name == "deploy")
  }

  @Test(arguments: [
    "arn:aws:iam::123456789012:user/alice", "arn:aws:iam::12345678901:role/deploy", "arn:aws:iam::123456789012:role/",
    "arn:aws:sts::123456789012:role/deploy", "arn:aws:iam::123456789012:role/de ploy", "role/deploy",
  ])
  func `other text is no role's ARN`(text: String) {
    #expect(RoleARN(text) == nil)
  }

  @Test(arguments: [("a", false), ("al", true), ("alice@host", true), ("alice host", false), ("\u{e4}lice", false)])
  func `session names keep AWS's characters and length`(text: String, valid: Bool) {
    #expect((RoleSessionName(text) != nil) == valid)
  }
}
