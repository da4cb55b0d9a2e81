import AWSValues
import Profiles
import Testing

/// Where a plan says that its values were read.
struct OriginTests {
  private static let config = """
    [profile base]
    mfa_serial = device-of-base
    region = eu-west-1
    [profile mid]
    role_arn = \(String.role("mid"))
    source_profile = base
    duration_seconds = 7200
    [profile top]
    role_arn = \(String.role("top"))
    source_profile = mid
    role_session_name = me
    external_id = partner
    mfa_serial = device-of-top
    region = eu-west-2
    output = json
    """

  private func origin(_ setting: Setting, of profile: String, line: Int) -> Origin {
    .property(setting, profile: profile, at: .config(line))
  }

  @Test func `each value of a call has file and line, and a default has none`() throws {
    let plan = try Planning(config: Self.config).plan(for: "top")
    let origins = plan.steps.map(\.origins)
    #expect(plan.summary == "key(base) session(device-of-base, 43200) role(mid, 3600 of 7200) role(top, 3600)")
    #expect(origins[0][.mfaSerial] == origin(.mfaSerial, of: "base", line: 2))
    #expect(origins[0][.durationSeconds] == nil)
    #expect(origins[1][.roleARN] == origin(.roleARN, of: "mid", line: 5))
    #expect(origins[1][.durationSeconds] == origin(.durationSeconds, of: "mid", line: 7))
    #expect(origins[2][.roleSessionName] == origin(.roleSessionName, of: "top", line: 11))
    #expect(origins[2][.externalID] == origin(.externalID, of: "top", line: 12))
    #expect(origins[2][.sourceProfile] == origin(.sourceProfile, of: "top", line: 10))
  }

  @Test func `an option and a variable come before the file, and say so`() throws {
    var planning = Planning(
      config: Self.config, environment: ["AWS_MAX_ATTEMPTS": "2", "AWS_ENDPOINT_URL": "https://a"])
    planning.options.duration = SessionDuration(seconds: 900)
    let plan = try planning.plan(for: "mid")
    #expect(plan.steps.last?.origins[.durationSeconds] == .option("--duration"))
    #expect(plan.origins[.maxAttempts] == .variable("AWS_MAX_ATTEMPTS"))
    #expect(plan.endpointOrigins[.sts] == .variable("AWS_ENDPOINT_URL"))
  }

  @Test func `an endpoint of a services section has the line of that section`() throws {
    let config = "[profile a]\nservices = local\n[services local]\nsts =\n  endpoint_url = https://a\n"
    let plan = try Planning(config: config).plan(for: "a")
    let place = Origin.sectionProperty(.endpointURL, section: "services local", at: .config(5))
    #expect(plan.endpointOrigins == [.sts: place])
  }

  @Test func `plans that do the same are equal, wherever they were read`() throws {
    let plan = try Planning(config: Self.config).plan(for: "top")
    let moved = try Planning(config: "# a line\n" + Self.config).plan(for: "top")
    #expect(plan.steps == moved.steps && plan.origins == moved.origins)
  }

  @Test func `what has no say in a plan is listed, with the reason`() throws {
    var planning = Planning(
      config: Self.config, credentials: "[base]\naws_access_key_id = A\naws_secret_access_key = B\n")
    planning.options.region = "us-east-1"
    planning.options.duration = SessionDuration(seconds: 900)
    let unused = try planning.unusedSettings(of: "top")
    #expect(
      unused.map { "\($0.profile).\($0.key)" } == [
        "top.mfa_serial", "top.output", "top.region", "base.aws_access_key_id", "base.aws_secret_access_key",
        "base.region",
      ])
    #expect(
      unused.map(\.reason) == [
        .overridden(by: origin(.mfaSerial, of: "base", line: 2)), .unknown, .overridden(by: .option("--region")),
        .plainTextKey, .plainTextKey, .otherProfile(asked: "top"),
      ])
  }

  @Test func `another source's settings are not used beside the one that counts`() throws {
    let config = "[profile a]\nlogin_session = arn:aws:iam::123456789012:user/alice\ncredential_process = x\n"
    let unused = try Planning(config: config).unusedSettings(of: "a")
    let login = Origin.property(.loginSession, profile: "a", at: .config(2))
    #expect(unused.map(\.key) == ["credential_process"])
    #expect(unused.first?.reason == .otherSource(login))
  }
}

extension Planning {
  fileprivate func unusedSettings(of name: String) throws -> [UnusedSetting] {
    let profiles = try ProfileSet(config: config, credentials: credentials)
    let planner = CredentialPlanner(profiles: profiles, environment: environment, options: options)
    return try planner.unusedSettings(by: planner.plan(for: name))
  }
}
