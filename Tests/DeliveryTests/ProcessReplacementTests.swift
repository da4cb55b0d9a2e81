import Glibc
import TestSupport
import Testing

@testable import Delivery

struct ProcessReplacementTests {
  private static let ours = [
    "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=made-up/secret+key=", "AWS_SESSION_TOKEN=made-up-token",
    "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1", "DAYPASS_PROFILE=prod",
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

  @Test func `hostile values reach the command as they are`() throws {
    for value in HostileValues.crafted where HostileValues.isText(value) && value.count < 100 {
      var launch = try probe(["/usr/bin/env", "-0"])
      launch.environment.append(Array("PROBE_TOKEN=".utf8) + value)
      let outcome = try launch.run()
      let given = outcome.output.split(separator: 0).filter { $0.starts(with: "AWS_SESSION_TOKEN=".utf8) }
      #expect(given.map { Array($0.dropFirst("AWS_SESSION_TOKEN=".utf8.count)) } == [value])
    }
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
