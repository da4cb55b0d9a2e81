import AWSDouble
import Foundation
import Glibc
import TestSupport
import Testing

/// `exec --server` and `serve`, the whole programs.
@Suite(.keyring, .enabled(if: Installed.has("curl"), "curl is not installed"))
struct CredentialServerTests {
  private static let config =
    Scene.config + "\n[profile bob]\nregion = eu-west-1\n\n[profile other]\nregion = us-east-1\n"
  /// Asks the server as an SDK does.
  private static let ask =
    #"curl -s -m 60 -H "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" "$AWS_CONTAINER_CREDENTIALS_FULL_URI""#

  private let scene: Scene

  init() throws {
    scene = try Scene(config: Self.config)
    for (user, profile) in [("alice", "alice"), ("bob", "bob"), ("bob", "other")] {
      try scene.storeKey(of: user, as: profile)
    }
    // How long sessions last is a matter of AWS's clock, which some tests set.
    scene.double.account.allowedSkew = 86_400
  }

  /// Has sessions last for so many seconds by our clock.
  private func shortenSessions(to seconds: Double) { scene.double.clock = .offset(seconds - 43_200) }

  @Test func `the command is served what exec would give it, and has none of it in its environment`() throws {
    let served = try scene.prepare("daypass exec --server bob -- sh -c '\(Self.ask)'")
    let given = try scene.prepare(
      "daypass exec bob -- printenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN")
    for value in given.split(separator: "\n") { #expect(served.contains("\"\(value)\"")) }
    let environment = try scene.prepare("daypass exec --server bob -- env")
    for value in given.split(separator: "\n") { #expect(!environment.contains(value)) }
    #expect(scene.actions == ["GetSessionToken"])
  }

  @Test func `nothing of the credentials is in an argument, and no descriptor but the user's own is handed on`() throws
  {
    // Into neither a pipe nor a file, which the shell itself would have open.
    let script = #"tr '\0' ' ' </proc/$PPID/cmdline; echo; ls /proc/$$/fd; echo"#
    let lines = try scene.prepare(
      "exec 7</dev/null; daypass exec --server bob -- sh -c '\(script.replacing("'", with: #"'\''"#))'"
    )
    .split(separator: "\n")
    #expect(lines[0].wholeMatch(of: /daypass-server [0-9]+ sh -c .*/) != nil)
    #expect(!lines[0].contains("ASIA"))
    #expect(lines.dropFirst() == ["0", "1", "2", "7"])
  }

  @Test func `the server leaves no core file, and the command has the limit and the umask that it was given`() throws {
    let limit = #"sed -n "s/^Max core file size *\([^ ]*\) .*/\1/p" /proc/"#
    // The command may run before the server has its own limit back.
    let isStrict = "\(limit)$PPID/limits | grep -qx 0"
    let script =
      "for i in $(seq 600); do \(isStrict) && break; sleep 0.05; done; "
      + "\(limit)$PPID/limits; \(limit)self/limits; umask"
    let outcome = try scene.run(
      "ulimit -S -c $(ulimit -H -c); umask 027; \(limit)self/limits; daypass exec --server bob -- sh -c '\(script)'")
    let lines = outcome.outputText.split(separator: "\n")
    #expect(lines.count == 4 && lines[1] == "0" && lines[2] == lines[0] && lines[3] == "0027", "\(outcome)")
  }

  @Test(arguments: [0, 1, 42, 128, 255])
  func `the exit status is the command's`(status: Int32) throws {
    #expect(try scene.run("exec daypass exec --server bob -- sh -c 'exit \(status)'").status == .exited(status))
  }

  @Test func `a program that cannot be started is reported as by a shell`() throws {
    scene.scratch.write("#!/no/such/program\n", to: "home/script", mode: 0o700)
    let outcome = try scene.run("exec daypass exec --server bob -- ./script")
    #expect(outcome.status == .exited(127))
    #expect(outcome.errorText == "daypass: cannot run ./script: the program that its first line names is missing\n")
  }

  @Test func `when the command has ended, nobody listens`() throws {
    let uri = try scene.prepare("daypass exec --server bob -- printenv AWS_CONTAINER_CREDENTIALS_FULL_URI")
    #expect(try scene.run("exec curl -s \(uri)").status == .exited(7))
  }

  @Test func `if daypass is killed, the command goes on and nobody listens`() throws {
    let script =
      "kill -KILL $PPID; until curl -s -o /dev/null $AWS_CONTAINER_CREDENTIALS_FULL_URI; [ $? = 7 ]; do :; done; echo on"
    #expect(try scene.run("daypass exec --server bob -- sh -c '\(script)'").outputText == "on\n")
  }

  @Test func `a code is asked for before the command starts`() throws {
    let terminal = try scene.terminal("exec daypass exec --server alice -- sh -c 'echo started; \(Self.ask)'")
    #expect(try !terminal.expect("MFA code for \(Scene.device): ").contains("started"))
    try terminal.send("\(scene.useCode())\n")
    try terminal.expect("started")
    try terminal.expect("\"Code\": \"Success\"")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test func `a code that is needed later is not asked for, and the client is told what to type`() throws {
    shortenSessions(to: 30)
    let script = "until \(Self.ask) | tee answer | grep SignInRequired; do :; done; read line; echo got $line"
    scene.scratch.write(script, to: "home/script")
    let terminal = try scene.terminal("exec daypass exec --server alice --mfa-code {code} -- sh script")
    try terminal.expect("SignInRequired")
    // What is typed is the command's.
    try terminal.send("hello\n")
    try terminal.expect("got hello")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!terminal.transcript.contains("MFA code for \(Scene.device): "))
    #expect(terminal.transcript.contains("daypass: the credentials of 'alice'"))
    #expect(try scene.scratch.text(of: "home/answer").contains("daypass login alice"))
  }

  @Test func `credentials are renewed while the command runs, by one call for all who ask`() throws {
    shortenSessions(to: 300)
    let script =
      "id() { \(Self.ask) | grep -o 'ASIA[A-Z0-9]*'; }; first=$(id); touch asked; "
      + "until [ \"$(id)\" != \"$first\" ]; do :; done; for i in 1 2 3 4 5 6 7 8; do id & done; wait; echo renewed"
    scene.scratch.write(script, to: "home/script")
    try scene.prepare("daypass exec bob -- true")
    scene.double.clock = .offset(0)
    #expect(try scene.prepare("daypass exec --server bob -- sh script").hasSuffix("renewed\n"))
    #expect(scene.actions == ["GetSessionToken", "GetSessionToken"])
  }

  @Test func `while the keyring is locked, clients are told what to type, and are served again once it is open`() throws
  {
    shortenSessions(to: 30)
    let script = """
      touch started
      until \(Self.ask) | tee answer | grep -q SignInRequired; do :; done; touch told
      until \(Self.ask) | grep -q Success; do :; done; echo served
      """
    scene.scratch.write(script, to: "home/script")
    let running = try scene.launch("exec daypass exec --server bob -- sh script").start()
    #expect(eventually { scene.exists("started") })
    try scene.keyring.lock()
    #expect(eventually { scene.exists("told") })
    #expect(try scene.scratch.text(of: "home/answer").contains("in a terminal: daypass unlock"))
    scene.double.clock = .offset(0)
    scene.keyring.kill()
    try scene.keyring.startUnlocked()
    #expect(try running.wait(within: 60).outputText == "served\n")
  }

  @Test(.enabled(if: geteuid() == 0 && Installed.has("python3"), "only root may read another process's memory"))
  func `after an answer the credentials are in locked memory alone, and after a renewal nowhere`() throws {
    let search = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "memory.py").path
    shortenSessions(to: 300)
    let script = """
      texts() { tr ' ' '\\n' | tr -d '",}' | sed -n '/^SecretAccessKey:\\|^Token:/{n;p}' | grep -o '.\\{40\\}$'; }
      until [ -s first ]; do \(Self.ask) | texts >first; done
      until \(Self.ask) | texts >next; [ -s next ] && ! cmp -s first next; do :; done
      \(Self.ask) | texts >next
      until [ "$(python3 '\(search)' $PPID <next | tr '\\n' ' ')" = '1 locked, 0 elsewhere 1 locked, 0 elsewhere ' ]; do :; done
      wc -l <first; python3 '\(search)' $PPID <first
      """
    scene.scratch.write(script, to: "home/script")
    try scene.prepare("daypass exec bob -- true")
    scene.double.clock = .offset(0)
    let outcome = try scene.run("daypass exec --server bob -- sh script")
    #expect(outcome.outputText == "2\n0 locked, 0 elsewhere\n0 locked, 0 elsewhere\n")
  }

  @Test func `serve says why it cannot print where it serves`() throws {
    let outcome = try scene.run("daypass serve bob >/dev/full")
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText == "daypass: cannot serve credentials: No space left on device\n")
  }

