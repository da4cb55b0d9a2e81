import Glibc
import TestSupport
import Testing

@testable import Delivery

@Suite(.waiting)
struct ProcessReplacementTests {
  private static let ours = [
    "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=made-up/secret+key=", "AWS_SESSION_TOKEN=made-up-token",
    "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1", "DAYPASS_PROFILE=prod", "AWSUME_PROFILE=prod",
  ]

  @Test(arguments: [0, 1, 2, 64, 126, 127, 128, 130, 255])
  func `the command's exit status is ours`(status: Int32) throws {
    #expect(try exec(["sh", "-c", "exit \(status)"]).status == .exited(status))
  }

  @Test(arguments: [SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGUSR1, SIGSEGV, SIGPIPE, SIGTERM])
  func `a command that a signal ends is seen so`(signal: Int32) throws {
    #expect(try exec(["sh", "-c", "ulimit -c 0; kill -\(signal) $$"]).status == .signaled(signal))
  }

  @Test func `the environment arrives byte for byte, in its order`() throws {
    let odd: [[UInt8]] = [
      Array("PATH=/usr/bin:/bin".utf8), Array("X=1".utf8), Array("X=2".utf8), Array("=nameless".utf8),
      Array("no equals sign".utf8), [0x59, 0x3d, 0xff, 0x80], Array("SSLKEYLOGFILE=/nonexistent/keys".utf8),
      Array("OPENSSL_CONF=/dev/null".utf8), Array("L=a\nb".utf8),
      Array("BIG=\(String(repeating: "b", count: 100_000))".utf8),
    ]
    let stale = ["AWS_PROFILE=x", "AWS_SESSION_TOKEN=x", "AWS_SESSION_TOKEN=y"].map { Array($0.utf8) }
    var launch = try probe(["/usr/bin/env", "-0"])
    launch.environment = Array(odd.prefix(3)) + stale + Array(odd.dropFirst(3))
    let outcome = try launch.run()
    #expect(outcome.output.split(separator: 0).map(Array.init) == odd + Self.ours.map { Array($0.utf8) })
  }

  @Test(arguments: ["' $(id) \"`\\", "=a=%s ", "\u{202e}é漢字🙂"])
  func `hostile values reach the command as they are`(value: String) throws {
    let outcome = try Launch(
      try builtProgram("Probe"), ["exec", "/usr/bin/env", "-0"], environment: ["PROBE_TOKEN=\(value)"]
    ).run()
    let given = outcome.output.split(separator: 0).filter { $0.starts(with: "AWS_SESSION_TOKEN=".utf8) }
    #expect(given.map { Array($0) } == [Array("AWS_SESSION_TOKEN=\(value)".utf8)])
  }

  @Test func `arguments arrive byte for byte`() throws {
    let outcome = try exec(["printf", "%s|", "", "--help", "a b", "*", "é'\"\\"])
    #expect(outcome.outputText == "|--help|a b|*|é'\"\\|")
  }

  @Test func `the command gets our parent's signals, mask, umask and core limit`() throws {
    let facts = "grep -E 'Sig(Blk|Ign|Cgt)' /proc/self/status; umask; ulimit -S -c; ulimit -H -c"
    let inherited = "trap '' INT USR1 QUIT; umask 027; ulimit -S -c $(ulimit -H -c); exec \"$@\""
    var direct = Launch("/bin/sh", ["-c", inherited, "sh", "/bin/sh", "-c", facts])
    var ours = Launch("/bin/sh", ["-c", inherited, "sh", try builtProgram("Probe"), "exec", "/bin/sh", "-c", facts])
    direct.blockedSignals = [SIGUSR2, SIGALRM]
    ours.blockedSignals = direct.blockedSignals
    let expected = try direct.run().outputText
    #expect(try ours.run().outputText == expected)
    #expect(expected.contains("0027"))
  }

