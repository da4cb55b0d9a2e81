import Foundation
import TestSupport
import Testing

/// What a process hands on besides its environment: the command gets what daypass was given, not what it gave itself.
@Suite(.keyring)
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
  /// Lines of /proc/self/status that differ between two runs of anything. `FDSize` is the room in the table of descriptors,
  /// which depends on how many our own process has open when it forks.
  private static let changing = [
    "Pid:", "FDSize:", "Tgid:", "PPid:", "Ngid:", "NStgid:", "NSpid:", "NSpgid:", "NSsid:", "Vm", "Rss", "SigQ:",
    "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:", "Cpus_allowed", "HugetlbPages:",
  ]

  @Test(arguments: [["--no-session"], ["--mfa-code", "{code}"], ["--server", "--mfa-code", "{code}"]])
  func `signals, masks and limits are those of a direct run`(options: [String]) throws {
    let scene = try Scene.withAlice()
    for preparation in Self.preparations {
      let options = try options.map(scene.filled)
      let pair = DirectAndThrough(["/bin/cat"] + Self.kernelFacts, after: preparation, options: options, in: scene) {
        $0.blockedSignals = [SIGUSR1, SIGCHLD, SIGALRM]
      }
      let outcomes = try pair.outcomes()
      let isChild = options.contains("--server")
      let expected = Self.constant(outcomes.direct.outputText, ofChild: isChild)
      #expect(
        Self.constant(outcomes.through.outputText, ofChild: isChild) == expected,
        "\(preparation): \(outcomes.through.errorText)")
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

  /// No child has its parent's pending signals and room for descriptors (fork(2)).
  private static func constant(_ facts: String, ofChild isChild: Bool) -> [String] {
    let changing = changing + (isChild ? ["FDSize:", "SigPnd:", "ShdPnd:"] : [])
    return facts.split(separator: "\n").map(withoutInternalSignals)
      .filter { line in !changing.contains { line.hasPrefix($0) } }
  }

  /// glibc keeps signals 32 and 33 to itself: posix_spawn(3) has the tests' children ignore them, and the first thread of a
  /// process takes 33 back.
  private static func withoutInternalSignals(_ line: Substring) -> String {
    guard line.hasPrefix("SigIgn:"), let ignored = UInt64(line.suffix(16), radix: 16) else { return String(line) }
    return "SigIgn: \(ignored & ~0x1_8000_0000)"
  }

  /// Each descriptor and what it leads to; pipes have another number in each run.
  private static func descriptors(_ outcome: Launch.Outcome) -> [String] {
    outcome.outputText.split(separator: "\n").map { line in
      line.contains("pipe:") || line.contains("/proc/") ? String(line.prefix { $0 != "[" && $0 != "/" }) : String(line)
    }.sorted()
  }
}

// MARK: - Closed descriptors

