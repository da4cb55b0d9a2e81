import Profiles
import Testing

/// The situations that AWS's SDKs agree on for `role_arn` and its sources, in our terms: keys are the keyring's, and
/// `aws_access_key_id` in a file marks a profile that holds one.
struct ProfileChainTests {
  private static let key = "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = made-up"
  private static let a = "role_arn = \(String.role("a"))"
  private static let b = "role_arn = \(String.role("b"))"

  struct Situation: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var config: String
    var plan: String
    init(_ description: String, _ config: String, _ plan: String) {
      testDescription = description
      self.config = config
      self.plan = plan
    }
  }

  static let served = [
    Situation("a profile without a role holds its key", "[profile A]\nregion = eu-west-1", "key(A) session(43200)"),
    Situation("an empty profile too", "[profile A]", "key(A) session(43200)"),
    Situation("a key in the file", "[profile A]\n\(key)", "key(A) session(43200)"),
    Situation("a source without a role", "[profile A]\n\(a)\nsource_profile = B\n[profile B]", "key(B) role(a, 3600)"),
    Situation(
      "a source with a key in the file", "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(key)",
      "key(B) role(a, 3600)"),
    Situation(
      "the profile's own key is ignored", "[profile A]\n\(key)\n\(a)\nsource_profile = B\n[profile B]\n\(key)",
      "key(B) role(a, 3600)"),
    Situation(
      "itself as source, key in the file", "[profile A]\n\(key)\n\(a)\nsource_profile = A", "key(A) role(a, 3600)"),
    Situation("itself as source, key in the keyring", "[profile A]\n\(a)\nsource_profile = A", "key(A) role(a, 3600)"),
    Situation(
      "itself as source, with another program's process",
      "[profile A]\n\(a)\nsource_profile = A\ncredential_process = x",
      "key(A) role(a, 3600)"),
    Situation(
      "a source with a role of its own",
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(b)\nsource_profile = C\n[profile C]",
      "key(C) role(b, 3600) role(a, 3600)"),
    Situation(
      "a source with a role and a key stops the chain",
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(key)\n\(b)\nsource_profile = C\n[profile C]\n\(key)",
      "key(B) role(a, 3600)"),
    Situation(
      "a key stops the chain before a missing profile",
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(key)\n\(b)\nsource_profile = gone", "key(B) role(a, 3600)"),
    Situation(
      "a key stops the chain before a role without source",
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(key)\n\(b)",
      "key(B) role(a, 3600)"),
    Situation(
      "a key stops the chain before another source",
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(key)\nsso_session = s", "key(B) role(a, 3600)"),
    Situation(
      "a source that is its own source", "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(b)\nsource_profile = B",
      "key(B) role(b, 3600) role(a, 3600)"),
    Situation(
      "the default profile as source", "[profile A]\n\(a)\nsource_profile = default\n[default]",
      "key(default) role(a, 3600)"),
    Situation(
      "a source without a role is no source", "[profile A]\nsource_profile = B\n[profile B]", "key(A) session(43200)"),
    Situation(
      "sign-on settings of a profile with a role and a source are ignored",
      "[profile A]\n\(a)\nsource_profile = B\nsso_session = s\n[profile B]", "key(B) role(a, 3600)"),
    Situation("an empty setting is none", "[profile A]\nrole_arn =\nsso_session = # none", "key(A) session(43200)"),
  ]

  @Test(arguments: served)
  func `chains lead to the profile that holds the key`(situation: Situation) throws {
    #expect(try Planning(config: situation.config).plan(for: "A").summary == situation.plan)
  }

  private static func at(_ setting: Setting, _ profile: String, _ line: Int) -> Origin {
    .property(setting, profile: profile, at: .config(line))
  }

  static let refused: [(String, PlanError)] = [
    ("[profile A]\n\(a)", .roleWithoutSource(at(.roleARN, "A", 2))),
    ("[profile A]\n\(key)\n\(a)", .roleWithoutSource(at(.roleARN, "A", 4))),
    (
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(b)", .roleWithoutSource(at(.roleARN, "B", 5))
    ),
    (
      "[profile A]\n\(a)\nsource_profile = B\ncredential_source = Environment\n[profile B]",
      .conflict(at(.sourceProfile, "A", 3), with: .credentialSource)
    ),
    (
      "[profile A]\n\(a)\nsource_profile = bsae\n[profile base]",
      .unknownReference("bsae", from: at(.sourceProfile, "A", 3), nearest: ["base"])
    ),
    (
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(b)\nsource_profile = A",
      .loop(["A", "B", "A"], from: at(.sourceProfile, "B", 6))
    ),
    (
      "[profile A]\n\(key)\n\(a)\nsource_profile = B\n[profile B]\n\(b)\nsource_profile = A",
      .loop(["A", "B", "A"], from: at(.sourceProfile, "B", 8))
    ),
    (
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(b)\nsource_profile = C\n[profile C]\n\(b)\nsource_profile = B",
      .loop(["B", "C", "B"], from: at(.sourceProfile, "C", 9))
    ),
    (
      "[profile A]\naws_access_key_id = AKIDEXAMPLE",
      .partialKey(missing: .secretAccessKey, present: at(.accessKeyID, "A", 2))
    ),
    (
      "[profile A]\naws_secret_access_key = made-up",
      .partialKey(missing: .accessKeyID, present: at(.secretAccessKey, "A", 2))
    ),
    (
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\naws_access_key_id = AKIDEXAMPLE",
      .partialKey(missing: .secretAccessKey, present: at(.accessKeyID, "B", 5))
    ),
    (
      "[profile A]\n\(a)\nsource_profile = A\naws_secret_access_key = made-up",
      .partialKey(missing: .accessKeyID, present: at(.secretAccessKey, "A", 4))
    ),
    ("[profile A]\n\(a)\ncredential_source = Environment", .unsupported(at(.credentialSource, "A", 3))),
    ("[profile A]\ncredential_source = EcsContainer", .unsupported(at(.credentialSource, "A", 2))),
    ("[profile A]\n\(a)\nweb_identity_token_file = /t", .unsupported(at(.webIdentityTokenFile, "A", 3))),
    (
      "[profile A]\n\(a)\nsource_profile = B\nweb_identity_token_file = /t\n[profile B]",
      .unsupported(at(.webIdentityTokenFile, "A", 4))
    ),
    ("[profile A]\nweb_identity_token_file = /t", .unsupported(at(.webIdentityTokenFile, "A", 2))),
    ("[profile A]\nsso_session = s", .unsupported(at(.ssoSession, "A", 2))),
    ("[profile A]\n\(key)\nsso_start_url = s", .unsupported(at(.ssoStartURL, "A", 4))),
    ("[profile A]\nsso_account_id = s", .unsupported(at(.ssoAccountID, "A", 2))),
    ("[profile A]\nsso_role_name = s", .unsupported(at(.ssoRoleName, "A", 2))),
    ("[profile A]\n\(a)\nsource_profile = A\nsso_session = s", .unsupported(at(.ssoSession, "A", 4))),
    (
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\nsso_role_name = s", .unsupported(at(.ssoRoleName, "B", 5))
    ),
    ("[profile A]\nlogin_session = s", .unsupported(at(.loginSession, "A", 2))),
    ("[profile A]\ncredential_process = /opt/vault", .unsupported(at(.credentialProcess, "A", 2))),
    (
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\ncredential_process = x",
      .unsupported(at(.credentialProcess, "B", 5))
    ),
  ]

  @Test(arguments: refused)
  func `what cannot be planned is named with its profile and line`(config: String, error: PlanError) throws {
    #expect(try Planning(config: config).error(for: "A") == error)
  }

  @Test func `a mistyped profile is answered with the nearest names`() throws {
    let planning = Planning(config: "[default]\n[profile prod]\n[profile test]", credentials: "[prd]")
    #expect(try planning.error(for: "prdo") == .unknownProfile("prdo", nearest: ["prd", "prod"]))
  }

  @Test func `an absent default profile is unknown`() throws {
    #expect(try Planning(config: "[profile a]").error(for: "default") == .unknownProfile("default", nearest: []))
  }

  @Test func `a key in a file is located, for it is the keyring's that is used`() throws {
    let planning = Planning(config: "[profile A]\n\(Self.a)\nsource_profile = B", credentials: "[B]\n\(Self.key)")
    #expect(try planning.plan(for: "A").plainText == .credentials(2))
    #expect(try Planning(config: "[profile A]").plan(for: "A").plainText == nil)
  }

  @Test func `half a key in either file makes a whole one`() throws {
    let planning = Planning(
      config: "[profile A]\naws_access_key_id = AKIDEXAMPLE", credentials: "[A]\naws_secret_access_key = made-up")
    #expect(try planning.plan(for: "A").plainText == .config(2))
  }

  @Test func `a chain of any length is followed`() throws {
    let count = 300
    let links = (0..<count).map { "[profile p\($0)]\n\(Self.a)\nsource_profile = p\($0 + 1)\n" }
    let plan = try Planning(config: links.joined() + "[profile p\(count)]").plan(for: "p0")
    #expect(plan.steps.count == count)
    #expect(plan.source == .longTermKey(CredentialPlan.LongTermKey(profile: "p\(count)")))
  }
}

// MARK: - Own credential process tests

struct SelfCredentialProcessTests {
  @Test(arguments: [
    "daypass credential-process A", "/usr/bin/daypass credential-process A",
    "'/opt/my tools/daypass' credential-process A",
    "daypass credential-process", "daypass credential-process --debug A", "daypass credential-process --duration 1h A",
    "daypass credential-process --region=eu-west-1 -- A", "daypass  credential-process\t\"A\" --no-session",
  ])
  func `a process of ours for the same profile is the profile's key`(command: String) throws {
    let plan = try Planning(config: "[profile A]\ncredential_process = \(command)").plan(for: "A")
    #expect(plan.summary == "key(A) session(43200)")
  }

  @Test(arguments: [
    "notdaypass credential-process A", "daypass exec A", "daypass", "daypass/x credential-process A",
    "sh -c 'daypass credential-process A'", "sudo daypass credential-process A", "\\ daypass credential-process A",
  ])
  func `another program's process is not`(command: String) throws {
    let planning = Planning(config: "[profile A]\ncredential_process = \(command)")
    let origin = Origin.property(.credentialProcess, profile: "A", at: .config(2))
    #expect(try planning.error(for: "A") == .unsupported(origin))
  }

  @Test func `a process of ours for another profile is that profile's plan`() throws {
    let planning = Planning(
      config: """
        [profile A]
        region = eu-west-1
        credential_process = daypass credential-process B
        [profile B]
        region = us-east-1
        aws_access_key_id = AKIDEXAMPLE
        role_arn = \(String.role("b"))
        source_profile = C
        [profile C]
        """)
    let plan = try planning.plan(for: "A")
    #expect(plan.summary == "key(C) role(b, 3600)")
    #expect(plan.profile == "A")
    #expect(plan.connection.region == "eu-west-1")
  }

  @Test func `processes of ours that call each other are a loop`() throws {
    let planning = Planning(
      config: """
        [profile A]
        credential_process = daypass credential-process B
        [profile B]
        credential_process = daypass credential-process A
        """)
    let origin = Origin.property(.credentialProcess, profile: "B", at: .config(4))
    #expect(try planning.error(for: "A") == .loop(["A", "B", "A"], from: origin))
  }

  @Test func `a process of ours for an unknown profile names it`() throws {
    let planning = Planning(config: "[profile A]\ncredential_process = daypass credential-process AA")
    let origin = Origin.property(.credentialProcess, profile: "A", at: .config(2))
    #expect(try planning.error(for: "A") == .unknownReference("AA", from: origin, nearest: ["A"]))
  }

  @Test func `a source profile may use a process of ours`() throws {
    let planning = Planning(
      config: """
        [profile A]
        role_arn = \(String.role("a"))
        source_profile = B
        [profile B]
        credential_process = daypass credential-process B
        """)
    #expect(try planning.plan(for: "A").summary == "key(B) role(a, 3600)")
  }
}
