import Foundation
import TestSupport
import Testing

/// What a process hands on besides its environment: the command gets what daypass was given, not what it gave itself.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct InheritanceTests {
  /// What the parent did before it started daypass, or the command itself.
  private static let preparations = [
    ":", "trap '' INT", "trap '' HUP QUIT USR1 PIPE CHLD XFSZ", "umask 000", "umask 077", "umask 022",
    "ulimit -S -c 0", "ulimit -S -c $(ulimit -H -c)", "ulimit -n 64", "ulimit -S -n 40", "ulimit -f 100",
    "ulimit -t 99",
    "ulimit -S -s 4096", "ulimit -S -l 0", "ulimit -S -v 4000000", "cd /usr/bin",
  ]
  private static let kernelFacts = [
    "/proc/self/status", "/proc/self/limits", "/proc/self/timerslack_ns", "/proc/self/oom_score_adj",
    "/proc/self/coredump_filter", "/proc/self/cgroup", "/proc/self/personality",
  ]
  /// Lines of /proc/self/status that differ between two runs of anything.
  private static let changing = [
    "Pid:", "Tgid:", "PPid:", "Ngid:", "NStgid:", "NSpid:", "NSpgid:", "NSsid:", "Vm", "Rss", "SigQ:",
    "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:", "Cpus_allowed", "HugetlbPages:",
  ]

  @Test(arguments: [["--no-session"], ["--mfa-code", "{code}"]])
  func `signals, masks and limits are those of a direct run`(options: [String]) throws {
    let scene = try Scene.withAlice()
    for preparation in Self.preparations {
      let options = try options.map(scene.filled)
      let pair = DirectAndThrough(["/bin/cat"] + Self.kernelFacts, after: preparation, options: options, in: scene) {
        $0.blockedSignals = [SIGUSR1, SIGCHLD, SIGALRM]
      }
      let outcomes = try pair.outcomes()
      let expected = Self.constant(outcomes.direct.outputText)
      #expect(Self.constant(outcomes.through.outputText) == expected, "\(preparation): \(outcomes.through.errorText)")
      #expect(expected.contains { $0.hasPrefix("SigBlk") } && expected.contains { $0.hasPrefix("Max open files") })
    }
  }

  @Test(.enabled(if: Installed.has("python3"), "python3 is not installed"))
  func `priority, folder, timers and being dumpable are those of a direct run`() throws {
    let scene = try Scene.withAlice()
    let facts = """
      import ctypes, os, resource, signal
      prctl = ctypes.CDLL(None).prctl
      death, subreaper = ctypes.c_int(), ctypes.c_int()
      prctl(2, ctypes.byref(death)); prctl(37, ctypes.byref(subreaper))
      print(os.nice(0), os.getcwd(), os.sched_getscheduler(0), os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid())
      print(prctl(3), death.value, subreaper.value, prctl(39, 0, 0, 0, 0), prctl(30), signal.sigpending())
      print(round(signal.getitimer(signal.ITIMER_REAL)[0], -3), [os.get_blocking(n) for n in range(3)])
      """
    let starter = """
      import ctypes, os, signal, sys
      ctypes.CDLL(None).prctl(1, 12)
      signal.setitimer(signal.ITIMER_REAL, 5000)
      signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
      os.kill(os.getpid(), signal.SIGUSR1); os.nice(3); os.execv(sys.argv[1], sys.argv[1:])
      """
    let pair = DirectAndThrough(
      ["/usr/bin/python3", "-I", "-c", facts], after: "set -- /usr/bin/python3 -I -c \"$STARTER\" \"$@\"", in: scene
    ) { $0.environment.append(Array("STARTER=\(starter)".utf8)) }
    let outcomes = try pair.outcomes()
    #expect(outcomes.through == outcomes.direct)
    #expect(outcomes.direct.outputText.contains("\n1 12 0 0 "), "\(outcomes.direct)")
    #expect(outcomes.direct.outputText.contains("SIGUSR1"))
  }

  @Test(arguments: [["--no-session"], ["--mfa-code", "{code}"]], [3..<3, 3..<4, 3..<64])
  func `the command's descriptors are the user's, and none of ours`(
    options: [String], descriptors: Range<Int32>
  ) throws {
    let scene = try Scene.withAlice()
    let command = ["/usr/bin/find", "/proc/self/fd", "-type", "l", "-printf", "%f %l\n"]
    let pair = DirectAndThrough(command, options: try options.map(scene.filled), in: scene) { launch in
      for descriptor in descriptors { launch.files[descriptor] = scene.scratch.write("", to: "file\(descriptor)") }
    }
    let outcomes = try pair.outcomes()
    let (direct, through) = (Self.descriptors(outcomes.direct), Self.descriptors(outcomes.through))
    #expect(through == direct, "\(outcomes.through.errorText)")
    #expect(direct.count { $0.contains("/file") } == descriptors.count)
  }

  private static func constant(_ facts: String) -> [String] {
    facts.split(separator: "\n").map(String.init).filter { line in !changing.contains { line.hasPrefix($0) } }
  }

  /// Each descriptor and what it leads to; pipes have another number in each run.
  private static func descriptors(_ outcome: Launch.Outcome) -> [String] {
    outcome.outputText.split(separator: "\n").map { line in
      line.contains("pipe:") || line.contains("/proc/") ? String(line.prefix { $0 != "[" && $0 != "/" }) : String(line)
    }.sorted()
  }
}
