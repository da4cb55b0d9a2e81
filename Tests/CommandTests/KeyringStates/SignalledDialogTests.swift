import Glibc
import TestSupport
import Testing

/// Signals to daypass while the keyring's dialog is open.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: ScriptedPrompter.isInstalled, "python3-gi or gir1.2-gcr-3 is not installed"))
struct SignalledDialogTests {
  private static let rounds = Soak.rounds(3, soak: 100)
  private let scene: Scene
  private let prompter: ScriptedPrompter
  private let connections: Int

  init() throws {
    scene = try Scene.withAlice()
    prompter = try scene.lock(before: .absent)
    connections = scene.keyring.bus.connectionCount
  }

  @Test(arguments: [SIGKILL, SIGTERM, SIGINT, SIGHUP])
  func `a signal ends daypass and its worker, and neither keyring nor terminal`(signal: Int32) throws {
    for round in 1...Self.rounds {
      let terminal = try scene.terminal("exec daypass whoami alice --no-session")
      try prompter.waitForDialog(round)
      kill(terminal.pid, signal)
      #expect(try terminal.waitForExit() == .signaled(signal))
      #expect(terminal.modeDescription() == terminal.modeAtStart)
      #expect(eventually { scene.keyring.bus.connectionCount == connections })
      try closeDialog(round)
    }
    publish(figure: "signal \(signal) with the dialog open: keyring alive", "\(Self.rounds) of \(Self.rounds)")
  }

  @Test func `ctrl-C in the shell ends daypass and its worker`() throws {
    let shell = try scene.terminal("exec bash --norc --noprofile -i")
    for round in 1...Self.rounds {
      try shell.send("daypass whoami alice --no-session\n")
      try prompter.waitForDialog(round)
      try shell.send("\u{3}")
      try shell.send("echo \"ended: $?\"\n")
      try shell.expect("ended: 130")
      #expect(eventually { scene.keyring.bus.connectionCount == connections })
      try closeDialog(round)
    }
  }

  @Test func `ctrl-Z stops daypass, and fg lets it go on`() throws {
    let shell = try scene.terminal("exec bash --norc --noprofile -i")
    for round in 1...Self.rounds {
      try shell.send("daypass whoami alice --no-session\n")
      try prompter.waitForDialog(round)
      try shell.send("\u{1a}")
      try shell.expect("Stopped")
      try shell.send("fg\n")
      try prompter.become(.willing)
      try shell.expect("arn:aws:iam::123456789012:user/alice")
      try prompter.become(.absent)
      try scene.keyring.lock()
      #expect(scene.keyring.isAlive)
    }
  }

  /// The dialog outlives the command that it was opened for.
  private func closeDialog(_ number: Int) throws {
    try prompter.become(.unwilling)
    #expect(eventually { prompter.dialogsTakenAway == number })
    try prompter.become(.absent)
    #expect(scene.keyring.isAlive)
  }
}
