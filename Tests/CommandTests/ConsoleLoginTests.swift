import AWSDouble
import Foundation
import TestSupport
import Testing

/// Profiles with a `login_session`, against a strict double of the sign-in service.
@Suite(.keyring)
struct ConsoleLoginTests {
  static let alice = "arn:aws:iam::123456789012:user/alice"
  static let config = """
    # mine
    [profile dev]
    region = eu-west-1
    login_session = \(alice)

    [profile readonly]
    role_arn = arn:aws:iam::123456789012:role/ReadOnly
    source_profile = dev
    role_session_name = e2e

    """

  private let scene: Scene

  init() throws {
    scene = try Scene(config: Self.config, on: BorrowedKeyring())
    try scene.prepareBrowser()
  }

  private var calls: [String] { scene.double.consoleSignIn.calls }

  private func forgetCalls() { scene.double.consoleSignIn.calls = [] }

  private func signIn() throws {
    try scene.prepare("daypass login dev")
    forgetCalls()
  }

  /// A command at a later time, to which the double's clock is set as well.
  private func later(_ seconds: Int, _ command: String) throws -> Launch.Outcome {
    scene.double.clock = .offset(TimeInterval(seconds))
    return try scene.run(Scene.later(seconds, command))
  }

  @Test func `login signs in with the browser, says who one is, and later commands need nobody`() throws {
    let outcome = try scene.run("daypass login dev")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(outcome.outputText == "")
    #expect(outcome.errorText.contains("daypass: sign in with the browser; if it does not open, go to\n"))
    let end = try #require(outcome.errorText.split(separator: "\n").last)
    let parts = end.split(separator: "; ")
    #expect(parts[0].wholeMatch(of: #/daypass: signed in as arn:aws:iam::[0-9]+:user/alice, until [0-9: -]+/#) != nil)
    #expect(parts[1].wholeMatch(of: #/renewed without you until [0-9: -]+ at most/#) != nil)
    #expect(calls == ["authorize", "token authorization_code"])
    #expect(try scene.prepare("daypass list-buckets dev").contains("demo-logs"))
    #expect(try scene.prepare("daypass whoami dev") == Self.alice + "\n")
    #expect(calls.count == 2)
    #expect(try scene.configText == Self.config)
  }

  @Test func `a profile that looks mistyped is created only if the user agrees`() throws {
    let terminal = try scene.terminal("exec daypass login dve")
    try terminal.expect("there is no profile 'dve' (did you mean 'dev'?); sign in and create it? [y/N] ")
    try terminal.send("\n")
    try terminal.expect("daypass: nothing was changed\r\n")
    #expect(try calls == [] && scene.configText == Self.config)
  }