/// Started with standard descriptors closed, as by careless cron jobs and daemons.
@Suite(.keyring)
struct ClosedDescriptorTests {
  private static let combinations: [Set<Int32>] = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]
  private static let printing = [
    "export alice --no-session", "credential-process alice --no-session", "list", "whoami alice --no-session",
    "--version", "exec --help",
  ]

  @Test func `the command gets the descriptors that there are`() throws {
    let scene = try Scene.withAlice()
    for closed in Self.combinations {
      let lister = "/bin/ls -l /proc/$$/fd >list 2>/dev/null </dev/null"
      let pair = DirectAndThrough(["/bin/sh", "-c", lister], in: scene) { $0.closedDescriptors = closed }
      #expect(try pair.direct.run().status == .exited(0))
      let direct = try scene.scratch.text(of: "home/list")
      #expect(try pair.through.run().status == .exited(0), "\(closed)")
      #expect(Self.numbers(try scene.scratch.text(of: "home/list")) == Self.numbers(direct), "\(closed)")
    }
    try expectNoSecretInFiles(of: scene)
  }

  @Test(arguments: printing)
  func `output that nobody can get is an error, and is in no file`(command: String) throws {
    let scene = try Scene.withAlice()
    let whole = try scene.run("daypass \(command)")
    for closed in Self.combinations {
      var launch = scene.launch("exec daypass \(command)")
      launch.closedDescriptors = closed
      let outcome = try launch.run()
      #expect(outcome.status == .exited(closed.contains(1) ? 1 : 0), "\(closed)")
      #expect(outcome.output == (closed.contains(1) ? [] : whole.output), "\(closed)")
      let says = closed.contains(1) && !closed.contains(2)
      #expect(outcome.errorText == (says ? "daypass: cannot write the output: Bad file descriptor\n" : ""), "\(closed)")
    }
    try expectNoSecretInFiles(of: scene)
  }

  /// Whatever takes the place of a closed one would be written to, or read, by whoever means the standard descriptor.
  @Test(.enabled(if: Installed.has("strace"), "strace is not installed"))
  func `nothing but dev null takes the place of a closed descriptor`() throws {
    let scene = try Scene.withAlice()
    for closing in ["0<&-", "1>&-", "2>&-", "0<&- 1>&-", "0<&- 2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"] {
      // A file for each process, or calls of two would share a line.
      _ = try scene.run(
        "strace -ff -o trace -e trace=openat,socket,socketpair,pipe2,eventfd2,epoll_create1,memfd_create,accept4"
          + " sh -c 'exec daypass whoami alice --no-session \(closing)'")
      let calls = try scene.prepare("cat trace.*; rm trace.*").split(separator: "\n")
      let inPlace = calls.filter {
        $0.contains(/\) = [0-2]$/) && !$0.contains("pair(") && !$0.contains("pipe2(")
          || $0.contains(/\[[0-2],|, [0-2]\]/)
      }
      let ofOthers = inPlace.filter { call in
        // Loader and runtime come before us, and close what they open.
        !["\"/dev/null\"", ".so", "\"/proc/self/", "\"/sys/"].contains { call.contains($0) }
      }
      #expect(ofOthers == [], "\(closing)")
      #expect(inPlace.contains { $0.contains("\"/dev/null\"") } && calls.contains { $0.contains("socket(AF_INET") })
    }
  }

  private func expectNoSecretInFiles(of scene: Scene) throws {
    #expect(try SecretSweep(scene).files() == [])
  }

  /// The numbers in a listing, and what is not a pipe.
  private static func numbers(_ listing: String) -> [String] {
    listing.split(separator: "\n").compactMap { line in
      line.split(separator: " -> ").first?.split(separator: " ").last.map(String.init)
    }
  }
}

// MARK: - File modes

/// What daypass leaves in the file system, whatever umask it is started with.
@Suite(.keyring)
struct FileModeTests {
  @Test(arguments: ["000", "022", "077", "277"])
  func `new files are the user's alone, and the command's umask stays`(umask: String) throws {
    let scene = try Scene()
    try FileManager.default.removeItem(atPath: scene.home + "/.aws")
    try scene.prepare(
      "umask \(umask); printf 'AKIAIOSFODNN7EXAMPLE\\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\\n'"
        + " | daypass add alice --stdin --no-verify")
    let modes = try scene.prepare("find . -mindepth 1 -printf '%M %p\\n' | sort")
    #expect(modes == "-rw------- ./.aws/config\ndrwx------ ./.aws\n")
    let inCommand = try scene.prepare(
      "umask \(umask); daypass exec alice --no-session -- sh -c 'umask; : >made; mkdir folder'")
    #expect(inCommand == "0\(umask)\n")
    let made = try scene.prepare("stat -c %a made folder")
    let bits = try #require(Int(umask, radix: 8))
    #expect(made == "\(String(0o666 & ~bits, radix: 8))\n\(String(0o777 & ~bits, radix: 8))\n")
  }

  @Test func `a file that is changed keeps its mode`() throws {
    let scene = try Scene(config: "[default]\nregion = eu-west-1\n")
    try scene.prepare(
      "chmod 640 .aws/config; umask 000; printf 'AKIAIOSFODNN7EXAMPLE\\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\\n'"
        + " | daypass add alice --stdin --no-verify")
    #expect(try scene.prepare("stat -c %a .aws/config; ls -A .aws") == "640\nconfig\n")
  }
}

