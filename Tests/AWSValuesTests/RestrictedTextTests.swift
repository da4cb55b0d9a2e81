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

  @Test(arguments: [
    ("", false), ("bob@x+=,._-", true), ("a/b", false), ("a b", false), ("\u{e4}", false),
    (String(repeating: "a", count: 64), true), (String(repeating: "a", count: 129), false),
  ])
  func `names in IAM keep its characters and length`(text: String, valid: Bool) {
    #expect((UserName(text) != nil) == valid)
    #expect((RoleName(text) != nil) == valid)
    #expect((PolicyName(text) != nil) == valid)
    #expect((MFADeviceName(text) != nil) == (valid || text.utf8.count == 129))
  }

  @Test(arguments: [
    ("AKIAIOSFODNN7EXAMPLE", true), ("short", false), ("AKIAIOSFODNN7EXAMPL/", false),
    (String(repeating: "A", count: 129), false),
  ])
  func `the id of a key is a long word`(text: String, valid: Bool) {
    #expect((AccessKeyID(text) != nil) == valid)
  }

  @Test(arguments: [
    ("/", true), ("/team/", true), ("/a/b/", true), ("", false), ("team/", false), ("/team", false), ("/a b/", false),
    ("/" + String(repeating: "a", count: 511) + "/", false),
  ])
  func `a path begins and ends with a slash`(text: String, valid: Bool) {
    #expect((ResourcePath(text) != nil) == valid)
    #expect(ResourcePath.root.text == "/")
  }
}