  @Test(arguments: [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]] as [Set<Int32>])
  func `the command's descriptors are the ones we were given`(closed: Set<Int32>) throws {
    let folder = ScratchFolder()
    // A child of the shell lists the shell's own.
    let script = "/bin/ls /proc/$$/fd >list 2>/dev/null </dev/null"
    func list(_ launch: Launch) throws -> String {
      var launch = launch
      launch.closedDescriptors = closed
      launch.files = [7: "/dev/null"]
      launch.folder = folder.path
      _ = try launch.run()
      return try Launch("/bin/cat", [folder.path + "/list"]).run().outputText
    }
    let expected = try list(Launch("/bin/sh", ["-c", script]))
    #expect(try list(probe(["/bin/sh", "-c", script])) == expected)
    #expect(expected.contains("7\n"))
  }

  private func exec(_ command: [String]) throws -> Launch.Outcome {
    try probe(command).run()
  }

  private func probe(_ command: [String]) throws -> Launch {
    Launch(try builtProgram("Probe"), ["exec"] + command)
  }
}

// MARK: - The search for a command

/// Every case twice: as the search before credentials are asked for says, and as the kernel says in the end.
struct CommandSearchTests {
  enum Moment: String, CaseIterable { case before, atTheEnd }

  struct Case: CustomTestStringConvertible, Sendable {
    let command: String
    let status: Int32
    let error: String
    var path = "PATH=first:/nonexistent:second"
    var testDescription: String { "\(command) with \(path)" }
  }

  private static let permission = "reason: Delivery.DeliveryError.NotExecutable.noPermission"
  private static let directory = "reason: Delivery.DeliveryError.NotExecutable.directory"

