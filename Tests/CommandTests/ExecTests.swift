import AWSDouble
import Foundation
import Synchronization
import TestSupport
import Testing

/// The environment of a command, which is the user's but for one set of credentials.
@Suite(.keyring)
struct ChildEnvironmentTests {
  /// What README and `man daypass-exec` call removed, and what is set.
  private static let removed = [
    "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_FILE", "AWS_SDK_LOAD_CONFIG",
    "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_ACCOUNT_ID", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "DAYPASS_PROFILE", "DAYPASS_REGION", "AWS_VAULT", "AWSU_PROFILE",
    "AWSUME_PROFILE", "AWS_SSO_PROFILE", "AWS_SESSION_EXPIRATION", "GRANTED_SSO", "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_SECRET_KEY", "AWS_ACCESS_KEY", "AWS_CREDENTIAL_PROFILES_FILE",
  ]
  /// Alike, and not removed: other names, odd names, and entries that are none.
  private static let kept: [[UInt8]] =
    [
      "", "=", "=nameless", "no equals sign", "AWS_PROFILE", "aws_profile=x", "AWS_PROFILES=x", "XAWS_PROFILE=x",
      "AWS_PROFILE =x", "A=1", "A=2", "A=", "AWS_CA_BUNDLE=", "AWS_MAX_ATTEMPTS=3", "AWS_EC2_METADATA_DISABLED=true",
      "TEXT=line\nline\t\u{1b}[2J", "SSLKEYLOGFILE=/nonexistent/keys", "SECRET_BACKEND=file", "G_DEBUG=fatal-warnings",
      // The sign for kelvin is a K to Unicode, and to nobody who reads the environment.
      "AWS_ACCESS_\u{212A}EY_ID=x", "GREEK=\u{37e}",
    ].map { Array($0.utf8) } + [[0x42, 0x3d, 0xff, 0xfe], [0xff, 0x3d, 0x31]]

  @Test func `the rest of the environment arrives byte for byte and in order, and each credential once`() throws {
    let scene = try Scene.withAlice()
    let base = scene.environment.sorted { $0.key < $1.key }.map { Array("\($0.key)=\($0.value)".utf8) }
    // A million bytes, below the kernel's 128 KiB for each.
    let large = (0..<9).map { Array("LARGE\($0)=\(String(repeating: "x", count: 120_000))".utf8) }
    let stale = Self.removed.map { Array("\($0)=stale".utf8) }
    var launch = Launch(
      scene.scratch.path("bin/daypass"), ["exec", "alice", "--no-session", "--", "/bin/cat", "/proc/self/environ"])
    launch.environment = base + stale + Self.kept + stale + large + stale
    launch.session = .own
    launch.folder = scene.home
    let outcome = try launch.run()
    let entries = outcome.output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(entries.count == base.count + Self.kept.count + large.count + Self.ours.count)
    let first = zip(entries, base + Self.kept + large + Self.ours).first { $0 != $1 }
    #expect(first == nil, "\(first.map { String(decoding: $0.0.prefix(80), as: UTF8.self) } ?? "")")
  }

  private static let ours: [[UInt8]] = {
    let key = Account.demo[user: "alice"]?.keys.first
    return [
      "AWS_ACCESS_KEY_ID=\(key?.id ?? "")", "AWS_SECRET_ACCESS_KEY=\(key?.secret ?? "")", "AWS_REGION=eu-west-1",
      "AWS_DEFAULT_REGION=eu-west-1", "DAYPASS_PROFILE=alice", "DAYPASS_REGION=eu-west-1", "AWSUME_PROFILE=alice",
    ].map { Array($0.utf8) }
  }()
}

// MARK: - Clock times

@Suite(.keyring)
struct ClockTimeTests {
  @Test func `times are in the user's time zone also when the keyring was asked`() throws {
    let scene = try Scene(config: "[profile bob]\n", on: BorrowedKeyring())
    try scene.storeKey(of: "bob")
    let outcome = try scene.run(
      "daypass exec bob", environment: ["TZ": "XYZ-5:30", "SHELL": "/bin/true", "DAYPASS_SESSION_DURATION": "1h"])
    let end = try #require(outcome.errorText.firstMatch(of: /until (?:[0-9-]{10} )?([0-9]{2}):([0-9]{2});/))
    let minutes = try #require(Int(end.1)) * 60 + #require(Int(end.2))
    let offset = (minutes * 60 - Int(Date().timeIntervalSince1970) - 3600) % 86400
    // The clock goes on between the answer and now.
    #expect(abs((offset + 86400) % 86400 - 19800) < 600, "\(outcome.errorText)")
  }
}

// MARK: - Commands that cannot run

/// A command that cannot be run: the statuses shells give, and the cause in words.
@Suite(.keyring)
struct CommandRefusalTests {
  struct Refusal: CustomTestStringConvertible {
    let command: String
    let status: Int32
    let problem: String

    var testDescription: String { command }
  }

