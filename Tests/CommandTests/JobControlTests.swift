import Glibc
import TestSupport
import Testing

/// How a command gets credentials: daypass is replaced by it, or serves them to its child.
enum ExecMode: String, CaseIterable {
  case replaced = "daypass exec alice --no-session --"
  case served = "daypass exec --server bob --"
}

extension Scene {
  /// Alice, and bob, who needs no MFA.
  static func withBob() throws -> Scene {
    let scene = try Scene(config: config + "\n[profile bob]\nregion = eu-west-1\n")
    try scene.storeKey(of: "alice")
    try scene.storeKey(of: "bob")
    return scene
  }
}

/// An interactive shell with `daypass exec` as its job: what Ctrl-Z, `fg` and `bg` do, and the terminal after each.
@Suite(
  .keyring, .enabled(if: Installed.has("bash", "vi", "less"), "bash, vi or less is not installed"))
struct JobControlTests {
  private let scene: Scene
  private let terminal: PseudoTerminal
  /// The terminal while the shell waits for a command.
  private let modeAtPrompt: String

  init() throws {
    scene = try Scene.withBob()
    scene.environment.merge(["PS1": "<ready>", "TERM": "vt100", "LESS": "", "HISTFILE": "/dev/null"]) { $1 }
    scene.scratch.write((1...200).map { "line \($0)\n" }.joined(), to: "home/text")
    terminal = try scene.terminal("exec bash --norc --noprofile -i")
    try terminal.expect("<ready>")
    modeAtPrompt = terminal.modeDescription()
    #expect(modeAtPrompt != terminal.modeAtStart)
  }

  @Test(arguments: ExecMode.allCases) func `a job stops, goes on in the foreground and in the background, and ends`(
    mode: ExecMode
  ) throws {
    try type("\(mode.rawValue) sh -c 'echo begun; exec cat'")
    try terminal.expect("begun\r\n")
    try stop()
    try type("fg")
    try terminal.expect("exec cat'\r\n")
    try terminal.send("hello\n")
    try terminal.expect("hello\r\nhello\r\n")
    try stop()
    // In the background it may not read from the terminal.
    try type("bg; wait -n; jobs")
    try terminal.expect("Stopped")
    try expectPrompt()
    try type("fg")
    try terminal.expect("exec cat'\r\n")
    try terminal.send("\u{4}")
    try expectPrompt()
    try type("echo status=$?")
    try terminal.expect("status=0\r\n")
  }

  @Test(arguments: ExecMode.allCases) func `Ctrl-C ends a job with the status of a direct run`(mode: ExecMode) throws {
    for prefix in ["", mode.rawValue] {
      try type("\(prefix) sh -c 'echo begun; exec sleep 1000'")
      try terminal.expect("begun\r\n")
      try terminal.send("\u{3}")
      try expectPrompt()
      try type("echo status=$?")
      try terminal.expect("status=130\r\n")
      try expectPrompt()
    }
  }

  @Test(arguments: ExecMode.allCases) func `a job in the background goes on, and is ended by its number`(mode: ExecMode)
    throws
  {
    try type("\(mode.rawValue) sleep 1000 &")
    try expectPrompt()
    try type("jobs -r")
    try terminal.expect("Running")
    try expectPrompt()
    try type("kill %1; wait %1; echo status=$?")
    try terminal.expect("status=143\r\n")
  }

  @Test func `the command is in the foreground, in a group of its own`() throws {
    let facts = "import os; print(os.tcgetpgrp(0) == os.getpgrp() == os.getpid() != os.getsid(0), os.getppid())"
    try type("\(ExecMode.replaced.rawValue) /usr/bin/python3 -I -c '\(facts)'; echo shell=$$")
    try terminal.expect("True ")
    let parent = try terminal.expect("\r\n")
    try terminal.expect("shell=\(parent)\r\n")
  }

  @Test(arguments: [("vi -u NONE text", ":q!\n"), ("less text", "q")], ExecMode.allCases)
  func `vi and less get the terminal and give it back`(_ program: (command: String, end: String), mode: ExecMode) throws
  {
    try type("\(mode.rawValue) \(program.command)")
    try terminal.expect("line 3")
    #expect(eventually { !terminal.echoes })
    try stop()
    try type("fg")
    try terminal.expect("line 3")
    try terminal.send(program.end)
    try expectPrompt()
  }

