import AWSValues
import TestSupport
import Testing

@testable import Profiles

/// Plans that start with a program, a token, or what belongs to the machine.
struct CredentialSourceTests {
  private static let role = "role_arn = \(String.role("A"))"
  private static let top = "[profile top]\nrole_arn = \(String.role("top"))\nsource_profile = A\n"

  private static func at(_ setting: Setting, _ line: Int) -> Origin {
    .property(setting, profile: "A", at: .config(line))
  }

  @Test(arguments: [
    ("credential_process = /opt/vault get", "process(A)"),
    ("\(role)\ncredential_source = Environment", "environment() role(A, 3600)"),
    ("\(role)\ncredential_source = EcsContainer\nduration_seconds = 7200", "container() role(A, 3600 of 7200)"),
    ("\(role)\ncredential_source = Ec2InstanceMetadata", "instance() role(A, 3600)"),
    ("\(role)\nweb_identity_token_file = /t", "web-identity(/t)[\(String.role("A"))]"),
    (
      "\(role)\nweb_identity_token_file = ~/t\nexternal_id = id\nmfa_serial = x",
      "web-identity(/home/al/t)[\(String.role("A"))]"
    ),
    ("\(role)\nweb_identity_token_process = get token", "web-identity(get)[\(String.role("A"))]"),
    ("credential_source = Environment", "key(A) session(43200)"),
  ])
  func `a profile's settings say where its credentials start`(settings: String, plan: String) throws {
    let planning = Planning(config: "[profile A]\n\(settings)\n\(Self.top)", environment: ["HOME": "/home/al"])
    #expect(try planning.plan(for: "A").summary == plan)
    let above = plan.hasSuffix("session(43200)") ? "key(A) role(top, 3600)" : plan + " role(top, 3600)"
    #expect(try planning.plan(for: "top").summary == above)
  }

  @Test func `a role with a token may last 12 hours, and one above it an hour`() throws {
    let config = "[profile A]\n\(Self.role)\nweb_identity_token_file = /t\nduration_seconds = 43200\n\(Self.top)"
    var planning = Planning(config: config)
    #expect(try planning.plan(for: "A").webIdentity?.role.duration.seconds == 43200)
    planning.options.duration = SessionDuration(seconds: 7200)
    #expect(try planning.plan(for: "A").webIdentity?.role.duration.seconds == 7200)
    #expect(try planning.plan(for: "top").webIdentity?.role.duration.seconds == 43200)
    #expect(try planning.plan(for: "top").steps.map(\.summary) == ["role(top, 3600 of 7200)"])
    planning.options.duration = SessionDuration(seconds: 43201)
    guard case .durationOutOfRange = try planning.error(for: "A") else {
      Issue.record("more than 12 hours")
      return
    }
  }

  @Test(
    arguments: [
      ("\(role)\nweb_identity_token_file = run/t", .invalidValue("run/t", of: at(.webIdentityTokenFile, 3))),
      (
        "\(role)\nweb_identity_token_file = /t\ncredential_source = Environment",
        .conflict(at(.webIdentityTokenFile, 3), with: .credentialSource)
      ),
      (
        "\(role)\nweb_identity_token_file = /t\nweb_identity_token_process = x",
        .conflict(at(.webIdentityTokenFile, 3), with: .webIdentityTokenProcess)
      ),
      ("\(role)\ncredential_source = environment", .invalidValue("environment", of: at(.credentialSource, 3))),
      (
        "\(role)\ncredential_source = Ec2InstanceMetadata\nec2_metadata_service_endpoint_mode = IPv7",
        .invalidValue("IPv7", of: at(.metadataEndpointMode, 4))
      ),
      ("credential_process = get\naws_account_id = 12345", .invalidValue("12345", of: at(.awsAccountID, 3))),
      ("credential_process = get >x", .unusableCommand("get >x", .needsShell, of: at(.credentialProcess, 2))),
      ("credential_process = get \"x", .unusableCommand("get \"x", .openQuote, of: at(.credentialProcess, 2))),
      ("credential_process = get x\\", .unusableCommand("get x\\", .openQuote, of: at(.credentialProcess, 2))),
      ("credential_process = ''", .unusableCommand("''", .noProgram, of: at(.credentialProcess, 2))),
    ] as [(String, PlanError)])
  func `a setting that cannot be honoured is named with its line`(settings: String, error: PlanError) throws {
    #expect(try Planning(config: "[profile A]\n\(settings)").error(for: "A") == error)
  }

  @Test func `a role of another partition than the region is refused with a token too`() throws {
    let config = "[profile A]\nregion = cn-north-1\n\(Self.role)\nweb_identity_token_file = /t"
    guard case .otherPartition = try Planning(config: config).error(for: "A") else {
      Issue.record("planned")
      return
    }
  }

  @Test func `the account of a profile goes with its program`() throws {
    let config = "[profile A]\ncredential_process = get\naws_account_id = 123456789012"
    let plan = try Planning(config: config).plan(for: "A")
    let process = CredentialPlan.CredentialProcess(
      profile: "A", words: ["get"], account: "123456789012", origin: Self.at(.credentialProcess, 2))
    #expect(plan.source == .process(process))
  }