  @Test func `login without a profile creates none beside others`() throws {
    let outcome = try scene.run("daypass login")
    #expect(outcome.status == .exited(66))
    #expect(
      outcome.errorText == """
        daypass: there is no profile 'default' (no profile was named)
        daypass: hint: name a profile; daypass list shows them

        """)
    #expect(try calls == [] && scene.configText == Self.config)
  }

  @Test func `exec says that the credentials end soon`() throws {
    try signIn()
    let outcome = try scene.run("daypass exec dev -- echo it runs")
    #expect(outcome.outputText == "it runs\n")
    #expect(
      outcome.errorText.wholeMatch(
        of: #/daypass: these credentials expire at [0-9: -]+; exec --server renews them\n/#) != nil)
  }

  @Test func `credential-process signs in nobody, and names the account of who did`() throws {
    let early = try scene.run("daypass credential-process dev")
    #expect(early.status == .exited(77))
    #expect(
      early.errorText
        == "daypass: nobody is signed in as \(Self.alice)\ndaypass: hint: in a terminal: daypass login dev\n")
    #expect(calls == [])
    try signIn()
    #expect(try scene.prepare("daypass credential-process dev").contains("123456789012"))
    #expect(calls == [])
  }

  @Test func `without a terminal and a browser nobody can sign in`() throws {
    scene.environment["DAYPASS_BROWSER"] = nil
    let outcome = try scene.run("daypass login dev")
    #expect(outcome.status == .exited(77))
    #expect(calls == [])
  }

  @Test func `a role is assumed with what the sign-in gave`() throws {
    try signIn()
    #expect(try scene.prepare("daypass whoami readonly").contains("assumed-role/ReadOnly/e2e"))
  }

  // MARK: Refresh

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `credentials are renewed by nobody's hand before they are too short`() throws {
    try signIn()
    #expect(try later(400, "daypass credential-process dev").status == .exited(0))
    #expect(calls == [])
    #expect(try later(500, "daypass credential-process dev").status == .exited(0))
    #expect(calls == ["token refresh_token"])
    #expect(try later(5_000, "daypass exec dev -- true").status == .exited(0))
    #expect(calls == ["token refresh_token", "token refresh_token"])
  }

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `a refresh whose answer is lost is made again with the same token`() throws {
    try signIn()
    scene.double.consoleSignIn.script = [.lose]
    #expect(try later(1_000, "daypass credential-process dev").status == .exited(0))
    #expect(calls == ["token refresh_token", "token refresh_token"])
    #expect(try later(2_000, "daypass credential-process dev").status == .exited(0))
  }

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `a refresh goes where the sign-in was, whatever region is asked for`() throws {
    try signIn()
    let elsewhere = "AWS_ENDPOINT_URL_SIGNIN=http://127.0.0.1:1 daypass exec --region us-west-2 dev -- true"
    #expect(try later(1_000, "env \(elsewhere)").status == .exited(0))
    #expect(calls == ["token refresh_token"])
  }

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `while the service is in trouble, what is left is used, then the trouble is reported`() throws {
    try signIn()
    let trouble = ConsoleSignIn.Answer.refuse(status: 400, type: "ValidationException", error: "INVALID_REQUEST")
    scene.double.consoleSignIn.script = [trouble, trouble]
    let early = try later(560, "daypass exec dev -- true")
    #expect(early.status == .exited(0), "\(early.errorText)")
    let late = try later(1_000, "daypass exec dev -- true")
    #expect(late.status == .exited(77))
    #expect(late.errorText.contains("daypass: AWS does not accept the sign-in (ValidationException"))
    #expect(late.errorText.contains("another --region"))
  }

  @Test(
    .enabled(if: Installed.has("faketime"), "faketime is not installed"),
    arguments: ["TOKEN_EXPIRED", "USER_CREDENTIALS_CHANGED"])
  func `when the sign-in is over, the command to type is named, and AWS is not asked again`(error: String) throws {
    try signIn()
    scene.double.consoleSignIn.script = [.refuse(status: 401, type: "AccessDeniedException", error: error)]
    for _ in 0..<2 {
      let outcome = try later(1_000, "daypass credential-process dev")
      #expect(outcome.status == .exited(77))
      #expect(outcome.errorText.contains("daypass login dev"))
    }
    #expect(calls == ["token refresh_token"])
  }

  @Test func `50 processes with credentials that are about to end make one refresh`() throws {
    scene.double.consoleSignIn.life = 10
    try signIn()
    scene.double.consoleSignIn.life = 900
    let outcome = try scene.run(
      "for i in $(seq 50); do daypass exec dev -- sh -c 'echo $AWS_ACCESS_KEY_ID' & done; wait")
    let keys = outcome.outputText.split(separator: "\n")
    #expect(keys.count == 50, "\(outcome.errorText)")
    #expect(Set(keys).count == 1)
    #expect(calls == ["token refresh_token"])
  }

  // MARK: Identity

  @Test func `somebody else in the browser is refused, and nothing of them kept`() throws {
    scene.double.consoleSignIn.user = "bob"
    let outcome = try scene.run("daypass login dev")
    #expect(outcome.status == .exited(77))
    #expect(
      outcome.errorText.contains(
        "daypass: the browser is signed in as arn:aws:iam::123456789012:user/team/bob, but the profile belongs to \(Self.alice)\n"
      ))
    #expect(outcome.errorText.contains("daypass login dev --switch"))
    #expect(try scene.configText == Self.config)
    #expect(try scene.run("daypass credential-process dev").status == .exited(77))
  }

  @Test func `--switch takes who signs in, and changes the one line`() throws {
    scene.double.consoleSignIn.user = "bob"
    let outcome = try scene.run("daypass login dev --switch")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(try scene.configText == Self.config.replacing("user/alice", with: "user/team/bob"))
    #expect(try scene.prepare("daypass whoami dev") == "arn:aws:iam::123456789012:user/team/bob\n")
  }

  @Test func `a profile without a source is signed in for the first time`() throws {
    let outcome = try scene.run("daypass login new --region eu-west-1")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(
      try scene.configText == Self.config
        + "\n[profile new]\nlogin_session = \(Self.alice)\nregion = eu-west-1\n")
    #expect(try scene.prepare("daypass whoami new") == Self.alice + "\n")
  }

  @Test func `--account asserts whose sign-in a first one is`() throws {
    let outcome = try scene.run("daypass login new --account 210987654321")
    #expect(outcome.status == .exited(77))
    #expect(outcome.errorText.contains("which is not in account 210987654321"))
    #expect(try scene.configText == Self.config)
    #expect(try scene.run("daypass login new --account 123456789012").status == .exited(0))
  }

  @Test func `who says no in the browser is told so`() throws {
    scene.double.consoleSignIn.person = .denies
    let outcome = try scene.run("daypass login dev")
    #expect(outcome.status == .exited(77))
    #expect(outcome.errorText.contains("daypass: the sign-in was refused: access_denied (User denied)"))
  }

  // MARK: Another device

  @Test(arguments: ["daypass login --remote dev", "env -u DAYPASS_BROWSER daypass login dev"])
  func `on another device the page shows a text, which is pasted here`(command: String) throws {
    let terminal = try scene.terminal("exec \(command)")
    try terminal.expect("text shown on the last page: ")
    let page = try #require(terminal.transcript.firstMatch(of: #/  (http:\S+)/#)?.1)
    #expect(page.contains("cross-device") && page.contains("sessions%2Fconfirmation"))
    let text = try scene.prepare("curl -sf '\(page)'")
    try terminal.send(text)
    try terminal.expect("signed in as \(Self.alice), until ")
    #expect(!terminal.transcript.contains(text.prefix(40)))
  }

  @Test func `the text of another sign-in, and what is no text, is refused`() throws {
    let other = Data("state=4f2b1c6e-8a0e-4c3e-9b59-0f5a4a1f7f11&code=abc.def".utf8).base64EncodedString()
    for (typed, problem) in [
      (other, "that text belongs to another sign-in"), ("hello", "that is not the text with which a sign-in ends"),
      (String(repeating: "A", count: 8_193), "the input is longer than 8192 bytes"),
    ] {
      let terminal = try scene.terminal("exec daypass login --remote dev")
      try terminal.expect("text shown on the last page: ")
      try terminal.send(typed + "\n")
      try terminal.expect(problem)
    }
    #expect(calls == [])
  }

  // MARK: The AWS CLI's cache

  /// What the AWS CLI keeps, good for ten minutes.
  private func writeSharedCache(in folder: String = "home/.aws/login/cache") throws {
    let end = Date(timeIntervalSinceNow: 600).formatted(.iso8601)
    scene.scratch.makeFolder("home/.aws/login")
    scene.scratch.makeFolder(folder)
    scene.scratch.write(
      """
      {"accessToken":{"accessKeyId":"ASIAOFTHECLIEXAMPLE0","secretAccessKey":"made/up","sessionToken":"made-up",\
      "accountId":"123456789012","expiresAt":"\(end)"},"tokenType":"aws_sigv4","refreshToken":"the-clis-own",\
      "clientId":"arn:aws:signin:::devtools/same-device","dpopKey":"-----BEGIN EC PRIVATE KEY-----"}
      """, to: folder + "/b7d71d383b9557a9bad4c3346c50365819226484c6824a0fdef66637be339db0.json")
  }

  @Test func `credentials of the AWS CLI are used as long as they are good, and never refreshed`() throws {
    try writeSharedCache()
    let before = Files.contents(below: scene.home + "/.aws")
    #expect(try scene.prepare("daypass credential-process dev").contains("ASIAOFTHECLIEXAMPLE0"))
    #expect(calls == [])
    #expect(Files.contents(below: scene.home + "/.aws") == before)
    scene.scratch.write(
      Self.config.replacing("[profile dev]", with: "[profile dev]\nshare_login_cache = off"), to: "home/.aws/config")
    #expect(try scene.run("daypass credential-process --fresh dev").status == .exited(77))
  }

  // MARK: Sign out

  @Test func `logout forgets the sign-in and its sessions`() throws {
    try signIn()
    let outcome = try scene.run("daypass logout dev")
    #expect(outcome.errorText == "daypass: signed out of the sign-in of \(Self.alice); 1 session forgotten\n")
    #expect(try scene.run("daypass credential-process dev").status == .exited(77))
    try signIn()
    // Renamed or removed in the config, it is a sign-in all the same.
    scene.scratch.write("", to: "home/.aws/config")
    #expect(try scene.run("daypass logout --all").errorText == "daypass: 1 sign-in and 1 session forgotten\n")
    scene.scratch.write(Self.config, to: "home/.aws/config")
    #expect(try scene.run("daypass credential-process dev").status == .exited(77))
  }

  // MARK: Other sources

  @Test(arguments: [
    "credential_process = helper", "aws_access_key_id = AKIAIOSFODNN7EXAMPLE", "sso_role_name = Admin",
    "sso_account_id = 123456789012", "sso_session = corp",
    "web_identity_token_file = /run/token\nrole_arn = arn:aws:iam::123456789012:role/ReadOnly",
  ])
  func `login refuses a profile that names another source beside the sign-in`(settings: String) throws {
    scene.scratch.write(
      Self.config.replacing("[profile dev]", with: "[profile dev]\n\(settings)"), to: "home/.aws/config")
    let outcome = try scene.run("daypass login dev")
    #expect(outcome.status == .exited(65))
    let setting = settings.prefix { $0 != " " }
    #expect(outcome.errorText.contains("~/.aws/config:3") || outcome.errorText.contains("line 3"))
    #expect(outcome.errorText.contains("\(setting)"))
    #expect(outcome.errorText.contains("cannot be combined with login_session in the same profile"))
    #expect(calls == [])
  }

  // MARK: Secrets

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `no token is in a file, an argument, an environment or a line of --debug`() throws {
    let first = try scene.run("daypass login --debug dev")
    let outcome = try later(1_000, "daypass exec --debug dev -- env")
    let seen = first.errorText + outcome.errorText + outcome.outputText
    let files = Files.contents(below: scene.home).values
    #expect(!scene.double.consoleSignIn.secrets.isEmpty)
    for secret in scene.double.consoleSignIn.secrets {
      #expect(!seen.contains(secret))
      #expect(files.allSatisfy { $0.range(of: Data(secret.utf8)) == nil })
    }
    #expect(!seen.contains("PRIVATE KEY") && !seen.contains("dpop+jwt"))
  }
}

