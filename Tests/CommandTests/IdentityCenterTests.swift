import AWSDouble
import Foundation
import TestSupport
import Testing

/// Profiles of IAM Identity Center, against a strict double of its services.
@Suite(.keyring)
struct IdentityCenterTests {
  private let scene: Scene

  init() throws { scene = try Scene.ofIdentityCenter() }

  @Test func `the first command opens the browser, the next ones need nobody`() throws {
    try scene.prepareBrowser()
    let terminal = try scene.terminal("exec daypass exec readonly -- sh -c 'echo it runs in $AWS_REGION'")
    try terminal.expect("daypass: sign in with the browser; if it does not open, go to\r\n")
    try terminal.expect("it runs in eu-west-1")
    #expect(
      scene.identityCenterCalls == [
        "RegisterClient", "authorize", "CreateToken authorization_code", "GetRoleCredentials",
      ])
    let buckets = try scene.prepare("daypass list-buckets readonly")
    #expect(buckets.contains("demo-logs"))
    #expect(scene.identityCenterCalls.count == 4)
  }

  @Test func `without a browser a code is shown, and waited for`() throws {
    scene.environment["DAYPASS_BROWSER"] = nil
    let terminal = try scene.terminal("exec daypass exec readonly -- echo it runs")
    try terminal.expect("  https://device.sso.eu-west-1.amazonaws.com/\r\n")
    try terminal.expect("daypass: waiting for the approval, 10 min at most\r\n")
    let code = try #require(terminal.transcript.firstMatch(of: #/    ([B-Z]{4}-[B-Z]{4})/#)?.1)
    try scene.prepare("curl -sf '\(scene.double.url)/_double/approve?user_code=\(code)'")
    try terminal.expect("it runs")
  }

  @Test(arguments: [
    ("/no/such/browser", "daypass: to sign in, open\r\n"),
    ("/bin/false", "daypass: sign in with the browser; if it does not open, go to\r\n"),
  ])
  func `with a browser that does not start, or fails, the sign-in goes on at its address`(
    browser: String, words: String
  ) throws {
    scene.environment["DAYPASS_BROWSER"] = browser
    let terminal = try scene.terminal("exec daypass exec readonly -- echo it runs")
    try terminal.expect(words)
    try terminal.expect("code_challenge=")
    try terminal.expect("\r\n")
    let page = try #require(terminal.transcript.firstMatch(of: #/  (http:\S+)\r\n/#)?.1)
    try scene.prepare("curl -sfL '\(page)'")
    try terminal.expect("it runs")
  }

  @Test func `Identity Center is asked in its own region, whatever that of the profile is`() throws {
    let proxy = LoopbackServer(always: .answer(Array("HTTP/1.1 403 no\r\nContent-Length: 0\r\n\r\n".utf8)))
    scene.scratch.write(
      try scene.configText.replacing("ReadOnly\nregion = eu-west-1", with: "ReadOnly\nregion = us-west-2"),
      to: "home/.aws/config")
    (scene.environment["AWS_ENDPOINT_URL"], scene.environment["DAYPASS_BROWSER"]) = (nil, "/bin/true")
    scene.environment.merge(
      ["https_proxy": "http://127.0.0.1:\(proxy.port)", "AWS_REGION": "ap-south-1", "AWS_MAX_ATTEMPTS": "1"]
    ) { $1 }
    #expect(try scene.run("daypass login readonly").status == .exited(75))
    let lines = proxy.requests().map { $0.prefix { $0 != "\r\n" } }
    #expect(lines == ["CONNECT oidc.eu-west-1.amazonaws.com:443 HTTP/1.1"])
  }

  @Test(arguments: [
    (nil, 75, ["CONNECT portal.sso.eu-west-1.amazonaws.com:443 HTTP/1.1"]), ("https://portal.example", 77, []),
  ])
  func `the AWS CLI's token is sent to AWS, and to no other endpoint`(
    endpoint: String?, status: Int32, requests: [String]
  ) throws {
    scene.keepTokenOfCLI("of-the-cli")
    let proxy = LoopbackServer(always: .answer(Array("HTTP/1.1 403 no\r\nContent-Length: 0\r\n\r\n".utf8)))
    (scene.environment["AWS_ENDPOINT_URL"], scene.environment["AWS_ENDPOINT_URL_SSO"]) = (nil, endpoint)
    scene.environment.merge(["https_proxy": "http://127.0.0.1:\(proxy.port)", "AWS_MAX_ATTEMPTS": "1"]) { $1 }
    let outcome = try scene.run("daypass credential-process readonly")
    #expect(outcome.status == .exited(status), "\(outcome.errorText)")
    #expect(proxy.requests().map { $0.prefix { $0 != "\r\n" } } == requests.map { $0[...] })
  }

  @Test func `credential-process signs in nobody, and says what to type`() throws {
    try scene.prepareBrowser()
    let outcome = try scene.run("daypass credential-process readonly")
    #expect(outcome.status == .exited(77))
    #expect(outcome.outputText == "")
    #expect(
      outcome.errorText == """
        daypass: the Identity Center session 'corp' needs a sign-in
        daypass: hint: in a terminal: daypass login readonly

        """)
    #expect(scene.identityCenterCalls == [])
  }

  @Test func `credential-process names the account`() throws {
    try scene.signIn()
    let document = try scene.prepare("daypass credential-process --fresh readonly")
    #expect(document.contains("\"AccountId\": \"123456789012\"") || document.contains("\"AccountId\":\"123456789012\""))
  }

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `a token that is about to end is refreshed, by nobody's hand`() throws {
    try scene.signIn()
    scene.double.clock = .offset(3000)
    try scene.prepare(Scene.later(3_000, "daypass credential-process --fresh readonly"))
    #expect(scene.identityCenterCalls == ["CreateToken refresh_token", "GetRoleCredentials"])
    scene.double.clock = .offset(6500)
    try scene.prepare(Scene.later(6_500, "daypass credential-process --fresh readonly"))
    #expect(scene.identityCenterCalls.count { $0 == "CreateToken refresh_token" } == 2)
  }

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `a refresh whose answer is lost is made once more with the same token`() throws {
    try scene.signIn()
    scene.double.clock = .offset(3700)
    scene.double.identityCenter.script = [.init("CreateToken", .lose)]
    try scene.prepare(Scene.later(3_700, "daypass credential-process --fresh readonly"))
    #expect(
      scene.identityCenterCalls == [
        "CreateToken refresh_token", "CreateToken refresh_token", "GetRoleCredentials",
      ])
  }

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `when the session is over, what is left of the token is used, then a sign-in is asked for`() throws {
    try scene.signIn()
    scene.double.clock = .offset(3400)
    scene.double.identityCenter.script = [.init("CreateToken", .refuse(status: 400, "invalid_grant"))]
    let early = try scene.run(Scene.later(3_400, "daypass credential-process --fresh readonly"))
    #expect(early.status == .exited(0), "\(early.errorText)")
    #expect(early.errorText.hasPrefix("daypass: warning: the Identity Center session 'corp' could not be refreshed"))
    scene.double.clock = .offset(3700)
    let late = try scene.run(Scene.later(3_700, "daypass credential-process --fresh readonly"))
    #expect(late.status == .exited(77))
    #expect(late.errorText.contains("in a terminal: daypass login readonly"))
  }

  @Test func `a token that the portal does not know is refreshed once`() throws {
    try scene.signIn()
    scene.double.identityCenter.script = [.init("GetRoleCredentials", .refuse(status: 401, "UnauthorizedException"))]
    try scene.prepare("daypass credential-process --fresh readonly")
    #expect(
      scene.identityCenterCalls == ["GetRoleCredentials", "CreateToken refresh_token", "GetRoleCredentials"])
  }

  @Test func `a role that is not assigned is named with its account`() throws {
    try scene.signIn()
    scene.double.identityCenter.accounts[0].roles = ["Deploy"]
    let outcome = try scene.run("daypass credential-process --fresh readonly")
    #expect(outcome.status == .exited(77))
    #expect(
      outcome.errorText.hasPrefix(
        "daypass: the Identity Center session 'corp' gives you no role 'ReadOnly' in account 123456789012\n"))
  }

  @Test func `who says no in the browser is told so`() throws {
    try scene.prepareBrowser()
    scene.double.identityCenter.person = .denies
    let terminal = try scene.terminal("exec daypass exec readonly -- true")
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(terminal.transcript.contains("daypass: the sign-in was refused: access_denied (User denied)"))
  }

  @Test func `an instance that allows no browser is asked for a device code`() throws {
    try scene.prepareBrowser()
    scene.double.identityCenter.allowsBrowsers = false
    let terminal = try scene.terminal("exec daypass exec readonly -- echo it runs")
    try terminal.expect("it runs")
    #expect(terminal.transcript.contains("using a device code"))
  }

  // MARK: Login and logout

  @Test func `login signs in anew, and says who one is and until when`() throws {
    try scene.prepareBrowser()
    for _ in 1...2 {
      let outcome = try scene.run("daypass login readonly")
      #expect(outcome.status == .exited(0), "\(outcome.errorText)")
      #expect(outcome.errorText.contains("daypass: signed in to the Identity Center session 'corp', until "))
      #expect(
        outcome.errorText.contains(
          "daypass: signed in as arn:aws:sts::123456789012:assumed-role/ReadOnly/alice@example.com, until "))
    }
    #expect(scene.identityCenterCalls.count { $0 == "CreateToken authorization_code" } == 2)
    #expect(scene.identityCenterCalls.count { $0 == "RegisterClient" } == 1)
  }

  @Test func `login without a profile signs in to the only session, and creates no profile`() throws {
    try scene.prepareBrowser()
    let config = try scene.configText
    let outcome = try scene.run("daypass login")
    #expect(outcome.errorText.contains("daypass: signed in to the Identity Center session 'corp', until "))
    #expect(try scene.configText == config)
  }

  @Test func `login --remote shows a code for another device, whatever browser there is`() throws {
    try scene.prepareBrowser()
    let terminal = try scene.terminal("exec daypass login readonly --remote")
    try terminal.expect("daypass: waiting for the approval, 10 min at most\r\n")
  }

  @Test func `login needs no profile, and logout tells Identity Center`() throws {
    try scene.prepareBrowser()
    try scene.prepare("daypass login --sso-session corp")
    try scene.prepare("daypass exec readonly -- true")
    let token = try #require(scene.double.identityCenter.accessTokens.first)
    #expect(
      try scene.run("daypass logout --sso-session corp").errorText
        == "daypass: signed out of the Identity Center session 'corp'; 1 session forgotten\n")
    #expect(scene.identityCenterCalls.last == "Logout")
    #expect(!scene.double.identityCenter.accessTokens.contains(token))
    #expect(try scene.run("daypass exec readonly -- true").status == .exited(77))
    #expect(
      try scene.run("daypass logout readonly").errorText
        == "daypass: you were not signed in to the Identity Center session 'corp'; 0 sessions forgotten\n")
  }

  @Test func `logout --all also ends sign-ins that the config no longer names`() throws {
    try scene.signIn()
    scene.scratch.write("", to: "home/.aws/config")
    #expect(try scene.run("daypass logout --all").errorText == "daypass: 1 sign-in and 1 session forgotten\n")
    #expect(scene.identityCenterCalls == ["Logout"])
    #expect(scene.double.identityCenter.accessTokens.isEmpty)
    scene.scratch.write(Scene.identityCenterConfig, to: "home/.aws/config")
    #expect(try scene.run("daypass exec readonly -- true").status == .exited(77))
  }

  @Test func `without terminal and display login says so at once`() throws {
    scene.environment["DAYPASS_BROWSER"] = nil
    let outcome = try scene.run("daypass login readonly")
    #expect(outcome.status == .exited(77))
    #expect(scene.identityCenterCalls == [])
  }

  @Test func `login forgets the sessions of whoever was signed in before, of every role`() throws {
    try scene.signIn()
    try scene.prepare("daypass login --sso-session corp")
    try scene.prepare("daypass exec readonly -- true")
    #expect(scene.identityCenterCalls.last == "GetRoleCredentials")
  }

  @Test func `a role on top needs no sign-in while the session below it is cached`() throws {
    scene.scratch.write(
      try scene.configText + """

        [profile top]
        role_arn = arn:aws:iam::123456789012:role/Audit
        source_profile = readonly
        external_id = audit-2026
        """, to: "home/.aws/config")
    (scene.double.identityCenter.tokenLife, scene.double.identityCenter.isRefreshable) = (30, false)
    try scene.signIn()
    let outcome = try scene.run("daypass credential-process top")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(try scene.run("daypass credential-process --fresh readonly").status == .exited(77))
  }

  // MARK: Many callers

  @Test(arguments: [("", 200), ("none", 20)])
  func `all callers with a token that has ended refresh it once, whatever is cached`(
    cache: String, callers: Int
  ) throws {
    scene.environment["DAYPASS_CACHE"] = cache
    scene.double.identityCenter.tokenLife = 59
    try scene.signIn()
    // Each would have to refresh the first token, and none the second.
    scene.double.identityCenter.tokenLife = 3600
    let crowd = try Crowd(of: callers, "daypass credential-process --fresh readonly", in: scene).run()
    #expect(crowd.statuses == ["0": callers], "\(crowd.complaints)")
    #expect(scene.identityCenterCalls.count { $0 == "CreateToken refresh_token" } == 1)
  }

  private static let callers = Soak.rounds(60, soak: 200)

  @Test func `many callers against a service that fails ask it for one refresh`() throws {
    scene.double.identityCenter.tokenLife = 30
    try scene.signIn()
    scene.double.identityCenter.script = Array(
      repeating: .init("CreateToken", .refuse(status: 500, "internal_server_error")), count: Self.callers)
    let crowd = try Crowd(of: Self.callers, "daypass credential-process --fresh readonly", in: scene).run()
    #expect(crowd.statuses == ["75": Self.callers])
    #expect(scene.identityCenterCalls == Array(repeating: "CreateToken refresh_token", count: 3))
    let told = crowd.complaints.count { $0.contains("could not be refreshed a moment ago; the next try is in ") }
    #expect(told == Self.callers - 1)
  }

  @Test func `many callers with nothing to refresh fail at once, while one signs in at a terminal`() throws {
    scene.environment["DAYPASS_BROWSER"] = nil
    let terminal = try scene.terminal("exec daypass exec readonly -- echo it runs")
    try terminal.expect("daypass: waiting for the approval, 10 min at most\r\n")
    let crowd = try Crowd(of: Self.callers, "daypass credential-process --fresh readonly", in: scene).run()
    #expect(crowd.statuses == ["77": Self.callers])
    #expect(crowd.complaints.allSatisfy { $0.contains("in a terminal: daypass login readonly") })
    let code = try #require(terminal.transcript.firstMatch(of: #/    ([B-Z]{4}-[B-Z]{4})/#)?.1)
    try scene.prepare("curl -sf '\(scene.double.url)/_double/approve?user_code=\(code)'")
    try terminal.expect("it runs")
  }

  @Test(.enabled(if: Trace.isPossible, "strace does not trace here"))
  func `whenever a refresh is killed, nobody has to sign in again`() throws {
    // Every command refreshes such a token.
    scene.double.identityCenter.tokenLife = 59
    try scene.signIn()
    let arguments = "credential-process --fresh readonly"
    let trace = SystemCallTrace(
      command: try builtProgram("daypass") + " " + arguments, environment: scene.environment, input: "",
      log: scene.scratch.path("trace"))
    let all = try trace.boundaries()
    let calls = all[try #require(all.firstIndex { $0.name == "flock" })...].spread(Soak.rounds(12, soak: .max))
    var (killed, lost) = (0, 0)
    for call in calls where try trace.kill(at: call) {
      killed += 1
      let next = try scene.run("daypass " + arguments)
      if next.status != .exited(0) { lost += 1 }
      #expect(next.status == .exited(0), "killed at \(call): \(next.errorText)")
    }
    #expect(killed > calls.count / 2)
    publish(figure: "refreshes of Identity Center killed at \(calls.count) points: signed out", lost)
  }

  @Test func `no token is in a file, an argument, an environment or a line of --debug`() throws {
    try scene.prepareBrowser()
    let browser = try #require(scene.environment["DAYPASS_BROWSER"])
    // Whoever runs while the browser does, daypass among them: what its command line and environment say.
    let watcher = """
      #!/bin/sh
      \(browser) "$@"
      for process in /proc/[0-9]*; do
      grep -qa '\(scene.scratch.path)' $process/environ 2>/dev/null && cat $process/cmdline $process/environ
      done >>\(scene.scratch.path("processes")) 2>/dev/null
      touch \(scene.scratch.path("watched"))
      """
    scene.environment["DAYPASS_BROWSER"] = scene.scratch.write(watcher, to: "bin/watcher", mode: 0o700)
    try scene.prepare(
      "daypass login --sso-session corp && until [ -e \(scene.scratch.path("watched")) ]; do sleep 0.1; done")
    let processes = try scene.scratch.text(of: "processes")
    #expect(processes.contains("DAYPASS_BROWSER=") && processes.contains("code_challenge="))
    for secret in scene.double.identityCenter.secrets { #expect(!processes.contains(secret)) }
    let outcome = try scene.run("daypass exec --fresh --debug readonly -- env")
    let seen = outcome.errorText + outcome.outputText
    let files = Files.contents(below: scene.home).values
    for secret in scene.double.identityCenter.secrets {
      #expect(!seen.contains(secret))
      #expect(files.allSatisfy { $0.range(of: Data(secret.utf8)) == nil })
    }
  }
}
