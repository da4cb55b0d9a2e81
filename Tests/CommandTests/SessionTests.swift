import AWSDouble
import Glibc
import TestSupport
import Testing

/// Where sessions are: in the kernel, in the keyring where the kernel refuses, or nowhere.
@Suite(.keyring)
struct SessionPlaceTests {
  private static let kernel = ConditionTrait.enabled(if: KernelKeys.areAllowed, "the kernel keeps no keys for us here")
  private let scene: Scene

  init() throws { scene = try Scene.withAlice() }

  @Test(kernel) func `a session is in the kernel, for its user alone, and nowhere on the bus`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    #expect(inKernel.count == 1)
    #expect(inKernel.allSatisfy { $0.contains(";3f3f0000;") })
    #expect(inKeyring == [])
  }

  @Test(kernel) func `a warm call needs neither keyring nor bus`() throws {
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    scene.keyring.kill()
    scene.keyring.bus.end()
    try scene.prepare("daypass exec readonly -- true")
    try scene.prepare("daypass credential-process readonly")
  }

  @Test func `locking the keyring takes no session away, and clear does`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    try scene.keyring.lock()
    try scene.prepare("daypass exec alice -- true")
    #expect(try scene.run("daypass clear --all").errorText == "daypass: 1 session forgotten\n")
    #expect(try scene.run("daypass exec alice -- true").status == .exited(78))
  }

  @Test(kernel) func `a bus that is dead keeps no session of the kernel's alive`() throws {
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    #expect(inKernel.count == 2)
    // One command has kept a session in the keyring.
    try scene.prepare("touch \"$XDG_RUNTIME_DIR/daypass/sessions-in-secret-service\"")
    let dead = "DBUS_SESSION_BUS_ADDRESS=unix:path=/no/bus daypass"
    #expect(try scene.run("\(dead) list --cached --names").outputText == "alice\nreadonly\n")
    #expect(try scene.run("\(dead) clear --all").status == .exited(69))
    #expect(inKernel == [])
  }

  @Test(kernel, arguments: [EPERM, ENOSYS, EDQUOT])
  func `where the kernel refuses, sessions are in the keyring`(error: Int32) throws {
    let refusing = try "\(builtProgram("Probe")) without-keys \(error) daypass"
    let first = try scene.run("\(refusing) exec readonly --debug --mfa-code {code} -- true")
    #expect(first.status == .exited(0), "\(first.errorText)")
    #expect(first.errorText.contains("debug: the kernel keeps no sessions ("))
    #expect(inKernel == [] && inKeyring.count == 2)
    try scene.prepare("\(refusing) exec readonly -- true")
    #expect(try scene.prepare("\(refusing) list").contains("left"))
    #expect(scene.actions == ["GetSessionToken", "AssumeRole"])
    #expect(try scene.run("\(refusing) clear --all").errorText == "daypass: 2 sessions forgotten\n")
    #expect(inKeyring == [])
  }

  @Test(kernel) func `what the keyring got while the kernel was full is found, listed and cleared later`() throws {
    try scene.prepare("\(builtProgram("Probe")) without-keys \(EDQUOT) daypass exec alice --mfa-code {code} -- true")
    try scene.prepare("daypass exec alice -- true")
    #expect(try scene.prepare("daypass list").contains("left"))
    let text = "daypass: the session of profile 'alice' is forgotten\n"
    #expect(try scene.run("daypass clear alice").errorText == text)
    #expect(inKeyring == [])
  }

  @Test(kernel) func `a full kernel does not keep the session that was to be renewed`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    scene.double.clock = .offset(12 * 3600 - 100)
    let probe = try builtProgram("Probe")
    let withoutRoom = "\(probe) without-keys \(EDQUOT)"
    try scene.prepare(Scene.later(43_100, "\(withoutRoom) daypass exec alice --mfa-code {code} -- true"))
    try scene.prepare(Scene.later(43_100, "daypass exec alice -- true"))
    #expect(inKernel == [])
  }

  @Test func `DAYPASS_CACHE=keyring keeps sessions out of the kernel`() throws {
    scene.environment["DAYPASS_CACHE"] = "keyring"
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    #expect(inKernel == [] && inKeyring.count == 1)
    scene.environment["DAYPASS_CACHE"] = nil
    #expect(try scene.run("daypass clear --all").errorText == "daypass: 1 session forgotten\n")
  }

  @Test func `DAYPASS_CACHE=none keeps no session and no lock`() throws {
    scene.environment["DAYPASS_CACHE"] = "none"
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    #expect(inKernel == [] && inKeyring == [])
    #expect(try scene.run("daypass exec alice -- true").status == .exited(77))
    #expect(try scene.run("ls run").outputText == "")
  }

  @Test func `another DAYPASS_CACHE is refused with what there is`() throws {
    let outcome = try scene.run("daypass exec alice -- true", environment: ["DAYPASS_CACHE": "disk"])
    #expect(outcome.status == .exited(65))
    let text = "daypass: DAYPASS_CACHE='disk' is unknown\ndaypass: hint: one of kernel, keyring, none\n"
    #expect(outcome.errorText == text)
  }

  @Test(
    kernel,
    arguments: [
      "HOME=$HOME/", "HOME=$HOME/../link", "XDG_DATA_HOME=", "XDG_DATA_HOME=relative",
      "XDG_DATA_HOME=$HOME/.local/share//", "XDG_DATA_HOME=$HOME/../link/.local/share",
    ])
  func `sessions are the same however the keyring's folder is spelled`(spelling: String) throws {
    try scene.prepare("ln -s home $HOME/../link; env -u XDG_DATA_HOME daypass exec alice --mfa-code {code} -- true")
    try scene.prepare("env -u XDG_DATA_HOME \(spelling) daypass exec alice -- true")
    let cleared = try scene.run("env -u XDG_DATA_HOME \(spelling) daypass clear --all")
    #expect(cleared.errorText == "daypass: 1 session forgotten\n")
    #expect(try scene.run("env -u XDG_DATA_HOME daypass exec alice -- true").status == .exited(77))
  }

  @Test(kernel) func `clear leaves the sessions of another collection and of other folders alone`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    for other in ["DAYPASS_COLLECTION=other", "XDG_DATA_HOME={home}/.local", "XDG_DATA_HOME=/"] {
      #expect(try scene.run("env \(other) daypass clear --all").errorText == "daypass: no sessions to forget\n")
    }
    try scene.prepare("daypass exec alice -- true")
  }

  @Test(kernel) func `a colon in a folder's name does not make it another collection's`() throws {
    try scene.prepare(
      #"""
      printf '[profile program]\ncredential_process = cat %s/answer\n' "$HOME" >> ~/.aws/config
      printf '{"Version":1,"AccessKeyId":"ASIAPROGRAM","SecretAccessKey":"s","SessionToken":"t","Expiration":"%s"}' \
        "$(date -u -d 'next hour' +%FT%TZ)" > ~/answer
      """#)
    try scene.prepare("DAYPASS_COLLECTION=a:b daypass exec program -- true")
    let others = "XDG_DATA_HOME=$XDG_DATA_HOME:a DAYPASS_COLLECTION=b"
    #expect(try scene.run("env \(others) daypass clear --all").errorText == "daypass: no sessions to forget\n")
    #expect(
      try scene.run("env DAYPASS_COLLECTION=a:b daypass clear --all").errorText == "daypass: 1 session forgotten\n")
  }

  @Test func `sessions belong to the keyring whose key made them`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    let elsewhere = try scene.run("daypass exec alice -- true", environment: ["XDG_DATA_HOME": "{home}/other"])
    #expect(elsewhere.status == .exited(77))
  }

  private var inKernel: [String] { KernelKeys.descriptions(with: scene.scratch.path) }
  private var inKeyring: [String] { scene.keyring.paths(with: ["daypass-kind": "session"]) }
}

// MARK: - Warm call tests

/// What a call with a cached session asks of the kernel: a guard against work that only a clock would notice.
@Suite(
  .keyring,
  .enabled(if: KernelKeys.areAllowed, "the kernel keeps no keys for us here"),
  .enabled(if: Installed.has("strace"), "strace is not installed"))
struct WarmCallTests {
  private static let commands = ["exec alice -- true", "credential-process alice"]
  private let scene: Scene

  init() throws {
    scene = try Scene.withAlice()
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
  }

  @Test(arguments: commands) func `a warm call reads each config file once`(command: String) throws {
    let opened = try systemCalls(of: command).filter { $0.hasPrefix("open") }
    for file in ["config", "credentials"] {
      #expect(opened.count { $0.contains("/.aws/\(file)\"") } == 1, "\(opened)")
    }
  }

  @Test(arguments: commands) func `a warm call starts, connects to and loads nothing`(command: String) throws {
    let calls = try systemCalls(of: command)
    #expect(calls.contains { $0.hasPrefix("keyctl(KEYCTL_READ") })
    let forbidden = ["clone", "fork", "vfork", "socket", "connect", "wait4"]
    #expect(!calls.contains { call in forbidden.contains { call.hasPrefix($0) } || call.contains(".so") })
  }

  /// Generous: what stands here finds a loop that calls the kernel, not a call too many.
  @Test(arguments: commands) func `a warm call makes few system calls`(command: String) throws {
    let count = try systemCalls(of: command).count
    publish(figure: "system calls of a warm \(command.prefix { $0 != " " }), from main on", count)
    #expect(count < 300)
  }

  /// From the first thing that `main` does to the command that takes its place, or to the end.
  private func systemCalls(of command: String) throws -> [String] {
    try scene.prepare("strace -o trace daypass \(command)")
    let all = try scene.scratch.text(of: "home/trace").split(separator: "\n")
    let start = try #require(all.firstIndex { $0.hasPrefix("prctl(PR_SET_DUMPABLE") })
    return all[start...].prefix { !$0.hasPrefix("execve(") }.map(String.init)
  }
}

// MARK: - Failed credential process tests

/// What an SDK gets where there are no credentials: nothing on stdout, a status, and on stderr a line of cause and one of
/// what to do.
@Suite(.keyring)
struct FailedCredentialProcessTests {
  /// A call that fails, what makes it fail, and the status it ends with.
  struct Failure: Sendable, CustomTestStringConvertible {
    let name: String
    let status: Int32
    var profile = "alice"
    var options = ""
    var prepare: @Sendable (Scene) throws -> Void = { _ in }

    var testDescription: String { name }
  }

  static let failures: [Failure] = [
    Failure(name: "no such profile", status: 66, profile: "nobody"),
    Failure(name: "a profile named to steer a terminal", status: 66, profile: "$(printf '\\033[2J\\033]0;x\\007')"),
    Failure(name: "no key", status: 66, options: "--no-session") { try $0.prepare("daypass remove alice --force") },
    Failure(name: "nobody to ask for a code", status: 77),
    Failure(name: "a code that is no code", status: 64, options: "--mfa-code 12345"),
    Failure(name: "a wrong code", status: 77, options: "--mfa-code 000000"),
    Failure(name: "an option that is none", status: 64, options: "--colour"),
    Failure(name: "a duration that AWS does not allow", status: 64, options: "--duration 5m"),
    Failure(name: "a config that is none", status: 65) { $0.scratch.write("[profile alice\n", to: "home/.aws/config") },
    Failure(name: "a config that is binary", status: 65) {
      $0.scratch.write("\u{1b}[2J\u{0}\u{7}\n", to: "home/.aws/config")
    },
    Failure(name: "a locked keyring", status: 78) { try $0.keyring.lock() },
    Failure(name: "no keyring", status: 69) { $0.keyring.kill() },
    Failure(name: "AWS that throttles", status: 75, options: "--mfa-code {code}") {
      $0.double.fail(nil, with: .throttle, times: 9)
    },
    Failure(name: "AWS that cuts its answer", status: 75, options: "--mfa-code {code}") {
      $0.double.fail(nil, with: .cut, times: 9)
    },
    Failure(name: "a login page in AWS's place", status: 75, options: "--mfa-code {code}") {
      $0.double.fail(nil, with: .garbage, times: 9)
    },
    Failure(name: "a refusal that steers a terminal", status: 77, options: "--mfa-code {code}") {
      let words = "no\u{9b}2J\u{202e} way"
      $0.double.fail(nil, with: .refuse(status: 403, code: "AccessDenied", message: words), times: 9)
    },
    Failure(name: "no AWS at all", status: 75, options: "--mfa-code 123456") {
      $0.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
    },
    Failure(name: "an endpoint in clear", status: 65) { $0.environment["AWS_ENDPOINT_URL"] = "http://example.com" },
  ]

  @Test(arguments: failures)
  func `a failure is a status, a cause and a hint, and nothing on stdout`(failure: Failure) throws {
    let scene = try Scene.withAlice()
    try failure.prepare(scene)
    let outcome = try scene.run("daypass credential-process \"\(failure.profile)\" \(failure.options)")
    #expect(outcome.status == .exited(failure.status), "\(outcome.errorText)")
    #expect(outcome.output == [])
    let lines = outcome.errorText.split(separator: "\n", omittingEmptySubsequences: false)
    // The cause says itself which durations are allowed.
    let hints = failure.options.hasPrefix("--duration") ? 0 : 1
    #expect(lines.count == 2 + hints && lines.last == "")
    #expect(lines[0].hasPrefix("daypass: ") && lines.count { $0.hasPrefix("daypass: hint: ") } == hints)
    let steering = outcome.errorText.unicodeScalars.filter {
      $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
    }
    #expect(steering.isEmpty, "\(outcome.errorText.debugDescription)")
    #expect(SecretSweep(scene).leaks(in: outcome.errors) == [])
  }
}

// MARK: - Blocked reader tests

/// Readers that do not read: who reads the messages cannot hold credentials up, who reads the document can.
@Suite(.keyring)
struct BlockedReaderTests {
  /// `full` is a pipe that takes nothing more, held open by descriptor 9.
  private static let pipe = """
    mkfifo full; exec 9<>full; dd if=/dev/zero of=full bs=4096 count=16 oflag=nonblock status=none
    """

  /// Until process `id` waits for the pipe; other users than root cannot see that, and try for a while.
  private static let wait =
    "n=0; until grep -q pipe_write /proc/$id/wchan 2>/dev/null || [ $((n += 1)) -gt 100 ]; do sleep 0.02; done"

  @Test(arguments: ["credential-process alice", "export alice", "exec alice --no-session -- echo delivered"])
  func `a full pipe for messages does not hold credentials up`(command: String) throws {
    let scene = try Scene.withAlice()
    let code = command.hasPrefix("exec") ? "" : "--mfa-code {code}"
    let words = command.split(separator: " ", maxSplits: 1)
    let outcome = try scene.run("\(Self.pipe); exec timeout 60 daypass \(words[0]) --debug \(code) \(words[1]) 2>full")
    #expect(outcome.status == .exited(0))
    #expect(!outcome.output.isEmpty)
  }

  @Test func `a failure has its status even if its message cannot be written`() throws {
    let scene = try Scene.withAlice()
    let outcome = try scene.run("\(Self.pipe); exec timeout 60 daypass export nobody 2>full")
    #expect(outcome.status == .exited(66))
    #expect(outcome.outputText == "false\n")
  }

  @Test func `a document waits for its reader, and comes whole`() throws {
    let scene = try Scene.withAlice()
    let expected = try scene.prepare("daypass export alice --no-session")
    let outcome = try scene.run(
      """
      \(Self.pipe); daypass export alice --no-session >full 2>errors & id=$!
      \(Self.wait)
      head -c 65536 full >/dev/null; wait $id; echo "status $?"; dd if=full bs=65536 count=1 status=none; cat errors
      """)
    #expect(outcome.outputText == "status 0\n" + expected)
  }

  @Test func `a document that nobody reads does not keep daypass from being ended`() throws {
    let scene = try Scene.withAlice()
    let outcome = try scene.run(
      """
      \(Self.pipe); daypass export alice --no-session >full & id=$!
      \(Self.wait)
      kill -TERM $id; wait $id; echo "status $?"
      """)
    #expect(outcome.outputText.hasSuffix("status 143\n"))
  }
}