// MARK: - Killed refreshes

/// A refresh is killed with SIGKILL at its system calls. The service takes a refresh token once, and allows for a lost
/// answer.
@Suite(
  .keyring,
  .enabled(if: Installed.has("strace"), "strace is not installed"))
struct KilledRefreshTests {
  @Test func `a refresh killed at any system call signs nobody out`() throws {
    let scene = try Scene(config: ConsoleLoginTests.config, on: BorrowedKeyring())
    try scene.prepareBrowser()
    try scene.prepare("daypass login dev")
    let refresh = "daypass credential-process --fresh dev"
    let trace = SystemCallTrace(
      command: try builtProgram("daypass") + " credential-process --fresh dev", environment: scene.environment,
      input: "", log: scene.scratch.path("trace"))
    var points = 0
    for boundary in try trace.boundaries().spread(Soak.rounds(20, soak: .max)) where try trace.kill(at: boundary) {
      points += 1
      let outcome = try scene.run(refresh)
      #expect(outcome.status == .exited(0), "after \(boundary): \(outcome.errorText)")
    }
    #expect(points > 10)
    publish(figure: "login refresh killed at system calls: points, sign-outs", "\(points), 0")
  }
}

// MARK: - Login of a key

@Suite(.keyring)
struct KeyLoginTests {
  @Test func `login of a key gets a session with the MFA code, and says whose it is`() throws {
    let scene = try Scene.withAlice()
    let terminal = try scene.terminal("exec daypass login alice")
    try terminal.expect("MFA code for \(Scene.device): ")
    try terminal.send(scene.useCode() + "\n")
    try terminal.expect("daypass: signed in as \(ConsoleLoginTests.alice), until ")
    #expect(try terminal.waitForExit() == .exited(0))
    try scene.prepare("daypass exec alice -- true")
    #expect(scene.actions == ["GetSessionToken", "GetCallerIdentity"])
    let outcome = try scene.run("daypass logout alice")
    #expect(outcome.errorText == "daypass: the key of profile 'alice' needs no sign-in; 1 session forgotten\n")
  }

  @Test func `logout asks about a profile that was not named`() throws {
    let scene = try Scene.withAlice()
    let outcome = try scene.run("daypass logout", environment: ["AWS_PROFILE": "alice"])
    #expect(outcome.status == .exited(64))
    #expect(outcome.errorText.hasSuffix("daypass: hint: repeat the command with alice\n"))
  }
}
