import AWSDouble
import Foundation
import TestSupport
import Testing

/// One MFA code a day: what sessions are shared by, and what makes them anew.
@Suite(.keyring)
struct SharedSessionTests {
  private let scene: Scene

  init() throws {
    scene = try Scene.withAlice()
  }

  @Test func `profiles on one key and device need one code`() throws {
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    #expect(scene.actions == ["GetSessionToken", "AssumeRole"])
    try scene.prepare("daypass exec alice -- true")
    try scene.prepare("daypass exec readonly -- true")
    #expect(scene.actions == ["GetSessionToken", "AssumeRole"])
  }

  @Test func `an edited role gets a session of its own`() throws {
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    scene.scratch.write(
      try scene.configText.replacing("role/ReadOnly", with: "role/Deploy"), to: "home/.aws/config")
    let identity = try scene.prepare("daypass whoami readonly")
    #expect(identity == "arn:aws:sts::123456789012:assumed-role/Deploy/e2e\n")
    #expect(scene.actions == ["GetSessionToken", "AssumeRole", "AssumeRole", "GetCallerIdentity"])
  }

  @Test(arguments: ["daypass clear --all", "daypass clear alice && daypass clear readonly"])
  func `after clear the next command needs a code`(clear: String) throws {
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    try scene.prepare(clear)
    #expect(try scene.run("daypass exec readonly -- true").status == .exited(77))
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    #expect(scene.actions == ["GetSessionToken", "AssumeRole", "GetSessionToken", "AssumeRole"])
  }

  @Test func `clear of a role's profile forgets its session, and not the MFA session that others share`() throws {
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    let stays = "; the session of 'alice', which other profiles share, stays\n"
    #expect(
      try scene.run("daypass clear readonly").errorText
        == "daypass: the session of profile 'readonly' is forgotten\(stays)")
    #expect(
      try scene.run("daypass clear readonly").errorText
        == "daypass: no session of profile 'readonly' was cached\n")
    try scene.prepare("daypass exec readonly -- true")
    #expect(scene.actions == ["GetSessionToken", "AssumeRole", "AssumeRole"])
  }

  @Test(arguments: ["--fresh", "--min-left 61m"])
  func `a new session is made on demand, without a code if the MFA session is there`(option: String) throws {
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    for command in [
      "exec \(option) readonly -- true", "export \(option) readonly", "credential-process \(option) readonly",
    ] {
      try scene.prepare("daypass \(command)")
    }
    #expect(scene.actions.count { $0 == "AssumeRole" } == 4 && scene.actions.count { $0 == "GetSessionToken" } == 1)
  }

  @Test func `a new key forgets the sessions of the old one`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    try scene.storeKey(of: "alice")
    #expect(try scene.run("daypass exec alice -- true").status == .exited(77))
  }

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `a session that has expired is removed and made anew`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    #expect(sessionItems.count == 1)
    #expect(try scene.prepare(Scene.later(13 * 3_600, "daypass list")).contains("left") == false)
    #expect(sessionItems == [])
    scene.double.clock = .offset(13 * 3600)
    try scene.prepare(Scene.later(13 * 3_600, "daypass exec alice --mfa-code {code} -- true"))
    #expect(scene.actions == ["GetSessionToken", "GetSessionToken"])
    #expect(sessionItems.count == 1)
  }

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `a session with too little left is made anew`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    scene.double.clock = .offset(12 * 3600 - 600)
    try scene.prepare(Scene.later(42_600, "daypass exec alice -- true"))
    let early = try scene.run(Scene.later(42_600, "daypass credential-process alice"))
    #expect(early.status == .exited(0), "what is left, as there is nobody to ask: \(early.errorText)")
    #expect(early.errorText.hasPrefix("daypass: warning: the session ends soon, and there is no new one: an MFA code"))
    #expect(try scene.run(Scene.later(43_150, "daypass credential-process alice")).status == .exited(77))
    #expect(try scene.run(Scene.later(42_950, "daypass exec alice -- true")).status == .exited(77))
    #expect(scene.actions == ["GetSessionToken"])
  }

  /// What keeps sessions, in the kernel and in the keyring.
  private var sessionItems: [String] {
    KernelKeys.descriptions(with: scene.scratch.path) + scene.keyring.paths(with: ["daypass-kind": "session"])
  }
}

// MARK: - Forgotten in flight

/// Sessions are forgotten while a command is getting one.
@Suite(.keyring)
struct ForgottenInFlightTests {
  private static let prompt = "MFA code for \(Scene.device): "
  private let scene: Scene

  init() throws { scene = try Scene.withAlice() }

  /// Runs `command` while `exec alice` waits for its MFA code, and then has that come to its end.
  private func run(_ command: String, whileExecAsksFor profile: String = "alice") throws -> String {
    let terminal = try scene.terminal("exec daypass exec \(profile) -- echo it runs")
    try terminal.expect(Self.prompt)
    let outcome = try scene.run(command)
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    try terminal.send(try scene.code() + "\n")
    try terminal.expect("it runs")
    return outcome.errorText
  }

