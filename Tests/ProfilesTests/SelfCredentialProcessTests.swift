import AWSValues
import Profiles
import Testing

struct SelfCredentialProcessTests {
  @Test(arguments: [
    "daypass credential-process A", "/usr/bin/daypass credential-process A",
    "'/opt/my tools/daypass' credential-process A",
    "daypass credential-process", "daypass credential-process --debug A", "daypass  credential-process\t\"A\"",
    "daypass credential-process --region=eu-west-1 -- A", "daypass credential-process --",
    "daypass --profile A credential-process", "daypass --region eu-west-1 --debug credential-process A",
    "daypass export --format json A", "daypass --format=json export A",
  ])
  func `a process of ours for the same profile is the profile's key`(command: String) throws {
    let plan = try Planning(config: "[profile A]\ncredential_process = \(command)").plan(for: "A")
    #expect(plan.summary == "key(A) session(43200)")
  }

  @Test(arguments: [
    "notdaypass credential-process A", "daypass exec A", "daypass", "daypass/x credential-process A",
    "daypass credential-process A B", "daypass credential-process --new A", "daypass credential-process --duration",
    "daypass credential-process --duration 1x A", "daypass credential-process --mfa-code 123456 A",
    "daypass export A", "daypass export --format sh A", "daypass credential-process --format json A",
    "daypass -- credential-process A", "daypass --debug", "daypass --exec credential-process A",
    "daypass credential-process --policy p.json A", "daypass credential-process --read-only=yes A",
    "sh -c 'daypass credential-process A'", "sudo daypass credential-process A", "\\ daypass credential-process A",
  ])
  func `another program's process is not`(command: String) throws {
    let plan = try Planning(config: "[profile A]\ncredential_process = \(command)").plan(for: "A")
    #expect(plan.summary == "process(A)")
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

  static let options: [(config: String, plan: String)] = [
    ("[profile A]\ncredential_process = daypass credential-process --no-session A", "key(A)"),
    ("[profile A]\ncredential_process = daypass credential-process A --duration 15m", "key(A) session(900)"),
    ("[profile A]\ncredential_process = daypass credential-process --duration=2h\n", "key(A) session(7200)"),
    ("[profile A]\ncredential_process = daypass credential-process --no-session B\n[profile B]", "key(B)"),
    (
      "[profile A]\ncredential_process = daypass credential-process --duration 2h B\n[profile B]\n\(role)source_profile = C\n[profile C]",
      "key(C) role(b, 7200)"
    ),
    (
      "[profile A]\nrole_arn = \(String.role("a"))\nsource_profile = B\n"
        + "[profile B]\ncredential_process = daypass credential-process --duration 2h C\n[profile C]\nmfa_serial = device-of-c",
      "key(C) session(device-of-c, 7200) role(a, 3600)"
    ),
    (
      "[profile A]\nrole_arn = \(String.role("a"))\nsource_profile = B\n"
        + "[profile B]\ncredential_process = daypass credential-process --no-session C\n[profile C]\nmfa_serial = device-of-c",
      "key(C) role(a, 3600, device-of-c)"
    ),
  ]
  private static let role = "role_arn = \(String.role("b"))\n"

  @Test(arguments: options)
  func `the options of a process of ours count`(config: String, plan: String) throws {
    #expect(try Planning(config: config).plan(for: "A").summary == plan)
  }

  @Test func `the command line comes before the options of a process of ours`() throws {
    let config = "[profile A]\ncredential_process = daypass credential-process --duration 2h --region r1 A"
    var planning = Planning(config: config)
    #expect(try planning.plan(for: "A").connection.region == "r1")
    planning.options.duration = SessionDuration(seconds: 900)
    planning.options.region = "r2"
    #expect(try planning.plan(for: "A").summary == "key(A) session(900)")
    #expect(try planning.plan(for: "A").connection.region == "r2")
    #expect(try Planning(config: config + "\nregion = r3").plan(for: "A").connection.region == "r3")
  }

  // MARK: What narrows, and what asks

  private static let narrowing = """
    [profile A]
    credential_process = daypass credential-process --read-only --tag team=data --source-identity al --prompt zenity B
    [profile B]
    \(role)source_profile = C
    daypass_scope = read-only
    [profile C]
    credential_process = daypass credential-process --prompt=tty --service s3 C
    [profile plain]
    credential_process = daypass credential-process B
    [profile above]
    role_arn = \(String.role("above"))
    source_profile = A
    """

  @Test func `a process of ours narrows the session that it asks for, and names what asks for codes`() throws {
    let plan = try Planning(config: Self.narrowing).plan(for: "A")
    #expect(plan.scope.name == "read-only" && plan.scope.tags.map(\.key) == ["team"])
    #expect(plan.scope.sourceIdentity?.text == "al" && plan.summary == "process(C) role(b, 3600)")
    let line = Origin.property(.credentialProcess, profile: "A", at: .config(2))
    #expect(plan.prompt?.text == "zenity" && plan.prompt?.origin == line)
    #expect(plan.steps.last?.origins[.sessionTags] == line && plan.steps.last?.origins[.daypassScope] == line)
  }

  @Test func `one that calls for its own profile with a scope is the key, narrowed`() throws {
    let plan = try Planning(config: Self.narrowing).plan(for: "C")
    #expect(plan.summary == "key(C) federation(al@box, 43200)" && plan.scope.name == "s3")
    #expect(plan.prompt?.text == "tty")
  }

  @Test func `the profile that a process of ours calls for counts as asked for, with its scope`() throws {
    #expect(try Planning(config: Self.narrowing).plan(for: "plain").scope.name == "read-only")
  }

  @Test func `roles are assumed with what a process of ours prints if that is narrowed`() throws {
    let plan = try Planning(config: Self.narrowing).plan(for: "above")
    #expect(plan.summary == "process(A) role(above, 3600)" && plan.scope.isEmpty)
  }

  @Test func `the scope of the command line and that of a process of ours are one or refused`() throws {
    var planning = Planning(config: Self.narrowing)
    planning.options.scope.presets = [.readOnly]
    planning.options.scope.tags = ["Team=web"]
    let scope = try planning.plan(for: "A").scope
    #expect(scope.name == "read-only" && scope.tags.map(\.value) == ["web"])
    planning.options.scope.presets = [.viewOnly]
    let line = Origin.property(.credentialProcess, profile: "A", at: .config(2))
    #expect(try planning.error(for: "A") == .scope(.conflict(.option("--view-only"), line)))
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
    #expect(try planning.error(for: "A") == .reference(.loop(["A", "B", "A"]), from: origin))
  }

  @Test func `a process of ours for an unknown profile names it`() throws {
    let planning = Planning(config: "[profile A]\ncredential_process = daypass credential-process AA")
    let origin = Origin.property(.credentialProcess, profile: "A", at: .config(2))
    #expect(try planning.error(for: "A") == .reference(.unknownProfile("AA", nearest: []), from: origin))
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
