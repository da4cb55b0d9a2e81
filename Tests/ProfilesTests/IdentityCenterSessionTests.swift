import AWSValues
import Testing

@testable import Profiles

/// The decision table of the AWS CLI, https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html.
struct IdentityCenterSessionTests {
  private static let section = """
    [sso-session corp]
    sso_start_url = https://d-abc123.awsapps.com/start#/
    sso_region = eu-west-1

    """
  private static let role = "sso_account_id = 012345678901\nsso_role_name = Admin\n"
  private static let legacy = "sso_start_url = https://d-abc123.awsapps.com/start\nsso_region = eu-west-1\n"

  private static func source(_ config: String) throws -> CredentialPlan.IdentityCenterRole? {
    switch try Planning(config: config).plan(for: "A").source {
    case .identityCenter(let role): role
    case .longTermKey, .login, .webIdentity, .process, .environment, .container, .instance: nil
    }
  }

  private static func at(_ setting: Setting, _ line: Int) -> Origin {
    .property(setting, profile: "A", at: .config(line))
  }

  @Test func `a session with account and role gives that role's credentials`() throws {
    let role = try #require(try Self.source(Self.section + "[profile A]\nsso_session = corp\n" + Self.role))
    #expect(role.account == "012345678901")
    #expect(role.role == "Admin")
    #expect(role.session.name == "corp")
    #expect(role.session.startURL == "https://d-abc123.awsapps.com/start#/")
    #expect(role.session.region == "eu-west-1")
    #expect(role.session.scopes == ["sso:account:access"])
    #expect(role.origin == Self.at(.ssoSession, 5))
  }

  @Test(arguments: [
    ("", ["sso:account:access"]), ("a:b", ["a:b"]), (" a:b , ,c:d,", ["a:b", "c:d"]),
  ])
  func `scopes are a list with commas`(text: String, scopes: [String]) throws {
    let config = Self.section + "sso_registration_scopes = \(text)\n[profile A]\nsso_session = corp\n" + Self.role
    #expect(try Self.source(config)?.session.scopes == scopes)
  }

  @Test func `a profile may have the session's settings itself`() throws {
    let role = try #require(try Self.source("[profile A]\n" + Self.legacy + Self.role))
    #expect(role.session.name == nil)
    #expect(role.session.startURL == "https://d-abc123.awsapps.com/start")
  }

  @Test func `start URL and region alone make no profile of Identity Center`() throws {
    #expect(try Planning(config: "[profile A]\n" + Self.legacy).plan(for: "A").summary == "key(A) session(43200)")
  }

  @Test func `a profile may repeat the settings of its session`() throws {
    let config = Self.section + "[profile A]\nsso_session = corp\nsso_region = eu-west-1\n" + Self.role
    #expect(try Self.source(config) != nil)
  }

  @Test func `a role on top is assumed for an hour at most, and said when capped`() throws {
    let config =
      Self.section + "[profile B]\nsso_session = corp\n" + Self.role
      + "[profile A]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = B\nduration_seconds = 7200"
    #expect(
      try Planning(config: config).plan(for: "A").summary == "sso(corp)[012345678901/Admin] role(r, 3600 of 7200)")
  }

  static let refused: [(String, PlanError)] = [
    (section + "[profile A]\nsso_session = corp", .tokenOnly(at(.ssoSession, 5))),
    (
      section + "[profile A]\nsso_session = corp\nsso_account_id = 012345678901",
      .missing([.ssoRoleName], for: at(.ssoSession, 5))
    ),
    (
      section + "[profile A]\nsso_session = corp\nsso_role_name = Admin",
      .missing([.ssoAccountID], for: at(.ssoSession, 5))
    ),
    (
      section + "[profile A]\nsso_session = crop\n" + role,
      .reference(.unknownSSOSession("crop", nearest: ["corp"]), from: at(.ssoSession, 5))
    ),
    (
      "[sso-session corp]\nsso_region = eu-west-1\n[profile A]\nsso_session = corp\n" + role,
      .missing([.ssoStartURL], for: .section("sso-session corp", at: .config(1)))
    ),
    (
      section + "[profile A]\nsso_session = corp\nsso_region = us-east-1\n" + role,
      .conflict(at(.ssoRegion, 6), with: .ssoSession)
    ),
    (
      "[profile A]\nsso_account_id = 012345678901",
      .missing(
        [.ssoStartURL, .ssoRegion, .ssoRoleName], for: at(.ssoAccountID, 2))
    ),
    (
      section + "[profile A]\nsso_session = corp\nsso_account_id = 12345\nsso_role_name = Admin",
      .invalidValue("12345", of: at(.ssoAccountID, 6))
    ),
    (
      section + "[profile A]\nsso_session = corp\nsso_account_id = 012345678901\nsso_role_name = a b",
      .invalidValue("a b", of: at(.ssoRoleName, 7))
    ),
    (
      "[sso-session corp]\nsso_start_url = http://x.awsapps.com/start\nsso_region = eu-west-1\n"
        + "[profile A]\nsso_session = corp\n" + role,
      .invalidValue(
        "http://x.awsapps.com/start",
        of: .sectionProperty(.ssoStartURL, section: "sso-session corp", at: .config(2)))
    ),
    (
      "[sso-session corp]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1.evil.example\n"
        + "[profile A]\nsso_session = corp\n" + role,
      .invalidValue(
        "eu-west-1.evil.example", of: .sectionProperty(.ssoRegion, section: "sso-session corp", at: .config(3)))
    ),
    (
      section + "[profile A]\nsso_session = corp\nrole_arn = arn:aws:iam::123456789012:role/r\n" + role,
      .roleWithoutSource(at(.roleARN, 6))
    ),
    (
      section + "[profile B]\nsso_session = corp\n" + role
        + "[profile A]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = B\n"
        + "mfa_serial = arn:aws:iam::123456789012:mfa/me",
      .deviceWithoutKey(
        at(.mfaSerial, 11), source: .property(.ssoSession, profile: "B", at: .config(5)))
    ),
  ]

  @Test(arguments: refused)
  func `what cannot work is refused by file and line`(config: String, error: PlanError) throws {
    #expect(try Planning(config: config).error(for: "A") == error)
  }

  @Test func `a duration cannot be chosen, because the permission set decides it`() throws {
    let config = Self.section + "[profile A]\nsso_session = corp\n" + Self.role
    var planning = Planning(config: config)
    planning.options.duration = SessionDuration(seconds: 900)
    #expect(
      try planning.error(for: "A") == .durationOfSource(.option("--duration"), source: Self.at(.ssoSession, 5)))
  }
}
