import Glibc
import TestSupport
import Testing

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
    #expect(!terminal.transcript.contains("Registers") && !terminal.transcript.contains("made-up"))
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
