import AWSDouble
import Foundation
import TestSupport
import Testing

/// `daypass sso`: the accounts and roles of somebody who has signed in to IAM Identity Center.
@Suite(.keyring)
struct SSOCommandTests {
  private let scene: Scene

  init() throws { scene = try Scene.ofIdentityCenter() }

  @Test func `somebody with nothing but an address gets to credentials`() throws {
    scene.scratch.write("# mine\r\n[default]\r\nregion = eu-west-1", to: "home/.aws/config")
    try scene.prepareBrowser()
    let terminal = try scene.terminal(
      "daypass sso add corp && daypass sso import --role ReadOnly && exec daypass exec Payments-ReadOnly -- env")
    try terminal.expect("start URL: ")
    try terminal.send("d-abc123.awsapps.com\n")
    try terminal.expect("daypass: it is like https://d-1234567890.awsapps.com/start\r\nstart URL: ")
    try terminal.send(" https://d-abc123.awsapps.com/start\n")
    try terminal.expect("region of Identity Center: ")
    try terminal.send("eu-west-1\n")
    try terminal.expect("daypass: wrote [sso-session corp] to ")
    try terminal.expect("AWS_ACCESS_KEY_ID=ASIA")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(
      try scene.configText.hasPrefix(
        """
        # mine\r\n[default]\r\nregion = eu-west-1\r\n\r\n[sso-session corp]\r\n\
        sso_start_url = https://d-abc123.awsapps.com/start\r\nsso_region = eu-west-1\r\n\r\n\
        [profile Payments-ReadOnly]\r\n
        """))
  }

  @Test func `a session that is there is refused before anything is asked, and stays as it is`() throws {
    let before = try scene.configText
    let terminal = try scene.terminal("exec daypass sso add corp")
    #expect(try terminal.waitForExit() == .exited(1))
    #expect(terminal.transcript.contains("daypass: [sso-session corp] is already there ("))
    #expect(!terminal.transcript.contains("start URL"))
    #expect(try scene.configText == before)
  }

  @Test func `accounts and roles are listed, roles with their profiles`() throws {
    try scene.signIn()
    scene.double.identityCenter.pageSize = 1
    #expect(
      try scene.prepare("daypass sso accounts") == """
        ACCOUNT       NAME      EMAIL
        123456789012  Payments  123456789012@example.com
        210987654321  -         -

        """)
    #expect(
      try scene.prepare("daypass sso roles corp") == """
        ACCOUNT       NAME      ROLE      PROFILE
        123456789012  Payments  ReadOnly  readonly
        123456789012  Payments  Deploy    -
        210987654321  -         Audit     -

        """)
    #expect(try scene.prepare("daypass sso roles --account 210987654321 --json").contains("\"role\" : \"Audit\""))
    let other = try scene.run("daypass sso roles --account 111111111111")
    #expect(
      other.errorText
        == "daypass: warning: you have no role in account 111111111111; your accounts: daypass sso accounts\n")
  }

  @Test func `import writes a profile for each role that has none, once`() throws {
    try scene.signIn()
    let before = try scene.configText
    let dry = try scene.run("daypass sso import --dry-run")
    #expect(
      dry.outputText == """
        PROFILE             ACCOUNT       ROLE
        Payments-Deploy     123456789012  Deploy
        210987654321-Audit  210987654321  Audit

        """)
    #expect(dry.errorText.hasPrefix("daypass: 2 profiles would be written to "))
    #expect(try scene.configText == before)
    try scene.prepare("daypass sso import --region eu-west-1")
    #expect(
      try scene.configText == before + """

        [profile Payments-Deploy]
        sso_session = corp
        sso_account_id = 123456789012
        sso_role_name = Deploy
        region = eu-west-1

        [profile 210987654321-Audit]
        sso_session = corp
        sso_account_id = 210987654321
        sso_role_name = Audit
        region = eu-west-1

        """)
    let again = try scene.run("daypass sso import --region eu-west-1")
    #expect(again.errorText == "daypass: no new profiles; 3 are there already\n")
    #expect(try scene.prepare("daypass credential-process Payments-Deploy").contains("AccessKeyId"))
  }

  @Test(arguments: [
    (["Payments-Deploy"], "Payments-Deploy-123456789012  "),
    (["Payments-Deploy", "Payments-Deploy-123456789012"], "Payments-Deploy-123456789012-2  "),
  ])
  func `a name that is taken gets the account behind it`(taken: [String], name: String) throws {
    try scene.signIn()
    let others = taken.map { "\n[profile \($0)]\nregion = eu-west-1\n" }.joined()
    scene.scratch.write(try scene.configText + others, to: "home/.aws/config")
    #expect(try scene.prepare("daypass sso import --role Deploy --dry-run").contains(name))
  }

  @Test func `the roles of hundreds of accounts are read with progress, with pauses if the portal wants them`() throws {
    try scene.signIn()
    scene.double.identityCenter.accounts = (1...300).map {
      .init(String(100_000_000_000 + $0), "Team \($0)", ["ReadOnly", "Deploy"])
    }
    scene.double.identityCenter.script = [
      .init("ListAccounts", .refuse(status: 429, "TooManyRequestsException")),
      .init("ListAccountRoles", .refuse(status: 429, "TooManyRequestsException")),
      .init("ListAccountRoles", .refuse(status: 429, "TooManyRequestsException")),
    ]
    let terminal = try scene.terminal("exec daypass sso import")
    try terminal.expect("reading the roles of all accounts (1/300)")
    try terminal.expect("reading the roles of all accounts (300/300)")
    try terminal.expect("daypass: 600 profiles written to ")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(scene.identityCenterCalls.count { $0 == "ListAccountRoles" } == 302)
    #expect(try scene.configText.contains("\n[profile Team-300-Deploy]\n"))
    let again = try scene.run("daypass sso import --dry-run")
    #expect(again.errorText == "daypass: no new profiles; 600 are there already\n")
  }

  @Test func `accounts may be called anything`() throws {
    try scene.signIn()
    scene.double.identityCenter.accounts = [.init("123456789012", "-R&D [new] \u{e9}; x", ["Deploy"])]
    try scene.prepare("daypass sso import")
    #expect(try scene.configText.contains("[profile _R-D--new-----x-Deploy]\n"))
  }

  @Test func `without a session, or with several, one has to be named`() throws {
    scene.scratch.write("[profile a]\n", to: "home/.aws/config")
    #expect(try scene.run("daypass sso accounts").status == .exited(65))
    scene.scratch.write(
      Scene.identityCenterConfig
        + Scene.identityCenterConfig.replacing("corp", with: "other")
        .replacing("readonly", with: "more"), to: "home/.aws/config")
    let outcome = try scene.run("daypass sso accounts")
    #expect(outcome.status == .exited(64))
    #expect(outcome.errorText.contains("daypass: hint: name one: corp, other"))
    #expect(try scene.run("daypass sso accounts crop").errorText.contains("did you mean 'corp'?"))
  }
}
