import AWSValues
import Testing

@testable import Profiles

/// The table "Sessions" of the product's contract.
struct PlanStepsTests {
  private static func config(_ profiles: String...) -> String {
    zip("abc", profiles).map { name, text in
      name == "a"
        ? "[profile a]\n\(text)\n"
        : "[profile \(name)]\nrole_arn = \(String.role(String(name)))\nsource_profile = \(name == "b" ? "a" : "b")\n\(text)\n"
    }.joined()
  }

  private static let mfa = "mfa_serial = device-of-"
  private static let long = "duration_seconds = 7200\n"

  static let plans: [(profile: String, config: String, used: String, skipped: String)] = [
    ("a", config(""), "key(a) session(43200)", "key(a)"),
    ("a", config(mfa + "a"), "key(a) session(device-of-a, 43200)", "key(a)"),
    ("b", config("", ""), "key(a) role(b, 3600)", "key(a) role(b, 3600)"),
    ("b", config("", "duration_seconds = 43200"), "key(a) role(b, 43200)", "key(a) role(b, 43200)"),
    (
      "b", config("", mfa + "b"), "key(a) session(device-of-b, 43200) role(b, 3600)",
      "key(a) role(b, 3600, device-of-b)"
    ),
    (
      "b", config(mfa + "a", ""), "key(a) session(device-of-a, 43200) role(b, 3600)",
      "key(a) role(b, 3600, device-of-a)"
    ),
    (
      "b", config(mfa + "a", mfa + "b"), "key(a) session(device-of-b, 43200) role(b, 3600)",
      "key(a) role(b, 3600, device-of-b)"
    ),
    (
      "b", config(mfa + "a", "duration_seconds = 900"), "key(a) session(device-of-a, 43200) role(b, 900)",
      "key(a) role(b, 900, device-of-a)"
    ),
    ("b", config("", long + mfa + "b"), "key(a) role(b, 7200, device-of-b)", "key(a) role(b, 7200, device-of-b)"),
    ("b", config(mfa + "a", long), "key(a) role(b, 7200, device-of-a)", "key(a) role(b, 7200, device-of-a)"),
    ("c", config("", "", ""), "key(a) role(b, 3600) role(c, 3600)", "key(a) role(b, 3600) role(c, 3600)"),
    (
      "c", config("", long, long), "key(a) role(b, 3600 of 7200) role(c, 3600 of 7200)",
      "key(a) role(b, 3600 of 7200) role(c, 3600 of 7200)"
    ),
    (
      "c", config(mfa + "a", mfa + "b", mfa + "c"), "key(a) session(device-of-b, 43200) role(b, 3600) role(c, 3600)",
      "key(a) role(b, 3600, device-of-b) role(c, 3600)"
    ),
    (
      "c", config(mfa + "a", "", mfa + "c"), "key(a) session(device-of-a, 43200) role(b, 3600) role(c, 3600)",
      "key(a) role(b, 3600, device-of-a) role(c, 3600)"
    ),
    (
      "c", config("", "", mfa + "c"), "key(a) session(device-of-c, 43200) role(b, 3600) role(c, 3600)",
      "key(a) role(b, 3600, device-of-c) role(c, 3600)"
    ),
    (
      "c", config("", "", long + mfa + "c"),
      "key(a) session(device-of-c, 43200) role(b, 3600) role(c, 3600 of 7200)",
      "key(a) role(b, 3600, device-of-c) role(c, 3600 of 7200)"
    ),
  ]

  @Test(arguments: plans)
  func `roles and devices decide the calls`(profile: String, config: String, used: String, skipped: String) throws {
    var planning = Planning(config: config)
    #expect(try planning.plan(for: profile).summary == used)
    planning.options.sessions = .skipped
    #expect(try planning.plan(for: profile).summary == skipped)
  }

  static let durations: [(profile: String, option: String?, variable: String?, plan: String)] = [
    ("a", "15m", nil, "key(a) session(device-of-a, 900)"),
    ("a", "36h", nil, "key(a) session(device-of-a, 129600)"),
    ("a", nil, "1h", "key(a) session(device-of-a, 3600)"),
    ("a", "2h", "1h", "key(a) session(device-of-a, 7200)"),
    ("b", "15m", nil, "key(a) session(device-of-a, 43200) role(b, 900)"),
    ("b", "15m", "2h", "key(a) session(device-of-a, 7200) role(b, 900)"),
    ("b", "1h", nil, "key(a) session(device-of-a, 43200) role(b, 3600)"),
    ("b", "3601", nil, "key(a) role(b, 3601, device-of-a)"),
    ("b", "12h", "1h", "key(a) role(b, 43200, device-of-a)"),
    ("c", "12h", nil, "key(a) session(device-of-a, 43200) role(b, 1800) role(c, 3600 of 43200)"),
    ("c", "20m", nil, "key(a) session(device-of-a, 43200) role(b, 1800) role(c, 1200)"),
  ]

  @Test(arguments: durations)
  func `a wished duration goes to the last call`(profile: String, option: String?, variable: String?, plan: String)
    throws
  {
    var planning = Planning(config: Self.config(Self.mfa + "a", "duration_seconds = 1800", ""))
    planning.options.duration = option.flatMap { SessionDuration($0) }
    planning.options.sessionTokenDuration = variable.flatMap { SessionDuration($0) }
    #expect(try planning.plan(for: profile).summary == plan)
  }

  @Test(arguments: ["duration_seconds = 1800", "duration_seconds = 7200"])
  func `calls to IAM use the MFA session that profiles share, however long the role's lasts`(duration: String) throws {
    let planning = Planning(config: Self.config(Self.mfa + "a", duration))
    #expect(try planning.plan(for: "b").forUser.summary == planning.plan(for: "a").summary)
  }

