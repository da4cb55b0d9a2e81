import FoundationEssentials
import Testing

@testable import AWSValues

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
    ("eu-west-1", true), ("a", true), ("1a", true), ("", false), ("-a", false), ("a-", false), ("a_b", false),
    ("a.b", false), ("123", false), ("é", false), (String(repeating: "a", count: 64), false),
  ])
  func `a region is a label of a host name`(text: String, valid: Bool) {
    #expect(text.isHostLabel == valid)
  }

  @Test(arguments: [
    ("arn:aws:iam::123456789012:mfa/alice", "123456789012"), ("GAHT12345678", nil), ("arn:aws:iam::123:mfa/x", nil),
    ("arn:aws:s3::123456789012:mfa/alice", nil), ("arn:aws:iam:123456789012", nil),
  ])
  func `the account of a device is in its ARN`(text: String, account: String?) {
    #expect(MFADevice(text)?.account == account)
  }
}

// MARK: - Role session name tests

struct RoleSessionNameTests {
  @Test(arguments: [
    ("alice", "box", "alice@box"), ("al ice", "b\u{f6}x.example", "al-ice@b-x.example"), ("", "", "daypass@"),
    ("a", "", "a@"), ("DOM\\al", "h\n", "DOM-al@h-"),
    (String(repeating: "a", count: 70), "box", String(repeating: "a", count: 64)),
  ])
  func `a default name says who and where, in AWS's characters`(user: String, host: String, name: String) {
    let made = RoleSessionName(user: user, host: host)
    #expect(made.text == name)
    #expect(RoleSessionName(made.text) == made)
  }
}

struct SessionDurationTests {
  @Test(arguments: [("900", 900), ("90s", 90), ("15m", 900), ("12h", 43200), ("1d", 86400)])
  func `durations read as seconds, minutes, hours and days`(text: String, seconds: Int) {
    #expect(SessionDuration(text)?.seconds == seconds)
  }

  @Test(arguments: ["", "h", "-1", "1.5h", "1h30m", " 900", "9223372036854775807h", "\u{0661}h"])
  func `other text is no duration`(text: String) {
    #expect(SessionDuration(text) == nil)
  }
}

// MARK: - Display text tests

struct DisplayTextTests {
  @Test(arguments: [
    ("plain – text, ünïcödé 漢字 🙂", "plain – text, ünïcödé 漢字 🙂"),
    ("a\u{1b}[31mb", "a\\u{1b}[31mb"), ("a\r\nb\tc\0", "a\\u{d}\\u{a}b\\u{9}c\\u{0}"),
    ("\u{7f}\u{9b}2J\u{85}", "\\u{7f}\\u{9b}2J\\u{85}"),
    (
      "\u{202a}\u{202e}\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}",
      "\\u{202a}\\u{202e}\\u{2066}\\u{2069}\\u{200e}\\u{200f}\\u{61c}"
    ),
    ("a\u{200b}\u{200d}\u{feff}\u{2060}\u{ad}b", "a\\u{200b}\\u{200d}\\u{feff}\\u{2060}\\u{ad}b"),
    ("\u{2028}\u{2029}\u{e0041}\u{e000}", "\\u{2028}\\u{2029}\\u{e0041}\\u{e000}"),
  ])
  func `what a terminal would obey or hide is made visible`(text: String, shown: String) {
    #expect(text.displayText() == shown)
  }

  @Test func `text of others is cut after 200 characters and says so`() {
    #expect(String(repeating: "x", count: 200).displayText() == String(repeating: "x", count: 200))
    #expect(String(repeating: "x", count: 201).displayText() == String(repeating: "x", count: 200) + "…")
    #expect(("e" + String(repeating: "\u{301}", count: 5_000)).displayText().unicodeScalars.count == 201)
  }

  @Test func `a line of our own is not cut`() {
    #expect(String(repeating: "x", count: 500).displayLine().count == 500)
  }
}

// MARK: - RFC3339 tests

struct RFC3339Tests {
  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00Z"), (1_795_248_000, "2026-11-21T08:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
    (951_782_399.999, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
    (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
    (253_402_300_799, "9999-12-31T23:59:59Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
  ])
  func `a date is written as SDKs read an expiration`(seconds: Double, text: String) {
    #expect(Date(timeIntervalSince1970: seconds).rfc3339 == text)
  }

  @Test(arguments: [
    (253_402_300_800, "9999-12-31T23:59:59Z"), (-62_135_596_801, "0001-01-01T00:00:00Z"),
    (Double.infinity, "9999-12-31T23:59:59Z"), (1e300, "9999-12-31T23:59:59Z"),
  ])
  func `a date that RFC 3339 cannot write becomes the nearest it can`(seconds: Double, text: String) {
    #expect(Date(timeIntervalSince1970: seconds).rfc3339 == text)
  }
}