  @Test func `serve prints what leads to each profile, ends by a signal, and then nobody listens`() throws {
    let script = """
      daypass serve --format json bob other >served & server=$!
      until [ "$(wc -l <served)" = 2 ]; do :; done
      value() { sed -n "$1p" served | grep -o "\\"$2\\": \\"[^\\"]*" | cut -d '"' -f 4; }
      for who in 1 2; do
        for token in 1 2; do
          curl -s -o /dev/null -w '%{http_code} ' -H "Authorization: $(value $token AWS_CONTAINER_AUTHORIZATION_TOKEN)" \
            "$(value $who AWS_CONTAINER_CREDENTIALS_FULL_URI)"
        done
      done
      echo "$(value 1 AWS_REGION) $(value 2 AWS_REGION) $(value 2 DAYPASS_PROFILE)"
      kill $server; wait $server; echo "status $?"
      curl -s "$(value 1 AWS_CONTAINER_CREDENTIALS_FULL_URI)"; echo "curl $?"
      """
    scene.scratch.write(script, to: "home/script")
    #expect(try scene.run("sh script").outputText == "200 401 401 200 eu-west-1 us-east-1 other\nstatus 0\ncurl 7\n")
  }

  @Test func `what serve prints can be evaluated, in place of credentials that are there`() throws {
    let script =
      "daypass serve bob >served & until [ -s served ]; do :; done; . ./served; \(Self.ask); "
      + "kill $!; wait; env | grep -c -E '^AWS_(ACCESS_KEY_ID|PROFILE)='"
    let outcome = try scene.run(script, environment: ["AWS_ACCESS_KEY_ID": "AKIASTALE", "AWS_PROFILE": "gone"])
    #expect(outcome.outputText.contains("\"Code\": \"Success\""))
    #expect(outcome.outputText.hasSuffix("\n0\n"))
  }

  @Test func `serve that nobody uses ends`() throws {
    #expect(try scene.run("exec daypass serve --idle 1s bob").status == .exited(0))
  }

  @Test func `requests are logged with --debug, without the token`() throws {
    let outcome = try scene.run(
      "daypass exec --server --debug bob -- sh -c '\(Self.ask); echo $AWS_CONTAINER_AUTHORIZATION_TOKEN'")
    #expect(outcome.errorText.contains("daypass: debug: server: 200 /p/bob\n"))
    let token = try #require(outcome.outputText.split(separator: "\n").last)
    #expect(!outcome.errorText.contains(token) && !outcome.errorText.contains("ASIA"))
  }
}

extension Scene {
  fileprivate func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: home + "/" + name) }
}
