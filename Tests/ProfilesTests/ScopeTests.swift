import AWSValues
import Profiles
import Testing

/// What narrows credentials, and what cannot be narrowed.
struct ScopeTests {
  private static let config = """
    [profile key]
    region = eu-west-1
    [profile role]
    role_arn = \(String.role("deploy"))
    source_profile = key
    [profile tagged]
    role_arn = \(String.role("deploy"))
    source_profile = key
    session_tags = team=data, Project=x
    transitive_session_tags = team
    source_identity = alice
    daypass_scope = read-only
    [profile above]
    role_arn = \(String.role("above"))
    source_profile = tagged
    [profile china]
    role_arn = arn:aws-cn:iam::123456789012:role/x
    source_profile = key
    region = cn-north-1
    [profile sso]
    sso_session = corp
    sso_account_id = 123456789012
    sso_role_name = ReadOnly
    [sso-session corp]
    sso_start_url = https://d-abc123.awsapps.com/start
    sso_region = eu-west-1
    [profile web]
    role_arn = \(String.role("web"))
    web_identity_token_file = /token
    [profile calling]
    credential_process = daypass credential-process tagged
    [profile calling-viewer]
    credential_process = daypass credential-process calling
    daypass_scope = view-only
    [profile above-calling]
    role_arn = \(String.role("above"))
    source_profile = calling
    [profile viewer]
    daypass_scope = view-only
    [profile calling-key]
    credential_process = daypass credential-process viewer
    """

  private func planning(_ change: (inout ScopeRequest) -> Void) -> Planning {
    var planning = Planning(config: Self.config)
    change(&planning.options.scope)
    return planning
  }

  private func scope(of name: String, _ change: (inout ScopeRequest) -> Void = { _ in }) throws -> SessionScope {
    try planning(change).plan(for: name).scope
  }

  private func error(_ name: String = "role", _ change: (inout ScopeRequest) -> Void) throws -> PlanError? {
    try planning(change).error(for: name)
  }

  private static let s3AndSTS =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","sts:*"],"Resource":"*"}]}"#

  /// As the AWS CLI gets them, which runs the program.
  @Test func `a profile that calls us for another's credentials gets them as narrow as that has them`() throws {
    #expect(try scope(of: "calling").name == "read-only")
    #expect(try scope(of: "calling-key").name == "view-only")
    #expect(try scope(of: "calling") { $0.services = "s3" }.name == "read-only:s3")
    #expect(try scope(of: "above-calling").name == nil)
    guard case .scope(.conflict) = try error("calling-viewer", { _ in }) else {
      Issue.record("two scopes are none")
      return
    }
  }

  @Test func `services become a policy, sorted and each once`() throws {
    let scope = try scope(of: "role") { $0.services = "sts,s3,s3" }
    #expect(scope.policy?.text == Self.s3AndSTS && scope.policyARNs.isEmpty)
    #expect(scope.name == "s3,sts")
  }