  static let cases = [
    Case(command: "nosuch", status: 127, error: #"commandNotFound("nosuch")"#),
    Case(command: "", status: 127, error: #"commandNotFound("")"#),
    Case(command: "./nosuch", status: 127, error: #"commandNotFound("./nosuch")"#),
    Case(command: "first/plain/x", status: 127, error: #"commandNotFound("first/plain/x")"#),
    Case(command: "plain", status: 126, error: #"path: "first/plain", "# + permission),
    Case(command: "first/plain", status: 126, error: #"path: "first/plain", "# + permission),
    Case(command: "folder", status: 126, error: #"path: "first/folder", "# + directory),
    Case(command: ".", status: 126, error: directory),
    Case(command: "tool", status: 7, error: ""),
    Case(command: "second/tool", status: 7, error: ""),
    Case(command: "noline", status: 9, error: ""),
    Case(command: "here", status: 127, error: #"commandNotFound("here")"#),
    Case(command: "here", status: 5, error: "", path: "PATH=first:"),
    Case(command: "here", status: 5, error: "", path: "PATH=:first"),
    Case(command: "here", status: 5, error: "", path: "PATH="),
    Case(command: "sh", status: 0, error: "", path: "NOPATH=1"),
  ]

  @Test(arguments: cases, Moment.allCases)
  func `a command is found as execvp finds it`(_ example: Case, moment: Moment) throws {
    let outcome = try run(example, moment)
    #expect(outcome.status == .exited(example.status), "\(outcome.errorText)")
    #expect(example.error.isEmpty ? outcome.errors.isEmpty : outcome.errorText.contains(example.error))
  }

  @Test func `a missing interpreter is distinguished from a missing command`() throws {
    let outcome = try run(Case(command: "orphan", status: 126, error: ""), .before)
    #expect(outcome.status == .exited(126))
    #expect(outcome.errorText.contains(#"path: "second/orphan", reason: Delivery.DeliveryError.NotExecutable.interp"#))
  }

  @Test func `an environment that is too large for the kernel is reported`() throws {
    let outcome = try Launch(
      try builtProgram("Probe"), ["exec", "true"], environment: ["PATH=/bin", "PROBE_TOKEN_LENGTH=200000"]
    ).run()
    #expect(outcome.status == .exited(126))
    #expect(outcome.errorText.contains("argumentsTooLong"))
  }

  private static let folder: ScratchFolder = {
    let folder = ScratchFolder()
    for name in ["first/folder", "second"] { folder.makeFolder(name) }
    folder.write("#!/bin/sh\nexit 5\n", to: "here", mode: 0o755)
    folder.write("", to: "first/plain", mode: 0o644)
    folder.write("#!/bin/sh\nexit 6\n", to: "first/tool", mode: 0o644)
    folder.write("#!/bin/sh\nexit 7\n", to: "second/tool", mode: 0o755)
    folder.write("exit $(($1 + 8))\n", to: "second/noline", mode: 0o755)
    folder.write("#!/nonexistent/interpreter\n", to: "second/orphan", mode: 0o755)
    return folder
  }()

  private func run(_ example: Case, _ moment: Moment) throws -> Launch.Outcome {
    let skip = moment == .atTheEnd ? ["PROBE_SKIP_CHECK=1"] : []
    var launch = Launch(
      try builtProgram("Probe"), ["exec", example.command, "1"], environment: [example.path] + skip)
    if example.command == "sh" { launch.arguments = ["exec", "sh", "-c", "exit 0"] }
    launch.folder = Self.folder.path
    return try launch.run()
  }
}

// MARK: - Hardening

struct HardeningTests {
  @Test func `we write no core, are not traceable and keep files to their owner`() throws {
    var launch = Launch(try builtProgram("Probe"), ["hardened"])
    launch.environment.append(Array("SSLKEYLOGFILE=/nonexistent/keys".utf8))
    let outcome = try launch.run()
    #expect(outcome.status == .exited(0))
    #expect(
      outcome.errorText == "core=0 umask=63 dumpable=0\nkeylog=gone\nreadable0=true descriptor=3\n")
  }

  @Test(arguments: [[0], [0, 1], [1]] as [Set<Int32>])
  func `no file of ours takes the place of a closed standard descriptor`(closed: Set<Int32>) throws {
    var launch = Launch(try builtProgram("Probe"), ["hardened"])
    launch.closedDescriptors = closed
    let outcome = try launch.run()
    #expect(outcome.errorText.contains("readable0=\(!closed.contains(0)) descriptor=3\n"))
    #expect(outcome.status == .exited(closed.contains(1) ? 1 : 0))
  }

  @Test func `a crash shows no memory`() throws {
    var launch = Launch(try builtProgram("Probe"), ["crash", "made-up-secret"])
    launch.environment.append(Array("SWIFT_BACKTRACE=enable=yes,color=no,interactive=no".utf8))
    let outcome = try launch.run()
    #expect(outcome.status == .signaled(SIGILL) || outcome.status == .signaled(SIGTRAP))
    #expect(!outcome.errorText.contains("Registers") && !outcome.errorText.contains("made-up"))
  }

  @Test func `a crash shows no memory on a terminal either`() throws {
    var launch = Launch(try builtProgram("Probe"), ["crash", "made-up-secret"])
    launch.environment.append(Array("SWIFT_BACKTRACE=enable=yes,interactive=yes".utf8))
    let terminal = try PseudoTerminal(launch)
    let status = try terminal.waitForExit()
    #expect(status == .signaled(SIGILL) || status == .signaled(SIGTRAP))
    // Registers are shown when a key asks for them.
    #expect(!terminal.transcript.contains("rogram crashed"), "\(terminal.transcript)")
  }

  @Test(.enabled(if: geteuid() == 0, "only root can make a program setuid for another user"))
  func `a setuid copy of us does not run`() throws {
    let folder = ScratchFolder()
    let copy = folder.path + "/Probe"
    let made = try Launch(
      "/bin/sh", ["-c", "cp \"$0\" \"$1\" && chown 65534 \"$1\" && chmod 4755 \"$1\"", try builtProgram("Probe"), copy]
    ).run()
    #expect(made.status == .exited(0))
    #expect(try Launch(copy, ["hardened"]).run().errorText == "probe: elevated\n")
  }
}