// MARK: - Resource limits

/// Started with hardly any resources: daypass does its work or says what it lacks, and leaves no core file.
@Suite(.keyring)
struct ResourceLimitTests {
  private static let limits = [
    "ulimit -n 4", "ulimit -n 5", "ulimit -n 6", "ulimit -n 7", "ulimit -n 8", "ulimit -n 9", "ulimit -n 10",
    "ulimit -v 32768", "ulimit -v 49152", "ulimit -v 65536", "ulimit -v 131072", "ulimit -f 0", "ulimit -l 0",
    "ulimit -s 128", "ulimit -c unlimited",
  ]
  private static let enough: Set = ["ulimit -f 0", "ulimit -l 0", "ulimit -s 128", "ulimit -c unlimited"]

  @Test(arguments: ["exec alice --no-session -- /bin/true", "whoami alice --no-session", "list"])
  func `limits are lived with or named`(command: String) throws {
    let scene = try Scene.withAlice()
    for limit in Self.limits {
      let outcome = try scene.run("ulimit -c $(ulimit -H -c); \(limit); exec daypass \(command)")
      expectCleanEnd(of: outcome, under: limit)
      if Self.enough.contains(limit) { #expect(outcome.status == .exited(0), "\(limit): \(outcome.errorText)") }
    }
    #expect(try scene.scratch.names(in: "home") == [".aws"], "no core file")
  }

  /// root is not held to this limit, so as nobody, who can read the config and does not own the bus.
  @Test(
    .enabled(if: Installed.has("prlimit", "setpriv"), "prlimit or setpriv is not installed"), arguments: [0, 1, 2])
  func `a limit on processes is reported`(processes: Int) throws {
    let scene = try Scene.withAlice()
    chmod(scene.scratch.path, 0o755)
    scene.scratch.write("[profile alice]\n", to: "config-of-nobody", mode: 0o644)
    let user = geteuid() == 0 ? "setpriv --reuid=65534 --clear-groups" : ""
    let outcome = try scene.run(
      "exec prlimit --nproc=\(processes) \(user) daypass exec alice --no-session -- /bin/true",
      environment: ["AWS_CONFIG_FILE": scene.scratch.path("config-of-nobody"), "HOME": "/nonexistent"])
    expectCleanEnd(of: outcome, under: "\(processes) processes")
    #expect(outcome.status != .exited(0))
  }

  @Test func `a config that cannot be written is reported and stays as it was`() throws {
    let scene = try Scene(config: "[default]\nregion = eu-west-1\n")
    let outcome = try scene.run(
      "ulimit -f 0; exec daypass add alice --stdin --no-verify",
      input: "AKIAIOSFODNN7EXAMPLE\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n")
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText.contains(": File too large\n"), "\(outcome.errorText)")
    #expect(try scene.configText == "[default]\nregion = eu-west-1\n")
    #expect(try scene.scratch.names(in: "home/.aws") == ["config"])
  }

  /// An exit, with words on stderr if it is a failure; the loader's own, before we are there to say anything, count.
  private func expectCleanEnd(of outcome: Launch.Outcome, under limit: String) {
    guard case .exited(let status) = outcome.status else {
      Issue.record("\(limit): \(outcome.status)")
      return
    }
    #expect(status == 0 || outcome.errorText.contains("daypass: "), "\(limit): \(status) \(outcome.errorText)")
    #expect(!outcome.errorText.contains("Fatal error") && !outcome.errorText.contains("Registers"), "\(limit)")
  }
}

// MARK: - The working folder

/// The working folder is the command's business: nothing of daypass's is looked for there.
@Suite(.keyring)
struct WorkingFolderTests {
  private static let commands = [
    "exec alice --no-session -- /bin/true", "exec alice --mfa-code {code} -- /bin/true", "list", "export alice",
    "whoami alice", "list-buckets alice", "credential-process alice",
  ]