  @Test func `AWS's own policies are those of the role's partition`() throws {
    let china = try scope(of: "china") { $0.presets = [.readOnly] }
    #expect(china.policyARNs.map(\.text) == ["arn:aws-cn:iam::aws:policy/ReadOnlyAccess"])
    let view = try scope(of: "role") { $0.presets = [.viewOnly] }
    #expect(view.policyARNs.map(\.text) == ["arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"])
    let named = try scope(of: "role") {
      $0.policies = ["SecurityAudit", "arn:aws:iam::123456789012:policy/mine", "SecurityAudit"]
    }
    #expect(
      named.policyARNs.map(\.text) == [
        "arn:aws:iam::123456789012:policy/mine", "arn:aws:iam::aws:policy/SecurityAudit",
      ])
  }

  @Test func `reading some services is one policy that allows what reads`() throws {
    let scope = try scope(of: "role") { ($0.presets, $0.services) = ([.readOnly], "s3") }
    #expect(scope.policy?.text.contains(#"["s3:Get*","s3:List*","s3:Describe*","s3:BatchGet*","s3:Head*"]"#) == true)
    #expect(scope.policyARNs.isEmpty && scope.name == "read-only:s3")
    let ofProfile = try self.scope(of: "tagged") { $0.services = "s3" }
    #expect(ofProfile.policy == scope.policy)
  }

  @Test func `two that narrow in different ways are refused, since AWS allows what either allows`() throws {
    let view = Origin.option("--view-only")
    #expect(
      try error { ($0.presets, $0.services) = ([.viewOnly], "s3") } == .scope(.conflict(view, .option("--service"))))
    #expect(try error { $0.presets = [.readOnly, .viewOnly] } == .scope(.conflict(.option("--read-only"), view)))
    #expect(
      try error { ($0.services, $0.policies) = ("s3", ["x"]) }
        == .scope(.conflict(.option("--service"), .option("--policy-arn"))))
    let line = Origin.property(.daypassScope, profile: "tagged", at: .config(12))
    #expect(try error("tagged") { $0.presets = [.viewOnly] } == .scope(.conflict(view, line)))
    #expect(try error("tagged") { $0.presets = [.readOnly] } == nil)
  }

  @Test func `the last role is narrowed, and each role has its own tags`() throws {
    let plan = try planning { ($0.presets, $0.sourceIdentity) = ([.viewOnly], "bob") }.plan(for: "above")
    let scopes = plan.steps.map { step -> SessionScope? in
      guard case .assumeRole(let role) = step else { return nil }
      return role.scope
    }
    #expect(scopes.map { $0?.tags.map(\.key) } == [["Project", "team"], []])
    #expect(scopes.map { $0?.transitiveTagKeys } == [["team"], []])
    #expect(scopes.map { $0?.sourceIdentity?.text } == ["alice", "bob"])
    #expect(scopes.map { $0?.limitsPermissions } == [false, true])
  }

  @Test func `an option's tag replaces the profile's, whatever the case of its key`() throws {
    let scope = try scope(of: "tagged") { ($0.tags, $0.transitiveTags) = (["PROJECT=y", "a=b=c"], ["a"]) }
    #expect(scope.tags.map { "\($0.key)=\($0.value)" } == ["a=b=c", "PROJECT=y", "team=data"])
    #expect(scope.transitiveTagKeys == ["a", "team"])
  }

  @Test func `aws-vault's variables come before the profile`() throws {
    var planning = Planning(config: Self.config)
    planning.environment = ["AWS_SESSION_TAGS": "x=1", "AWS_TRANSITIVE_TAGS": "x", "AWS_SOURCE_IDENTITY": "carol"]
    let scope = try planning.plan(for: "tagged").scope
    #expect(scope.tags.map(\.key) == ["x"] && scope.transitiveTagKeys == ["x"] && scope.sourceIdentity?.text == "carol")
  }

  @Test func `a key alone is narrowed by GetFederationToken, for calls with the key as if it were not`() throws {
    let plan = try planning { ($0.presets, $0.tags) = ([.readOnly], ["a=b"]) }.plan(for: "key")
    guard case .federationToken(let step) = plan.steps.first else {
      Issue.record("\(plan.steps)")
      return
    }
    #expect(step.name.text == "al@box" && step.duration.seconds == 43_200 && plan.steps.count == 1)
    #expect(step.scope.tags.map(\.key) == ["a"])
    #expect(plan.device == nil && plan.forUser.steps.isEmpty)
  }

  @Test func `the console gets a session of GetFederationToken for a key alone, and the role for a role`() throws {
    var planning = Planning(config: Self.config)
    planning.options.purpose = .console
    #expect(try planning.plan(for: "key").scope.policy == .everything)
    #expect(try planning.plan(for: "key").scope.name == nil)
    #expect(try planning.plan(for: "role").scope.isEmpty)
  }

  @Test func `what cannot be narrowed is refused`() throws {
    let sso = Origin.property(.ssoSession, profile: "sso", at: .config(21))
    #expect(try error("sso") { $0.presets = [.readOnly] } == .scope(.cannotNarrow(.option("--read-only"), source: sso)))
    #expect(try error("sso") { $0.tags = ["a=b"] } == .scope(.cannotNarrow(.option("--tag"), source: sso)))
    #expect(try error("key") { $0.tags = ["a=b"] } == .scope(.cannotNarrow(.option("--tag"), source: nil)))
    #expect(
      try error("key") { $0.sourceIdentity = "al" } == .scope(.cannotNarrow(.option("--source-identity"), source: nil)))
    let token = Origin.property(.webIdentityTokenFile, profile: "web", at: .config(29))
    #expect(try error("web") { $0.tags = ["a=b"] } == .scope(.cannotNarrow(.option("--tag"), source: token)))
    #expect(try scope(of: "web") { $0.presets = [.readOnly] }.policyARNs.count == 1)
    var planning = planning { $0.presets = [.readOnly] }
    planning.options.sessions = .skipped
    #expect(try planning.error(for: "key") == .scope(.conflict(.option("--read-only"), .option("--no-session"))))
  }

  @Test func `tags of a profile without a role are refused`() throws {
    let planning = Planning(config: "[profile a]\nsession_tags = a=b\n")
    let origin = Origin.property(.sessionTags, profile: "a", at: .config(2))
    #expect(try planning.error(for: "a") == .missing([.roleARN], for: origin))
  }

  @Test func `AWS's limits are checked`() throws {
    let arns = (1...11).map { "arn:aws:iam::123456789012:policy/p\($0)" }
    #expect(try error { $0.policies = arns } == .scope(.tooMany(11, limit: 10, of: .option("--policy-arn"))))
    #expect(try error { $0.tags = ["AWS:x=1"] } == .invalidValue("AWS:x=1", of: .option("--tag")))
    #expect(try error { $0.tags = ["a=1", "A=2"] } == .scope(.repeatedTag(of: .option("--tag"))))
    #expect(
      try error { $0.tags = (1...51).map { "k\($0)=v" } } == .scope(.tooMany(51, limit: 50, of: .option("--tag"))))
    #expect(try error { $0.tags = ["a=b,c"] } == .invalidValue("a=b,c", of: .option("--tag")))
    #expect(try error { $0.services = "s3,,sts" } == .invalidValue("", of: .option("--service")))
    #expect(try error { $0.services = "S3" } == .invalidValue("S3", of: .option("--service")))
    #expect(try error { $0.sourceIdentity = "x" } == .invalidValue("x", of: .option("--source-identity")))
    #expect(try error { $0.policies = [""] } == .invalidValue("", of: .option("--policy-arn")))
    #expect(
      try error { $0.policies = ["arn:aws:iam::x"] } == .invalidValue("arn:aws:iam::x", of: .option("--policy-arn")))
  }

  @Test func `a policy is sent without white space, and known by what it says`() throws {
    let text =
      "{\n \"Statement\": [ {\"Sid\": \"a \\\" b\", \"Effect\":\"Allow\"} ],\n \"Version\": \"2012-10-17\"\n}\n"
    let policy = try #require(scope(of: "role") { $0.policy = Array(text.utf8) }.policy)
    #expect(policy.text == #"{"Statement":[{"Sid":"a \" b","Effect":"Allow"}],"Version":"2012-10-17"}"#)
    let other = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Sid":"a \" b"}]}"#
    #expect(try scope(of: "role") { $0.policy = Array(other.utf8) }.policy?.canonical == policy.canonical)
  }

  @Test(arguments: [
    ("[]", PolicyFault.notJSON(line: 1, column: 1)), ("{\"Statement\":\n  oops}", .notJSON(line: 2, column: 3)),
    ("{}", .noStatement), ("{\"Statement\":[\n\"a–b\"]}", .character("\u{2013}", line: 2, column: 3)),
  ])
  func `a policy that AWS would refuse is refused, with the place of its mistake`(text: String, fault: PolicyFault)
    throws
  {
    #expect(try error { $0.policy = Array(text.utf8) } == .scope(.invalidPolicy(fault, of: .option("--policy"))))
  }

  @Test func `long names of sessions are cut for GetFederationToken, and stay apart`() throws {
    let names = ["a", "b"].map {
      FederatedUserName(RoleSessionName(user: String(repeating: "u", count: 40) + $0, host: "h"))
    }
    #expect(names.allSatisfy { $0.text.utf8.count == 32 } && names[0] != names[1])
  }
}