  @Test(arguments: ExecMode.allCases) func `a shell in the command has jobs of its own`(mode: ExecMode) throws {
    try type("PS1='<inner>' \(mode.rawValue) bash --norc --noprofile -i")
    try terminal.expect("<inner>")
    #expect(eventually { terminal.modeDescription() == modeAtPrompt })
    try type("sh -c 'echo begun; exec cat'")
    try terminal.expect("begun\r\n")
    try terminal.send("\u{1a}")
    try terminal.expect("Stopped")
    try terminal.expect("<inner>")
    try type("fg")
    try terminal.expect("exec cat'\r\n")
    // Only its answer tells that it has the terminal, and that Ctrl-C will be for it.
    try terminal.send("hello\n")
    try terminal.expect("hello\r\nhello\r\n")
    try terminal.send("\u{3}")
    try terminal.expect("<inner>")
    try type("exit 7")
    try expectPrompt()
    try type("echo status=$?")
    try terminal.expect("status=7\r\n")
  }

  /// Enters a command, and passes over its echo.
  private func type(_ command: String) throws {
    try terminal.send(command + "\n")
    try terminal.expect("\r\n")
  }

  /// Ctrl-Z; the shell takes the terminal back.
  private func stop() throws {
    try terminal.send("\u{1a}")
    try terminal.expect("Stopped")
    try expectPrompt()
  }

  /// Waits until the shell asks for the next command, in the terminal as it was at the first.
  private func expectPrompt() throws {
    try terminal.expect("<ready>")
    #expect(eventually { terminal.modeDescription() == modeAtPrompt })
  }
}

// MARK: - Signals

/// Signals from the keyboard and from other processes reach the command as often as they were sent.
@Suite(
  .keyring, .enabled(if: Installed.has("python3"), "python3 is not installed"))
struct TerminalSignalTests {
  /// Says each signal it gets, and on a line of input how often it got which. A signal that comes just before it waits
  /// again wakes it up through the pipe: Python runs its handlers only when it is awake.
  private static let counter = """
    import collections, os, select, signal
    seen = collections.Counter()
    def note(number, frame):
        name = signal.Signals(number).name
        seen[name] += 1
        os.write(1, b"got " + name.encode() + b"\\n")
    wake, poke = os.pipe()
    os.set_blocking(poke, False)
    signal.set_wakeup_fd(poke)
    for number in (1, 2, 3, 10, 15, 18, 28): signal.signal(number, note)
    print("ready", flush=True)
    while True:
        ready = select.select([0, wake], [], [])[0]
        if wake in ready: os.read(wake, 100)
        if 0 in ready:
            if not os.read(0, 100): break
            print("count", dict(seen), flush=True)
    """

  private let scene: Scene

  init() throws {
    scene = try Scene.withBob()
    scene.scratch.write(Self.counter, to: "home/counter.py")
  }

  @Test(arguments: [("\u{3}", "SIGINT"), ("\u{1c}", "SIGQUIT")], ExecMode.allCases)
  func `a key that sends a signal sends it once`(_ key: (String, name: String), mode: ExecMode) throws {
    let (key, signal) = key
    let terminal = try start(mode)
    for count in 1...3 {
      try terminal.send(key)
      try terminal.expect("got \(signal)")
      try expectCount([signal: count], on: terminal)
    }
  }

  @Test(arguments: ExecMode.allCases) func `a window that changes its size says so once`(mode: ExecMode) throws {
    let terminal = try start(mode)
    for count in 1...3 {
      terminal.resize(rows: 20 + count, columns: 80)
      try terminal.expect("got SIGWINCH")
      try expectCount(["SIGWINCH": count], on: terminal)
    }
  }

  @Test(
    arguments: [(SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP"), (SIGUSR1, "SIGUSR1"), (SIGCONT, "SIGCONT")],
    ExecMode.allCases)
  func `a signal sent to the process that was started reaches the command once`(
    _ signal: (number: Int32, name: String), mode: ExecMode
  ) throws {
    let (number, signal) = signal
    let terminal = try start(mode)
    kill(terminal.pid, number)
    try terminal.expect("got \(signal)")
    try expectCount([signal: 1], on: terminal)
    try terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGABRT, SIGKILL], ExecMode.allCases)
  func `a command that a sent signal ends is seen so`(signal: Int32, mode: ExecMode) throws {
    let terminal = try scene.terminal("exec \(mode.rawValue) sh -c 'echo ready; exec sleep 1000'")
    try terminal.expect("ready")
    kill(terminal.pid, signal)
    #expect(try terminal.waitForExit() == .signaled(signal))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
  }

  private func start(_ mode: ExecMode) throws -> PseudoTerminal {
    let terminal = try scene.terminal("exec \(mode.rawValue) /usr/bin/python3 -I counter.py")
    try terminal.expect("ready")
    return terminal
  }

  private func expectCount(_ counts: [String: Int], on terminal: PseudoTerminal) throws {
    try terminal.send("\n")
    try terminal.expect("count ")
    let seen = try terminal.expect("\r\n")
    #expect(seen == "{" + counts.map { "'\($0)': \($1)" }.joined() + "}")
  }
}
