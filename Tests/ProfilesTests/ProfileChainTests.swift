import AWSValues
import Testing

@testable import Profiles

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
      "the source's sign-in before its key, as in the AWS CLI",
      "[sso-session s]\nsso_start_url = https://s.awsapps.com/start\nsso_region = eu-west-1\n"
        + "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(key)\n\(b)\nsource_profile = gone\n"
        + "sso_session = s\nsso_account_id = 012345678901\nsso_role_name = Admin",
      "sso(s)[012345678901/Admin] role(a, 3600)"),
    Situation(
      "a session for tokens alone beside a program",
      "[profile A]\nsso_session = s\ncredential_process = /bin/x", "process(A)"),
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
      .reference(.unknownProfile("bsae", nearest: ["base"]), from: at(.sourceProfile, "A", 3))
    ),
    (
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(b)\nsource_profile = A",
      .reference(.loop(["A", "B", "A"]), from: at(.sourceProfile, "B", 6))
    ),
    (
      "[profile A]\n\(key)\n\(a)\nsource_profile = B\n[profile B]\n\(b)\nsource_profile = A",
      .reference(.loop(["A", "B", "A"]), from: at(.sourceProfile, "B", 8))
    ),
    (
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\n\(b)\nsource_profile = C\n[profile C]\n\(b)\nsource_profile = B",
      .reference(.loop(["B", "C", "B"]), from: at(.sourceProfile, "C", 9))
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
    ("[profile A]\n\(a)\ncredential_source = EC2", .invalidValue("EC2", of: at(.credentialSource, "A", 3))),
    ("[profile A]\n\(a)\nweb_identity_token_file = t", .invalidValue("t", of: at(.webIdentityTokenFile, "A", 3))),
    (
      "[profile A]\n\(a)\nsource_profile = B\nweb_identity_token_file = /t\n[profile B]",
      .conflict(at(.sourceProfile, "A", 3), with: .webIdentityTokenFile)
    ),
    ("[profile A]\nweb_identity_token_file = /t", .missing([.roleARN], for: at(.webIdentityTokenFile, "A", 2))),
    ("[profile A]\nlogin_session = s", .invalidValue("s", of: at(.loginSession, "A", 2))),
    (
      "[profile A]\ncredential_process = /opt/vault | jq",
      .unusableCommand("/opt/vault | jq", .needsShell, of: at(.credentialProcess, "A", 2))
    ),
    (
      "[profile A]\n\(a)\nsource_profile = B\n[profile B]\ncredential_process = x 'y",
      .unusableCommand("x 'y", .openQuote, of: at(.credentialProcess, "B", 5))
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

  private static func chain(of count: Int) -> String {
    (0..<count).map { "[profile p\($0)]\n\(a)\nsource_profile = p\($0 + 1)\n" }.joined() + "[profile p\(count)]"
  }

  @Test func `a chain of 32 roles is followed, and the line that makes it longer is named`() throws {
    #expect(try Planning(config: Self.chain(of: 32)).plan(for: "p0").steps.count == 32)
    let error = PlanError.reference(.tooLong(limit: 32), from: Self.at(.sourceProfile, "p32", 99))
    #expect(try Planning(config: Self.chain(of: 5_000)).error(for: "p0") == error)
  }

  @Test func `the name that is asked for is not proposed in place of its missing source`() throws {
    let planning = Planning(config: "[profile prod-x]\n\(Self.a)\nsource_profile = prod-y")
    let error = PlanError.reference(.unknownProfile("prod-y", nearest: []), from: Self.at(.sourceProfile, "prod-x", 3))
    #expect(try planning.error(for: "prod-x") == error)
  }

  @Test(arguments: [
    ("pass otp aws", ["pass", "otp", "aws"]), ("'/opt/my otp' \"a b\" c\\ d", ["/opt/my otp", "a b", "c d"]),
    ("sh -c 'pass otp aws | tail -n 1'", ["sh", "-c", "pass otp aws | tail -n 1"]),
    ("pass otp aws | tail -n 1", nil), ("~/otp", ["/home/al/otp"]), ("otp $USER", nil), ("otp 'a", nil), ("''", nil),
  ])
  func `the program of mfa_process is run without a shell, and refused if it needs one`(
    line: String, words: [String]?
  ) throws {
    let device = "mfa_serial = arn:aws:iam::123456789012:mfa/alice"
    let planning = Planning(
      config: "[profile A]\n\(device)\nmfa_process = \(line)\n", environment: ["HOME": "/home/al"])
    let origin = Self.at(.mfaProcess, "A", 3)
    if let words {
      #expect(try planning.plan(for: "A").mfaProcess == MFAProcess(words: words, origin: origin))
    } else {
      guard case .unusableCommand(line, _, origin) = try planning.error(for: "A") else {
        Issue.record("\(line) was planned")
        return
      }
    }
  }

  @Test(arguments: [Setting.parentProfile])
  func `a setting of aws-vault that is not served is refused rather than ignored`(setting: Setting) throws {
    let line = "\(setting.rawValue) = x\n"
    let role = "[profile A]\n\(Self.a)\nsource_profile = B\n"
    let refused = [
      ("[profile A]\n" + line, Self.at(setting, "A", 2)), (role + line + "[profile B]", Self.at(setting, "A", 4)),
      (role + "[profile B]\n" + line, Self.at(setting, "B", 5)),
    ]
    for (config, origin) in refused {
      #expect(try Planning(config: config).error(for: "A") == .unsupported(origin))
    }
  }
}

// MARK: - Included profiles

struct IncludedProfileTests {
  private static let base = """
    [profile base]
    mfa_serial = device-of-base
    region = eu-west-1
    duration_seconds = 1800
    aws_access_key_id = AKIDEXAMPLE
    aws_secret_access_key = made-up
    include_profile = deeper
    [profile deeper]
    region = eu-north-1
    role_session_name = nightly
    [profile key]

    """

  @Test func `a profile has the settings of those it includes, its own first and no key of theirs`() throws {
    let planning = Planning(
      config: Self.base + "[profile A]\ninclude_profile = base\nrole_arn = \(String.role("a"))\nsource_profile = key\n"
        + "duration_seconds = 900")
    let plan = try planning.plan(for: "A")
    #expect(plan.summary == "key(key) session(device-of-base, 43200) role(a, 900)")
    #expect(plan.connection.region == "eu-west-1")
    #expect(plan.regionOrigin == .property(.region, profile: "A", at: .config(3)))
    guard case .assumeRole(let role) = plan.steps.last else { throw NoRole() }
    #expect(role.sessionName.text == "nightly")
  }

  @Test func `a profile with a key of its own includes settings`() throws {
    let plan = try Planning(config: Self.base + "[profile A]\ninclude_profile = base").plan(for: "A")
    #expect(plan.summary == "key(A) session(device-of-base, 43200)")
    #expect(plan.plainText == nil)
  }

  @Test(arguments: ["daypass credential-process team", "/usr/bin/daypass credential-process -d 1h team"])
  func `a line of ours for the key of an included profile is not that of who includes it`(line: String) throws {
    let team = "[profile team]\nregion = eu-west-1\ncredential_process = \(line)\n"
    let planning = Planning(config: team + "[profile bob]\ninclude_profile = team\n")
    #expect(try planning.plan(for: "bob").source.keyProfile == "bob")
    #expect(try planning.plan(for: "team").source.keyProfile == "team")
  }

  @Test func `a line of ours for another profile is included, and another program too`() throws {
    let base = "[profile base]\ncredential_process = daypass credential-process me\n[profile me]\n"
    let planning = Planning(config: base + "[profile bob]\ninclude_profile = base\n")
    #expect(try planning.plan(for: "bob").source.keyProfile == "me")
    let other = Planning(
      config: "[profile base]\ncredential_process = broker\n[profile bob]\ninclude_profile = base\n")
    #expect(try other.plan(for: "bob").summary == "process(bob)")
  }

  @Test func `the source profile of an included profile counts`() throws {
    let planning = Planning(
      config: "[profile base]\nsource_profile = key\n[profile key]\n[profile A]\ninclude_profile = base\n"
        + "role_arn = \(String.role("a"))")
    #expect(try planning.plan(for: "A").summary == "key(key) role(a, 3600)")
  }

  @Test func `profiles that include each other are a loop`() throws {
    let planning = Planning(
      config: "[profile A]\ninclude_profile = B\n[profile B]\ninclude_profile = C\n[profile C]\ninclude_profile = B")
    let origin = Origin.property(.includeProfile, profile: "C", at: .config(6))
    #expect(try planning.error(for: "A") == .reference(.loop(["B", "C", "B"]), from: origin))
  }

  @Test func `an included profile that is not there is named with its line`() throws {
    let planning = Planning(config: "[profile A]\ninclude_profile = bsae\n[profile base]")
    let origin = Origin.property(.includeProfile, profile: "A", at: .config(2))
    #expect(try planning.error(for: "A") == .reference(.unknownProfile("bsae", nearest: ["base"]), from: origin))
  }

  private struct NoRole: Error {}
}

// MARK: - Quoted headers

struct QuotedHeaderTests {
  @Test(arguments: ["\"me\"", "'me'", "m\"e\"", "  \"me\"  ", "m\\e"])
  func `a name that only the AWS CLI reads in a header is refused with the line`(quoted: String) throws {
    let config = "[default]\n[profile \(quoted)]\nregion = eu-west-1\n"
    #expect(try Planning(config: config).error(for: "me") == .quotedProfile("me", at: .config(2)))
    let both = config + "[profile me]\nregion = eu-west-2\n"
    #expect(try Planning(config: both).error(for: "me") == .quotedProfile("me", at: .config(2)))
    #expect(try Planning(config: config).plan(for: "default").summary == "key(default) session(43200)")
  }

  @Test(arguments: ["a*b", "a~b", "ü", "(x)"])
  func `a name with characters that only the AWS CLI reads is refused with the line`(name: String) throws {
    let config = "[default]\n[profile \(name)]\nregion = eu-west-1\n"
    #expect(try Planning(config: config).error(for: name) == .quotedProfile(name, at: .config(2)))
  }

  @Test(arguments: ["my keys", "ü", "\"me\"", "profile me"])
  func `a name of the credentials file that only the AWS CLI reads is refused with the line`(name: String) throws {
    let planning = Planning(config: "", credentials: "[\(name)]\n")
    #expect(try planning.error(for: name) == .quotedProfile(name, at: .credentials(1)))
  }

  @Test func `a name of two words without quotes is nobody's profile`() throws {
    let profiles = try ProfileSet(config: "[profile a b]\nregion = eu-west-1\n", credentials: "")
    #expect(profiles.names == [] && profiles.quotedHeaders.isEmpty)
  }

  @Test func `no profile is added or changed behind a quoted header of its name`() throws {
    var editor = try ConfigEditor(Array("[profile \"me\"]\nregion = r\n".utf8), file: "/config")
    #expect(throws: ConfigError.quotedProfile("me", at: .config(1))) { try editor.addProfile("me", properties: []) }
    #expect(throws: ConfigError.quotedProfile("me", at: .config(1))) {
      try editor.setProperty(.mfaSerial, to: "12345678A", in: "me")
    }
    #expect(throws: Never.self) { try editor.addProfile("you", properties: []) }
  }
}