  // MARK: Instance metadata

  @Test(
    arguments: [
      ([:], nil, .ipv4), (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1"], "http://127.0.0.1:1", .ipv4),
      (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipV6"], nil, .ipv6),
      (["AWS_EC2_METADATA_DISABLED": "false"], nil, .ipv4),
    ] as [([String: String], String?, InstanceEndpointMode)])
  func `variables say where an instance is told about itself`(
    environment: [String: String], endpoint: String?, mode: InstanceEndpointMode
  ) throws {
    let config = "[profile A]\n\(Self.role)\ncredential_source = Ec2InstanceMetadata"
    let expected = CredentialPlan.InstanceMetadata(
      endpoint: endpoint, mode: mode, origin: Self.at(.credentialSource, 3))
    #expect(try Planning(config: config, environment: environment).plan(for: "A").source == .instance(expected))
  }

  @Test(arguments: [
    ("", [:], 1), ("", ["AWS_METADATA_SERVICE_TIMEOUT": "5"], 5), ("metadata_service_timeout = 7", [:], 7),
    ("metadata_service_timeout = 7", ["AWS_METADATA_SERVICE_TIMEOUT": "5"], 5),
  ])
  func `a variable, else the profile, says how long an instance is waited for`(
    line: String, environment: [String: String], seconds: Int
  ) throws {
    let config = "[profile A]\n\(Self.role)\ncredential_source = Ec2InstanceMetadata\n\(line)"
    let expected = CredentialPlan.InstanceMetadata(timeout: .seconds(seconds), origin: Self.at(.credentialSource, 3))
    #expect(try Planning(config: config, environment: environment).plan(for: "A").source == .instance(expected))
  }

  @Test(arguments: ["0", "-1", "1.5", "soon"])
  func `a time that is no number of seconds is refused`(text: String) throws {
    let config = "[profile A]\n\(Self.role)\ncredential_source = Ec2InstanceMetadata"
    let planning = Planning(config: config, environment: ["AWS_METADATA_SERVICE_TIMEOUT": text])
    #expect(try planning.error(for: "A") == .invalidValue(text, of: .variable("AWS_METADATA_SERVICE_TIMEOUT")))
  }

  @Test func `an instance's metadata that are switched off are not asked for`() throws {
    let config = "[profile A]\n\(Self.role)\ncredential_source = Ec2InstanceMetadata"
    let planning = Planning(config: config, environment: ["AWS_EC2_METADATA_DISABLED": "TRUE"])
    let error = PlanError.disabled(Self.at(.credentialSource, 3), by: "AWS_EC2_METADATA_DISABLED")
    #expect(try planning.error(for: "A") == error)
  }

  // MARK: Nobody names a profile

  private static let container = [
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/run/token", "AWS_ROLE_ARN": String.role("pod"), "AWS_ROLE_SESSION_NAME": "pod-1",
  ]

  @Test func `the variables of a container count if nobody names a profile`() throws {
    let planning = Planning(config: "[default]\nregion = eu-west-1", environment: Self.container)
    let plan = try planning.plan(ifNoneIsNamed: "default")
    #expect(plan.summary == "web-identity(/run/token)[\(String.role("pod"))]")
    #expect(plan.webIdentity?.role.sessionName.text == "pod-1")
    #expect(plan.connection.region == "eu-west-1")
    #expect(try planning.plan(for: "default").summary == "key(default) session(43200)")
    #expect(try Planning(environment: Self.container).plan(ifNoneIsNamed: "default").summary == plan.summary)
  }

  @Test func `half of a container's variables is an error, and none leads to the default profile`() throws {
    var planning = Planning(config: "[default]", environment: Self.container)
    planning.environment["AWS_ROLE_ARN"] = ""
    #expect(throws: PlanError.missingVariable("AWS_ROLE_ARN", for: "AWS_WEB_IDENTITY_TOKEN_FILE")) {
      try planning.plan(ifNoneIsNamed: "default")
    }
    planning.environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = nil
    #expect(try planning.plan(ifNoneIsNamed: "default").summary == "key(default) session(43200)")
  }
}

extension Planning {
  fileprivate func plan(ifNoneIsNamed name: String) throws -> CredentialPlan {
    try CredentialPlanner(
      profiles: ProfileSet(config: config, credentials: credentials), environment: environment, options: options
    ).plan(ifNoneIsNamed: name)
  }
}

extension CredentialPlan {
  fileprivate var webIdentity: WebIdentity? {
    guard case .webIdentity(let identity) = source else { return nil }
    return identity
  }
}

// MARK: - Command lines

struct CommandLineTests {
  @Test(arguments: [
    (#""/opt/my tool/get" --user 'a b' c\ d """#, ["/opt/my tool/get", "--user", "a b", "c d", ""]),
    (#"get "a\"b" "c\\d" "e\nf" 'g\h' i\nj"#, ["get", "a\"b", "c\\d", #"e\nf"#, #"g\h"#, "inj"]),
    ("get\t x\n y\r\n", ["get", "x", "y"]), ("get # x", ["get", "#", "x"]), ("get a'b'\"c\"d", ["get", "abcd"]),
    ("get '$HOME' '`x`' \\$x '~/y' a~/b *.json", ["get", "$HOME", "`x`", "$x", "~/y", "a~/b", "*.json"]),
    ("~/bin/get ~/x \"~/y\"", ["/home/al/bin/get", "/home/al/x", "~/y"]),
    ("sh -c 'get | jq .'", ["sh", "-c", "get | jq ."]),
    ("g\u{e9}t\u{a0}x", ["g\u{e9}t\u{a0}x"]),
  ])
  func `a line is split as Python's shlex splits it`(line: String, words: [String]) {
    let split = ShellWords(line, home: "/home/al")
    #expect(split.words == words && split.fault == nil)
  }

  @Test(arguments: [
    "get | jq", "get > x", "get < x", "get & x", "get; x", "get $HOME/x", "get $(x)", "get `x`", "get \"$HOME\"",
    "get \"`x`\"", "(get)", "~bob/get", "get ~",
  ])
  func `a line with what a shell alone understands is refused`(line: String) {
    #expect(ShellWords(line, home: "/home/al").fault == .needsShell)
  }

  @Test func `a home that is not known is not guessed`() {
    #expect(ShellWords("~/get", home: nil).fault == .needsShell)
    #expect(ShellWords("~/get", home: "").fault == .needsShell)
  }

  @Test(arguments: [
    ("daypass credential-process Q", "Q"), ("/usr/bin/daypass credential-process --fresh Q", "Q"),
    ("daypass credential-process Q --min-left 30m", "Q"), ("daypass credential-process -n -d 1h --profile Q", "Q"),
    ("daypass credential-process --mfa-code 123456 Q", nil), ("daypass exec Q", nil),
    ("awspass credential-process Q", nil),
    ("daypass credential-process Q R", nil), ("daypass credential-process --min-left soon Q", nil),
  ])
  func `a call of ours is understood with its options, or run like any other program`(line: String, profile: String?) {
    #expect(SelfCredentialProcess(line)?.profile == profile)
  }

  @Test func `what a call of ours asks of the cache is in the plan if its credentials are the plan's`() throws {
    let config = """
      [profile A]
      credential_process = daypass credential-process --fresh B
      [profile B]
      credential_process = daypass credential-process C --min-left=30m
      [profile C]
      [profile top]
      role_arn = \(String.role("top"))
      source_profile = B
      """
    #expect(try Planning(config: config).plan(for: "A").freshness == .new)
    #expect(try Planning(config: config).plan(for: "B").freshness == .timeLeft(SessionDuration(seconds: 1800)))
    #expect(try Planning(config: config).plan(for: "C").freshness == nil)
    #expect(try Planning(config: config).plan(for: "top").freshness == nil)
  }
}

// MARK: - Trail

struct ProfileTrailTests {
  private static let config = """
    [profile A]
    credential_process = /opt/get
    [profile top]
    role_arn = \(String.role("top"))
    source_profile = A
    [profile key]
    """
  private static let origin = Origin.property(.credentialProcess, profile: "A", at: .config(2))

  private func error(_ name: String, _ environment: [String: String]) throws -> PlanError? {
    try Planning(config: Self.config, environment: environment).error(for: name)
  }

  @Test(arguments: ["DAYPASS_PROFILE_CHAIN", "_AWS_CLI_PROFILE_CHAIN"])
  func `a program that has led to its own profile is not run again`(variable: String) throws {
    let loop = PlanError.reference(.programLoop(["A", "B", "A"]), from: Self.origin)
    #expect(try error("A", [variable: "A,B"]) == loop)
    #expect(try error("top", [variable: "A,B"]) == loop)
    #expect(try error("top", [variable: "top"]) == .reference(.programLoop(["top", "top"]), from: Self.origin))
    #expect(try error("A", [variable: "B,C"]) == nil)
    #expect(try error("key", [variable: "key,A"]) == nil)
  }

  @Test func `programs run programs four deep and no deeper`() throws {
    #expect(try error("A", ["DAYPASS_PROFILE_CHAIN": "1,2,3"]) == nil)
    #expect(
      try error("A", ["DAYPASS_PROFILE_CHAIN": "1,2,3,4"])
        == .reference(.programsTooDeep(["1", "2", "3", "4"]), from: Self.origin))
  }

  @Test(arguments: [["A"], ["A", "B"], ["a,b", "c\"d", "", "e f"], ["\"", ","], ["line\nend"]])
  func `any names come through a variable`(names: [String]) {
    let trail = ProfileTrail(in: [:]).adding(names)
    #expect(ProfileTrail(in: ["DAYPASS_PROFILE_CHAIN": trail.text]).names == names)
  }

  @Test func `the AWS CLI, which lengthens its own variable only, is believed`() {
    let both = ["DAYPASS_PROFILE_CHAIN": "A", "_AWS_CLI_PROFILE_CHAIN": "A,B"]
    #expect(ProfileTrail(in: both).names == ["A", "B"])
    #expect(ProfileTrail(in: both).adding(["C", "C"]).text == "A,B,C")
    #expect(ProfileTrail(in: [:]).names == [])
  }
}