  @Test(arguments: ["alice", "readonly"])
  func `a session that was asked for before clear is not there afterwards`(profile: String) throws {
    _ = try run("daypass clear --all", whileExecAsksFor: profile)
    #expect(try scene.run("daypass exec \(profile) -- true").status == .exited(77))
    #expect(try !scene.prepare("daypass list").contains("left"))
  }

  @Test func `a session that was asked for before the key was removed is not there afterwards`() throws {
    _ = try run("daypass remove alice --force")
    #expect(try scene.run("daypass exec alice -- true").status == .exited(66))
    #expect(try !scene.prepare("daypass list").contains("left"))
  }

  @Test func `a profile that is given another user's key is not served the session of the old one`() throws {
    let bob = try #require(Account.demo[user: "bob"]?.keys.first)
    let terminal = try scene.terminal("exec daypass exec alice -- echo it runs")
    try terminal.expect(Self.prompt)
    let add = try scene.run("daypass add alice --stdin --force --no-verify", input: "\(bob.id)\n\(bob.secret)\n")
    #expect(add.status == .exited(0), "\(add.errorText)")
    try terminal.send(try scene.code() + "\n")
    try terminal.expect("it runs")
    #expect(try scene.prepare("daypass whoami alice --no-session").contains("user/team/bob"))
    #expect(try scene.run("daypass whoami alice").status == .exited(77))
  }

  @Test func `no session of the old key is left by a command that asked for it while the key was rotated`() throws {
    let rotation = try RotationScene()
    rotation.scene.double.fail(.getSessionToken, with: .delay)
    let exec = try rotation.scene.launch("exec daypass exec bob -- true").start()
    #expect(rotation.scene.double.wait(for: 1, of: .getSessionToken))
    try rotation.scene.prepare("daypass rotate bob --yes")
    rotation.scene.double.release()
    #expect(try exec.wait(within: 30).status == .exited(0))
    rotation.scene.double.forgetCalls()
    try rotation.scene.prepare("daypass exec bob -- true")
    #expect(rotation.scene.actions == ["GetSessionToken"])
  }
}

// MARK: - One refresh tests

/// One prompt and one call to AWS, however many processes ask at once.
@Suite(
  .serialized, .keyring)
struct OneRefreshTests {
  private static let prompt = "MFA code for \(Scene.device): "
  private let scene: Scene

  init() throws { scene = try Scene.withAlice() }

  @Test(arguments: [10, 200] + (Soak.isOn ? [1_000] : []))
  func `callers at once with nothing cached make one prompt, one call a step, and get equal answers`(count: Int) throws
  {
    let crowd = Crowd(of: count, "daypass credential-process readonly", in: scene)
    let terminal = try scene.terminal(crowd.command + "; echo all done", within: 300)
    try terminal.expect(Self.prompt)
    try terminal.send(try scene.code() + "\n")
    try terminal.expect("all done")
    #expect(!terminal.transcript.dropFirst(Self.prompt.count).contains(Self.prompt))
    #expect(scene.actions == ["GetSessionToken", "AssumeRole"])
    #expect(crowd.statuses == ["0": count], "\(Set(crowd.complaints))")
    let answers = Set(crowd.outputs)
    #expect(answers.count == 1 && answers.first?.contains("SecretAccessKey") == true)
    publish(figure: "prompts and AWS calls for \(count) callers at once, cold", "1 and \(scene.actions.count)")
  }

  @Test func `200 callers with a session cached make no call`() throws {
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    let crowd = try Crowd(of: 200, "daypass credential-process readonly", in: scene).run()
    #expect(crowd.statuses == ["0": 200], "\(Set(crowd.complaints))")
    #expect(Set(crowd.outputs).count == 1)
    #expect(scene.actions.count == 2)
  }

  @Test func `those who wait say for whom, on a terminal`() throws {
    scene.double.fail(.getSessionToken, with: .delay)
    let first = try scene.terminal("exec daypass exec alice --mfa-code {code} -- true")
    #expect(scene.double.wait(for: 1, of: .getSessionToken))
    let second = try scene.terminal("exec daypass exec alice -- echo it runs")
    try second.expect("daypass: waiting for process \(first.pid), which is getting this session on pts/")
    try second.expect("; answer it there if it asks\r\n")
    scene.double.release()
    try second.expect("it runs")
    #expect(scene.actions == ["GetSessionToken"])
  }