  @Test(arguments: ["mkdir gone; cd gone; rmdir ../gone", "mkdir -p closed; cd closed; chmod 0 ."])
  func `a folder that is gone or closed is no obstacle`(preparation: String) throws {
    let scene = try Scene.withAlice()
    let pair = DirectAndThrough(["/bin/ls", "/proc/self/fd/0"], after: preparation + " 2>/dev/null", in: scene)
    let outcomes = try pair.outcomes()
    #expect(outcomes.direct == outcomes.through)
    #expect(outcomes.through.status == .exited(0), "\(outcomes.through.errorText)")
    try scene.prepare("rm -rf closed; \(preparation); daypass list")
  }

  @Test func `programs and files of our helpers' names are neither run nor read there`() throws {
    let scene = try Scene.withAlice()
    let mark = "#!/bin/sh\necho \"$0\" >>\(scene.home)/ran\n"
    let programs = [
      "aws", "zenity", "kdialog", "pinentry", "xdg-open", "dbus-launch", "gnome-keyring-daemon", "daypass", "sh",
      "secret-tool", "gpg-agent",
    ]
    let files = [
      ".aws/config", ".aws/credentials", ".netrc", ".curlrc", "openssl.cnf", "libcurl.so.4",
      "libcrypto.so.3", "libexpat.so.1", "libsecret-1.so.0",
    ]
    scene.scratch.makeFolder("home/hostile")
    scene.scratch.makeFolder("home/hostile/.aws")
    for program in programs { scene.scratch.write(mark, to: "home/hostile/" + program, mode: 0o755) }
    for file in files { scene.scratch.write("[default]\nregion = hostile\n", to: "home/hostile/" + file) }
    for command in Self.commands {
      let outcome = try scene.run("cd hostile && daypass \(command)")
      #expect(outcome.status == .exited(0), "\(command): \(outcome.errorText)")
      #expect(!outcome.outputText.contains("hostile"))
    }
    #expect(!FileManager.default.fileExists(atPath: scene.home + "/ran"))
  }

  @Test(.enabled(if: Installed.has("strace"), "strace is not installed"), arguments: commands)
  func `no path is looked up from the working folder`(command: String) throws {
    let scene = try Scene.withAlice()
    if !command.contains("{code}") { try scene.prepare("daypass exec alice --mfa-code {code} -- true") }
    try scene.prepare("strace -f -e trace=%file -o trace daypass \(command)")
    // strace itself looks for daypass before.
    let calls = try scene.scratch.text(of: "home/trace").split(separator: "\n")
    let fromHere = calls.filter { line in
      let path = line.split(separator: "\"").dropFirst().first ?? "/"
      let isBelow = line.contains("(AT_FDCWD") || !line.contains("at(") && !line.contains("statx(")
      return isBelow && line.contains("(") && !path.hasPrefix("/")
    }
    #expect(fromHere.filter { !$0.contains("exited with") && $0.contains("\"") } == [])
    #expect(calls.contains { $0.contains("\(scene.home)/.aws/config") })
  }
}

// MARK: - The home folder

/// HOME and XDG_RUNTIME_DIR that lead nowhere, or to folders of others.
@Suite(.keyring)
struct HomeFolderTests {
  private static let entering = "printf 'AKIAIOSFODNN7EXAMPLE\\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\\n' | "