  static let outOfRange: [(profile: String, option: Int?, variable: Int?, limit: Int, origin: Origin)] = [
    ("a", 899, nil, 129_600, .option("--duration")), ("a", 129_601, nil, 129_600, .option("--duration")),
    ("a", nil, 899, 129_600, .variable("DAYPASS_SESSION_DURATION")),
    ("b", nil, 129_601, 129_600, .variable("DAYPASS_SESSION_DURATION")),
    ("b", 899, nil, 43200, .option("--duration")), ("b", 43201, nil, 43200, .option("--duration")),
    ("c", 43201, nil, 43200, .option("--duration")),
  ]

  @Test(arguments: outOfRange)
  func `durations that AWS refuses are refused`(
    profile: String, option: Int?, variable: Int?, limit: Int, origin: Origin
  ) throws {
    var planning = Planning(config: Self.config(Self.mfa + "a", "", ""))
    planning.options.duration = option.map { SessionDuration(seconds: $0) }
    planning.options.sessionTokenDuration = variable.map { SessionDuration(seconds: $0) }
    let duration = SessionDuration(seconds: option ?? variable ?? 0)
    let allowed = SessionDuration(seconds: 900)...SessionDuration(seconds: limit)
    #expect(try planning.error(for: profile) == .durationOutOfRange(duration, allowed: allowed, of: origin))
  }

  @Test(arguments: [("b", 899), ("b", 43201), ("c", 43201), ("b", 0)])
  func `a profile's duration out of range is named with its line`(profile: String, seconds: Int) throws {
    let planning = Planning(config: Self.config("", "duration_seconds = \(seconds)", ""))
    let origin = Origin.property(.durationSeconds, profile: "b", at: .config(6))
    let allowed = SessionDuration(seconds: 900)...SessionDuration(seconds: 43200)
    let error = PlanError.durationOutOfRange(SessionDuration(seconds: seconds), allowed: allowed, of: origin)
    #expect(try planning.error(for: profile) == error)
  }

  static let invalid: [(Setting, String)] = [
    (.durationSeconds, "1h"), (.durationSeconds, "-900"), (.durationSeconds, "99999999999999999999"),
    (.durationSeconds, "3600.0"), (.roleSessionName, "x"), (.roleSessionName, "al@b\u{f6}x"),
    (.roleSessionName, "two words"), (.roleSessionName, String(repeating: "a", count: 65)), (.externalID, "x"),
    (.externalID, "a b"), (.externalID, String(repeating: "a", count: 1225)), (.mfaSerial, "12345678"),
    (.mfaSerial, "arn:aws:iam::1:mfa/a b"), (.mfaSerial, String(repeating: "a", count: 257)),
  ]

  @Test(arguments: invalid)
  func `values that AWS refuses are named with their line`(setting: Setting, value: String) throws {
    let planning = Planning(config: Self.config("", "\(setting.rawValue) = \(value)"))
    let origin = Origin.property(setting, profile: "b", at: .config(6))
    #expect(try planning.error(for: "b") == .invalidValue(value, of: origin))
  }

  @Test(arguments: ["arn:aws:iam::12345:role/r", "arn:aws:iam::123456789012:user/r", "r"])
  func `a role that is no ARN is named with its line`(arn: String) throws {
    let planning = Planning(config: "[profile a]\nsource_profile = a\nrole_arn = \(arn)")
    let origin = Origin.property(.roleARN, profile: "a", at: .config(3))
    #expect(try planning.error(for: "a") == .invalidValue(arn, of: origin))
  }

  @Test func `only the profile with the role names session and external id`() throws {
    let planning = Planning(
      config: Self.config("", "role_session_name = nightly\nexternal_id = e-1\nduration_seconds = 900", ""))
    let steps = try planning.plan(for: "c").steps
    #expect(
      try steps == [
        .assumeRole(
          CredentialPlan.AssumeRole(
            role: #require(RoleARN(.role("b"))), sessionName: #require(RoleSessionName("nightly")),
            externalID: ExternalID("e-1"), duration: SessionDuration(seconds: 900))),
        .assumeRole(
          CredentialPlan.AssumeRole(
            role: #require(RoleARN(.role("c"))), sessionName: #require(RoleSessionName("al@box")),
            duration: SessionDuration(seconds: 3600))),
      ])
  }

  @Test func `profiles on one key and device share the session`() throws {
    let config = Self.config(Self.mfa + "a", "duration_seconds = 900", "")
    let plans = try ["a", "b", "c"].map { try Planning(config: config).plan(for: $0) }
    #expect(Set(plans.map { $0.steps[0].summary }) == ["session(device-of-a, 43200)"])
  }

  @Test(arguments: [("cn-north-1", "aws-cn"), ("eu-west-1", "aws")])
  func `a role of another partition than the region's is refused`(region: String, partition: String) throws {
    let arn = try #require(RoleARN("arn:aws-us-gov:iam::123456789012:role/r"))
    let planning = Planning(config: "[profile a]\nsource_profile = a\nrole_arn = \(arn.text)\nregion = \(region)")
    let origin = Origin.property(.roleARN, profile: "a", at: .config(3))
    let error = PlanError.otherPartition(arn, region: region, regionPartition: partition, of: origin)
    #expect(try planning.error(for: "a") == error)
  }

  @Test func `without a region any partition is taken`() throws {
    let planning = Planning(config: "[profile a]\nsource_profile = a\nrole_arn = arn:aws-cn:iam::123456789012:role/r")
    #expect(try planning.plan(for: "a").summary == "key(a) role(r, 3600)")
  }
}