  private static let refusals = [
    Refusal(command: "nonexistent", status: 127, problem: "command not found: nonexistent"),
    Refusal(command: "./nonexistent", status: 127, problem: "command not found: ./nonexistent"),
    Refusal(command: "''", status: 127, problem: "command not found: "),
    Refusal(
      command: "./missing-interpreter", status: 127,
      problem: "cannot run ./missing-interpreter: the program that its first line names is missing"),
    Refusal(command: "./plain", status: 126, problem: "cannot run ./plain: permission denied"),
    Refusal(command: "./folder", status: 126, problem: "cannot run ./folder: it is a directory"),
    Refusal(command: "./loop", status: 126, problem: "cannot run ./loop: Too many levels of symbolic links"),
    Refusal(command: "/dev/null", status: 126, problem: "cannot run /dev/null: permission denied"),
  ]

  @Test func `what cannot be run ends with the shells' status and a cause`() throws {
    let scene = try Scene.withAlice()
    try scene.prepare(
      "mkdir folder; echo x >plain; ln -s loop loop; printf '#!/nonexistent\\n' >missing-interpreter;"
        + "chmod 755 missing-interpreter")
    for refusal in Self.refusals {
      let direct = try scene.run("bash -c 'exec \(refusal.command.replacing("'", with: "\\\""))'")
      let through = try scene.run("daypass exec alice --no-session -- \(refusal.command)")
      #expect(through.status == .exited(refusal.status), "\(refusal.command)")
      #expect(through.status == direct.status, "\(refusal.command)")
      #expect(through.errorText == "daypass: \(refusal.problem)\n")
    }
  }

  @Test func `a script without a first line that names its program runs as a shell runs it`() throws {
    let scene = try Scene.withAlice()
    scene.scratch.write("echo \"$0 $# $2\"; exit 5\n", to: "home/script", mode: 0o755)
    let through = try scene.run("daypass exec alice --no-session -- ./script one 'two words'")
    let direct = try scene.run("exec env ./script one 'two words'")
    #expect(through == direct)
    #expect(through.outputText == "./script 2 two words\n" && through.status == .exited(5))
  }

  /// The kernel has room for a direct run, and the session's token takes the last of it.
  @Test func `arguments and environment that are too long end with 126 and the cause`() throws {
    let scene = try Scene.withAlice()
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    // A quarter of the stack's limit, 128 KiB, is what execve(2) takes; there is no telling what the rest comes to.
    for size in stride(from: 129_000, to: 131_000, by: 100) {
      let pair = DirectAndThrough(["/bin/true"], after: "ulimit -s 512", options: [], in: scene) { launch in
        launch.environment.append(Array("FILLER=\(String(repeating: "x", count: size))".utf8))
      }
      let outcomes = try pair.outcomes()
      guard outcomes.through.status != .exited(0) else { continue }
      #expect(outcomes.direct.status == .exited(0))
      #expect(outcomes.through.status == .exited(126))
      let problem = "daypass: cannot run /bin/true: the arguments and the environment are too long\n"
      #expect(outcomes.through.errorText == problem)
      return
    }
    Issue.record("there was room for everything")
  }
}

// MARK: - With and without daypass

/// A command to be run twice: as it is, and as `daypass exec alice -- COMMAND`.
struct DirectAndThrough {
  let direct: Launch
  let through: Launch

  /// `preparation` is a shell command that sets up what the command inherits; what Launch can set, `change` does.
  init(
    _ command: [String], after preparation: String = ":", options: [String] = ["--no-session"], in scene: Scene,
    _ change: (inout Launch) -> Void = { _ in }
  ) {
    func launch(_ words: [String]) -> Launch {
      var launch = scene.launch("")
      launch.arguments = ["-c", preparation + "; exec \"$@\"", "sh"] + words
      change(&launch)
      return launch
    }
    direct = launch(command)
    through = launch([scene.scratch.path("bin/daypass"), "exec", "alice"] + options + ["--"] + command)
  }

  func outcomes() throws -> (direct: Launch.Outcome, through: Launch.Outcome) {
    var through = try through.run()
    // A machine that is busy enough has the keyring miss its deadline, which is not what is compared here.
    for _ in 0..<5 where through.errorText.contains("the keyring did not answer within") {
      through = try self.through.run()
    }
    return (try direct.run(), through)
  }
}

// MARK: - Exit statuses

/// How the command ends is what the caller of daypass sees: the wait status of a direct run, bit for bit.
@Suite(.keyring)
struct ExitStatusTests {
  /// 256 exit codes, and the signals that end a process or leave it alone; those that stop it are tried by a shell.
  private static let endings =
    (0...255).map { "exit \($0)" } + (1...31).filter { !stopping.contains($0) }.map { "ulimit -c 0; kill -\($0) $$" }
  private static let stopping: [Int32] = [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU]