struct BareNameTests {
  private static let config = "[me]\nregion = eu-west-1\n[plugins]\ncli_legacy_plugin_path = /x\n"

  @Test func `a header without the word profile is named with its line`() throws {
    #expect(try Planning(config: Self.config).error(for: "me") == .bareName("me", at: .config(1)))
    let both = Self.config + "[profile me]\nregion = eu-west-2\n"
    #expect(try Planning(config: both).plan(for: "me").summary == "key(me) session(43200)")
  }

  @Test func `a section of another program is not taken for a profile's`() throws {
    #expect(try ProfileSet(config: Self.config, credentials: "").bareNames.map(\.name) == ["me"])
    #expect(try Planning(config: Self.config).error(for: "plugins") == .unknownProfile("plugins", nearest: []))
  }
}

// MARK: - Keeping a key

struct KeyUseTests {
  private static let role = "role_arn = \(String.role("a"))\n"

  private func error(_ config: String) throws -> PlanError? {
    let profiles = try ProfileSet(config: config)
    do throws(PlanError) {
      try profiles.requireOwnKey(of: "A")
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "", "[profile A]", "[profile A]\n\(role)source_profile = A",
    "[profile A]\ncredential_process = daypass credential-process A",
    "[profile A]\ncredential_process = daypass credential-process",
    "[profile B]\n\(role)source_profile = A",
  ])
  func `a profile that uses its own key may be given one`(config: String) throws {
    #expect(try error(config) == nil)
  }

  static let unused: [(String, String?, Setting, Int)] = [
    ("[profile A]\n\(role)source_profile = B\n[profile B]", "B", .sourceProfile, 3),
    ("[profile A]\n\(role)source_profile = gone", "gone", .sourceProfile, 3),
    (
      "[profile A]\n\(role)source_profile = B\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = x\n[profile B]",
      "B", .sourceProfile, 3
    ),
    ("[profile A]\ncredential_process = daypass credential-process B", "B", .credentialProcess, 2),
    (
      "[profile A]\n\(role)source_profile = A\ncredential_process = daypass credential-process B", "B",
      .credentialProcess, 4
    ),
    ("[profile A]\ncredential_process = aws-vault export A", nil, .credentialProcess, 2),
    ("[profile A]\nsso_session = s", nil, .ssoSession, 2),
    ("[profile A]\n\(role)credential_source = Environment", nil, .credentialSource, 3),
  ]

  @Test(arguments: unused)
  func `a profile whose credentials come from elsewhere is given no key`(
    config: String, source: String?, setting: Setting, line: Int
  ) throws {
    let origin = Origin.property(setting, profile: "A", at: .config(line))
    #expect(try error(config) == .keyNotUsed(profile: "A", source: source, from: origin))
  }
}