  @Test func `when the one who asks is killed, another takes over`() throws {
    let first = try scene.terminal("exec daypass exec alice -- true")
    try first.expect(Self.prompt)
    let second = try scene.terminal("exec daypass exec alice -- echo second")
    try second.expect("waiting for process \(first.pid)")
    let third = try scene.terminal("exec daypass exec alice -- echo third")
    try third.expect("waiting for process \(first.pid)")
    kill(first.pid, SIGKILL)
    let isAsked = eventually { second.hasShown(Self.prompt) || third.hasShown(Self.prompt) }
    #expect(isAsked)
    #expect(second.hasShown(Self.prompt) != third.hasShown(Self.prompt), "one at a time")
    try (second.hasShown(Self.prompt) ? second : third).send(try scene.code() + "\n")
    for (terminal, word) in [(second, "second"), (third, "third")] { try terminal.expect(word) }
    #expect(scene.actions == ["GetSessionToken"])
  }

  @Test func `one that stands still is given up with 75, and named`() throws {
    scene.environment["DAYPASS_LOCK_TIMEOUT"] = "1"
    let first = try scene.terminal("exec daypass exec alice -- true")
    try first.expect(Self.prompt)
    kill(first.pid, SIGSTOP)
    let outcome = try scene.run("daypass credential-process alice")
    #expect(outcome.status == .exited(75))
    let text = """
      daypass: waited 1 s for process \(first.pid), which is getting the same credentials
      daypass: hint: answer the question it asks, or end it: kill \(first.pid)

      """
    #expect(outcome.errorText == text)
  }

  @Test func `what AWS refused to one is not asked for by those who waited`() throws {
    let first = try scene.terminal("exec daypass exec alice -- true")
    try first.expect(Self.prompt)
    // They would each send a code of their own.
    let command = "daypass exec alice --debug --mfa-code 000000 -- true"
    let crowd = Crowd(of: 10, command, withoutTerminal: true, in: scene)
    let others = try scene.terminal(crowd.command + "; echo all done", within: 300)
    #expect(eventually(within: 60) { crowd.complaints.allSatisfy { $0.contains("debug: waiting for ") } })
    try first.send("000001\n")
    for code in ["000002", "000003"] {
      try first.expect(Self.prompt)
      try first.send(code + "\n")
    }
    try others.expect("all done")
    #expect(crowd.statuses == ["77": 10], "\(Set(crowd.complaints))")
    let told = "daypass: process \(first.pid), which daypass waited for, got no session\n"
    #expect(crowd.complaints.allSatisfy { $0.contains(told) })
    #expect(scene.actions.count == 3)
  }

  @Test func `with AWS throttling the callers still get one session`() throws {
    try scene.storeKey(of: "bob")
    scene.scratch.write("[profile bob]\nregion = eu-west-1\n", to: "home/.aws/config")
    scene.double.fail(.getSessionToken, with: .throttle, times: 2)
    let crowd = try Crowd(of: 10, "daypass credential-process bob", in: scene).run()
    #expect(crowd.statuses == ["0": 10], "\(Set(crowd.complaints))")
    #expect(Set(crowd.outputs).count == 1)
    #expect(scene.double.calls.map(\.fault) == ["throttle", "throttle", nil])
  }

  @Test(arguments: ["ln -s {home}/elsewhere", "mkfifo", "mkdir"])
  func `what stands in a lock's place is neither followed nor waited for`(plant: String) throws {
    // No other place to go to.
    scene.environment["XDG_CACHE_HOME"] = "/dev/null"
    try scene.prepare("daypass exec alice --mfa-code {code} -- true && daypass clear --all")
    try scene.prepare("cd $XDG_RUNTIME_DIR/daypass && for f in *.lock; do rm $f; \(plant) $f; done")
    let outcome = try scene.run("daypass exec alice --mfa-code {code} -- true")
    #expect(outcome.status == .exited(0))
    let warning = "daypass: warning: several daypass processes may ask at once: "
    #expect(outcome.errorText.hasPrefix(warning), "\(outcome.errorText)")
    #expect(outcome.errorText.split(separator: "\n").count == 1)
    #expect(!FileManager.default.fileExists(atPath: scene.home + "/elsewhere"))
  }

  @Test func `the lock of a dead process holds nobody up, and a command gets no lock`() throws {
    let first = try scene.terminal("exec daypass exec alice -- true")
    try first.expect(Self.prompt)
    kill(first.pid, SIGKILL)
    _ = try first.waitForExit()
    let listing = try scene.prepare("daypass exec alice --mfa-code {code} -- ls -l /proc/self/fd")
    #expect(!listing.contains(".lock"))
  }

  @Test(.enabled(if: geteuid() == 0, "needs root, to give a folder away"), arguments: ["run/daypass", "run"])
  func `a folder of somebody else is left alone`(folder: String) throws {
    // What was made before, when the key was stored, was ours.
    scene.scratch.makeFolder("run/daypass")
    try scene.prepare("cd \(scene.scratch.path) && rm -f run/daypass/* && chown -R 65534 \(folder)")
    let outcome = try scene.run("daypass exec alice --mfa-code {code} -- true")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(try scene.run("ls \(scene.scratch.path)/run/daypass").outputText == "")
    #expect(try scene.run("ls $XDG_CACHE_HOME/daypass").outputText.hasSuffix(".lock\n"), "the next best place")
  }
}