  @Test func `every exit code and every death by a signal is as without daypass`() throws {
    let scene = try Scene.withAlice()
    let pairs = Self.endings.map { DirectAndThrough(["/bin/sh", "-c", $0], in: scene) }
    let differences = Mutex<[String]>([])
    // Each start waits for the keyring most of its time.
    DispatchQueue.concurrentPerform(iterations: pairs.count) { index in
      let difference = Self.difference(pairs[index], Self.endings[index])
      differences.withLock { $0 += difference }
    }
    let different = differences.withLock { $0 }
    let stops = try Self.stops(in: scene)
    #expect(different == [])
    #expect(stops.through == stops.direct && stops.direct.count == Self.stopping.count)
    let equal = pairs.count - different.count + zip(stops.direct, stops.through).count { $0 == $1 }
    let all = pairs.count + Self.stopping.count
    publish(figure: "exit codes and signal deaths equal to a direct run", "\(equal) of \(all)")
  }

  private static func difference(_ pair: DirectAndThrough, _ ending: String) -> [String] {
    do {
      let outcomes = try pair.outcomes()
      return outcomes.direct == outcomes.through ? [] : ["\(ending): \(outcomes)"]
    } catch {
      return ["\(ending): \(error)"]
    }
  }

  /// The wait statuses of a command that stops itself, and of its end once it was continued.
  private static func stops(in scene: Scene) throws -> (direct: [String], through: [String]) {
    let script = """
      import os, signal, sys
      for name in "STOP TSTP TTIN TTOU".split():
          child = os.fork()
          if child == 0:
              os.setpgid(0, 0)
              words = sys.argv[1:] + ["sh", "-c", f"kill -{name} $$; exit 9"]
              os.execvp(words[0], words)
          stopped = os.waitpid(child, os.WUNTRACED)[1]
          os.kill(child, signal.SIGCONT)
          print(name, stopped, os.waitpid(child, 0)[1])
      """
    func lines(_ prefix: String) throws -> [String] {
      scene.scratch.write(script, to: "home/stops.py")
      return try scene.prepare("/usr/bin/python3 -I stops.py \(prefix)").split(separator: "\n").map(String.init)
    }
    return (try lines(""), try lines("daypass exec alice --no-session --"))
  }
}

// MARK: - Lost output

/// Output that does not arrive in full is a failure, and says so.
@Suite(.keyring)
struct LostOutputTests {
  private static let commands = [
    "export alice --no-session", "export alice --no-session --format json", "credential-process alice --no-session",
    "list", "list --json", "list --names", "whoami alice --no-session", "whoami alice --no-session --json",
    "list-buckets alice", "--help", "--version", "exec --help",
  ]
  /// Where stdout leads to, set up by a shell before daypass is started, and what is wrong with it.
  private static let outputs = [
    ("daypass {} >/dev/full", "No space left on device"),
    // A pipe whose only reader has left.
    ("mkfifo pipe; exec 3<>pipe 4>pipe 3<&-; rm pipe; daypass {} >&4 4>&-", "Broken pipe"),
    ("(ulimit -f 0; daypass {} >file)", "File too large"),
    ("daypass {} >&-", "Bad file descriptor"),
  ]

  @Test(arguments: commands)
  func `output that is lost ends with 1 and the cause`(command: String) throws {
    let scene = try Scene.withAlice()
    if command.hasPrefix("list-buckets") { try scene.prepare("daypass exec alice --mfa-code {code} -- true") }
    for (shell, problem) in Self.outputs {
      let outcome = try scene.run(shell.replacing("{}", with: command))
      #expect(outcome.status == .exited(1), "\(shell)")
      #expect(outcome.errorText.hasSuffix("daypass: cannot write the output: \(problem)\n"), "\(outcome.errorText)")
    }
  }

  @Test(.enabled(if: Installed.has("python3"), "python3 is not installed"))
  func `a closed socket as stdout ends with 1`() throws {
    let scene = try Scene.withAlice()
    let starter = """
      import os, socket, sys
      ours, theirs = socket.socketpair()
      theirs.close()
      os.dup2(ours.fileno(), 1)
      os.execvp(sys.argv[1], sys.argv[1:])
      """
    scene.scratch.write(starter, to: "home/starter.py")
    let outcome = try scene.run("/usr/bin/python3 -I starter.py daypass credential-process alice --no-session")
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText == "daypass: cannot write the output: Broken pipe\n")
  }

  /// A reader that leaves early, or a full pipe, then cannot get a part that looks like a whole: up to PIPE_BUF (4096)
  /// bytes a pipe takes all or nothing.
  @Test(
    .enabled(if: Installed.has("strace"), "strace is not installed"),
    arguments: ["credential-process alice", "export alice", "export alice --format json"])
  func `credentials are written in one piece`(command: String) throws {
    let scene = try Scene.withAlice()
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    let outcome = try scene.run("strace -o trace -e trace=write,writev,sendto,pwrite64 daypass \(command)")
    let writes = try scene.scratch.text(of: "home/trace").split(separator: "\n").filter { $0.contains("(1, ") }
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(writes.count == 1 && writes[0].hasSuffix(" = \(outcome.output.count)"))
    #expect((1...4_096).contains(outcome.output.count))
  }
}
