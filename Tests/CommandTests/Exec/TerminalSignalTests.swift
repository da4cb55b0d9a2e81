import Glibc
import TestSupport
import Testing

/// Signals from the keyboard and from other processes reach the command as often as they were sent.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled && Installed.has("python3"), "gnome-keyring or python3 is not installed"))
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
    scene = try Scene.withAlice()
    scene.scratch.write(Self.counter, to: "home/counter.py")
  }

  @Test(arguments: [("\u{3}", "SIGINT"), ("\u{1c}", "SIGQUIT")])
  func `a key that sends a signal sends it once`(key: String, signal: String) throws {
    let terminal = try start()
    for count in 1...3 {
      try terminal.send(key)
      try terminal.expect("got \(signal)")
      try expectCount([signal: count], on: terminal)
    }
  }

  @Test func `a window that changes its size says so once`() throws {
    let terminal = try start()
    for count in 1...3 {
      terminal.resize(rows: 20 + count, columns: 80)
      try terminal.expect("got SIGWINCH")
      try expectCount(["SIGWINCH": count], on: terminal)
    }
  }

  @Test(arguments: [(SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP"), (SIGUSR1, "SIGUSR1"), (SIGCONT, "SIGCONT")])
  func `a signal sent to the process that was started reaches the command once`(
    number: Int32, signal: String
  ) throws {
    let terminal = try start()
    kill(terminal.pid, number)
    try terminal.expect("got \(signal)")
    try expectCount([signal: 1], on: terminal)
    try terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGKILL])
  func `a command that a sent signal ends is seen so`(signal: Int32) throws {
    let terminal = try scene.terminal("exec daypass exec alice --no-session -- sh -c 'echo ready; exec sleep 1000'")
    try terminal.expect("ready")
    kill(terminal.pid, signal)
    #expect(try terminal.waitForExit() == .signaled(signal))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
  }

  private func start() throws -> PseudoTerminal {
    let terminal = try scene.terminal("exec daypass exec alice --no-session -- /usr/bin/python3 -I counter.py")
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