  @Test(arguments: ["exec alice --no-session -- true", "list", "add bob --stdin --no-verify"])
  func `a HOME that is not set or not a path from the root is refused`(command: String) throws {
    let scene = try Scene.withAlice()
    // A config that a relative HOME would find.
    try scene.prepare("mkdir -p elsewhere/home; cp -r .aws elsewhere/home/")
    let homes = [
      ("unset HOME", "HOME is not set, so the files in ~/.aws cannot be found"),
      ("HOME=", "HOME is not set, so the files in ~/.aws cannot be found"),
      ("HOME=home", "HOME is 'home', which is not an absolute path, so the files in ~/.aws cannot be found"),
      ("HOME=./home", "HOME is './home', which is not an absolute path, so the files in ~/.aws cannot be found"),
    ]
    for (home, problem) in homes {
      let outcome = try scene.run("cd elsewhere; export HOME; \(home); \(Self.entering) daypass \(command)")
      #expect(outcome.status == .exited(65), "\(home)")
      #expect(outcome.errorText.hasPrefix("daypass: \(problem)\n"), "\(outcome.errorText)")
      #expect(outcome.errorText.contains("set HOME, or AWS_CONFIG_FILE, to a full path"))
      let other = try scene.run("export HOME; \(home); AWS_CONFIG_FILE=/dev/null daypass list")
      #expect(other.errorText.contains("set HOME, or AWS_SHARED_CREDENTIALS_FILE, to a full path"))
    }
    #expect(
      try scene.prepare("cd elsewhere; cmp home/.aws/config ../.aws/config; find . -type f") == "./home/.aws/config\n")
  }

  @Test func `a HOME that is missing is a config without profiles, and is not made`() throws {
    let scene = try Scene.withAlice()
    let gone = scene.home + "/gone"
    let exec = try scene.run("daypass exec alice --no-session -- true", environment: ["HOME": gone])
    #expect(exec.status == .exited(66), "\(exec.errorText)")
    let add = try scene.run(Self.entering + "daypass add bob --stdin --no-verify", environment: ["HOME": gone])
    #expect(add.status == .exited(1))
    #expect(add.errorText.contains("cannot write \(gone)/.aws/config: No such file or directory"), "\(add.errorText)")
    #expect(!FileManager.default.fileExists(atPath: gone))
  }

  @Test(
    .enabled(if: geteuid() == 0, "only root can give a folder to another user"),
    arguments: ["HOME={}", "HOME={}; mkdir -p {}/.aws; chown 65534 {}/.aws", "AWS_CONFIG_FILE={}/config"])
  func `nothing is written into a folder of another user`(setting: String) throws {
    let scene = try Scene.withAlice()
    let foreign = scene.scratch.makeFolder("foreign")
    let setting = setting.replacing("{}", with: foreign)
    let outcome = try scene.run(
      "chown 65534 \(foreign); chmod 777 \(foreign); export HOME AWS_CONFIG_FILE; \(setting);"
        + Self.entering + "daypass add bob --stdin --no-verify")
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText.contains("belongs to another user"), "\(outcome.errorText)")
    #expect(try scene.prepare("find \(foreign) -type f") == "")
  }

  @Test func `XDG_RUNTIME_DIR without a bus of ours is refused, and nothing is written there`() throws {
    let scene = try Scene.withAlice()
    scene.environment["DBUS_SESSION_BUS_ADDRESS"] = nil
    try scene.prepare("mkdir open; chmod 777 open; mkdir real; ln -s real link; : >file")
    let folders = ["/nonexistent", "open", "{home}/open", "{home}/link", "{home}/file", "{home}/real", ""]
    for folder in folders {
      let outcome = try scene.run(
        "daypass exec alice --no-session -- true", environment: ["XDG_RUNTIME_DIR": try scene.filled(folder)])
      #expect(outcome.status == .exited(69), "\(folder)")
      #expect(outcome.errorText.hasPrefix("daypass: no session bus: "), "\(outcome.errorText)")
    }
    #expect(try scene.prepare("find open real link/ file -mindepth 1 -o -type f -size +0") == "")
  }

  @Test func `a XDG_RUNTIME_DIR that leads to our bus is used, by whatever way and mode`() throws {
    let scene = try Scene.withAlice()
    let runtime = try #require(scene.environment["XDG_RUNTIME_DIR"])
    scene.environment["DBUS_SESSION_BUS_ADDRESS"] = nil
    try scene.prepare("ln -s \(runtime) link")
    let files = try scene.prepare("find \(runtime) -type f")
    for folder in [runtime, "\(scene.home)/link"] {
      let outcome = try scene.run(
        "chmod 777 \(runtime); daypass exec alice --no-session -- true", environment: ["XDG_RUNTIME_DIR": folder])
      #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    }
    #expect(try scene.prepare("find \(runtime) -type f") == files)
  }
}
