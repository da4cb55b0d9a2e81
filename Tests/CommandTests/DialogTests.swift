import Foundation
import Glibc
import TestSupport
import Testing

/// What a command and the keyring make of the dialog that asks for the keyring's password.
@Suite(
  .keyring,
  .enabled(if: ScriptedPrompter.isInstalled, "python3-gi or gir1.2-gcr-3 is not installed"))
struct DialogTests {
  private let scene: Scene

  init() throws { scene = try Scene.withAlice() }

  @Test(arguments: KeyringCommand.allCases)
  func `a password entered in the dialog lets the command go on`(command: KeyringCommand) throws {
    let prompter = try scene.lock(before: .willing)
    let outcome = try command.start(in: scene).outcome()
    #expect(outcome.status == .exited(0), "\(outcome.errors)")
    #expect(prompter.dialogs == (command == .list ? 0 : 1))
  }

  @Test(arguments: zip([KeyringCommand.whoami, .remove, .exec, .credentialProcess], ["", "", "Login", "login"]))
  func `a key is found after the first dialog of a session`(command: KeyringCommand, collection: String) throws {
    scene.keyring.kill()
    try scene.keyring.startNeverUnlocked()
    scene.environment["DISPLAY"] = ":79"
    scene.environment["DAYPASS_COLLECTION"] = collection
    let prompter = try ScriptedPrompter(.willing, before: scene.keyring)
    let outcome = try command.start(in: scene).outcome()
    #expect(outcome.status == .exited(0), "\(outcome.errors)")
    #expect(prompter.dialogs == 1)
  }

  @Test func `a keyring that another command's dialog opened meanwhile is looked into again`() throws {
    let prompter = try scene.lock(before: .willing)
    // The question whether the collection is locked comes after a search that found a locked item.
    let held = try HeldBus(before: scene.keyring.bus, holding: "Get")
    let first = try KeyringCommand.whoami.start(in: scene, onBus: held.address)
    try held.waitForCall()
    #expect(try KeyringCommand.whoami.start(in: scene).outcome().status == .exited(0))
    try held.release()
    let outcome = try first.outcome()
    #expect(outcome.status == .exited(0), "\(outcome.errors)")
    #expect(prompter.dialogs == 1)
  }

  @Test func `what the hint of a locked keyring says opens it`() throws {
    try scene.keyring.lock()
    let hint = try KeyringCommand.whoami.start(in: scene).outcome().errors.split(separator: "hint: in a terminal: ")
    try #require(hint.count == 2)
    try scene.follow(String(hint[1]), typing: PrivateKeyring.password, at: ["Keyring password (hidden): "])
    #expect(try KeyringCommand.whoami.start(in: scene).outcome().status == .exited(0))
  }

  @Test func `what the hint of a missing collection says makes it`() throws {
    scene.keyring.kill()
    try scene.keyring.startWithoutCollection()
    let hint = try KeyringCommand.add.start(in: scene).outcome().errors.split(separator: "you choose: ")
    try #require(hint.count == 2)
    let prompts = ["New keyring password (hidden): ", "The same password again (hidden): "]
    try scene.follow(String(hint[1]), typing: "another password", at: prompts)
    #expect(try KeyringCommand.add.start(in: scene).outcome().status == .exited(0))
  }

  @Test func `what the hint of a missing keyring says starts it`() throws {
    scene.keyring.kill()
    let hint = try KeyringCommand.whoami.start(in: scene).outcome().errors.split(separator: "gnome-keyring; then: ")
    try #require(hint.count == 2)
    try scene.follow(String(hint[1]), typing: PrivateKeyring.password, at: ["Keyring password (hidden): "])
    #expect(try KeyringCommand.whoami.start(in: scene).outcome().status == .exited(0))
  }

  @Test func `a dialog that was given up on stays, and the next command goes on when it is answered`() throws {
    let prompter = try scene.lock(before: .absent)
    scene.environment["DAYPASS_UNLOCK_TIMEOUT"] = "1"
    #expect(try KeyringCommand.whoami.start(in: scene).outcome().status == .exited(78))
    scene.environment["DAYPASS_UNLOCK_TIMEOUT"] = "60"
    let second = try KeyringCommand.whoami.start(in: scene)
    try prompter.become(.willing)
    let outcome = try second.outcome()
    #expect(outcome.status == .exited(0), "\(outcome.errors)")
    #expect(prompter.dialogs == 1)
  }

  @Test func `a dialog that was given up on and is closed makes room for one of the next command`() throws {
    let prompter = try scene.lock(before: .absent)
    scene.environment["DAYPASS_UNLOCK_TIMEOUT"] = "1"
    #expect(try KeyringCommand.whoami.start(in: scene).outcome().status == .exited(78))
    try prompter.waitForDialog()
    try prompter.become(.unwilling)
    scene.environment["DAYPASS_UNLOCK_TIMEOUT"] = "60"
    #expect(try KeyringCommand.whoami.start(in: scene).outcome().errors.contains("its password was not entered"))
    #expect(prompter.dialogs == 2)
    #expect(scene.keyring.isAlive)
  }

  @Test func `a keyring that is killed while its dialog is open ended in mid-call`() throws {
    let prompter = try scene.lock(before: .absent)
    let attempt = try KeyringCommand.exec.start(in: scene)
    try prompter.waitForDialog()
    scene.keyring.kill()
    let outcome = try attempt.outcome()
    #expect(outcome.status == .exited(75))
    #expect(outcome.errors.hasPrefix("daypass: the keyring stopped while answering\n"))
  }
}

extension Scene {
  /// Types what a hint says into a terminal, and the password at each prompt; the daemon it starts ends with the bus.
  fileprivate func follow(_ hint: String, typing password: String, at prompts: [String]) throws {
    let terminal = try terminal("exec bash --norc --noprofile")
    try terminal.send(hint.trimmingWhitespace + "; echo 'it is' done\n")
    for prompt in prompts {
      try terminal.expect(prompt)
      try terminal.send(password + "\n")
    }
    try terminal.expect("it is done")
    try terminal.send("exit\n")
    _ = try terminal.waitForExit()
  }
}

extension String {
  fileprivate var trimmingWhitespace: Substring {
    let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? startIndex
    return self[..<end].drop(while: \.isWhitespace)
  }
}

// MARK: - Forgotten dialog tests

/// Unlocking that nobody answers: cancelling it would abort gnome-keyring (42.1: `perform_next_unlock: assertion
/// failed`), which is why daypass leaves it alone and ends.
@Suite(
  .keyring,
  .enabled(if: ScriptedPrompter.isInstalled, "python3-gi or gir1.2-gcr-3 is not installed"),
  .enabled(if: Installed.has("dbus-monitor"), "dbus-monitor is not installed"))
struct ForgottenDialogTests {
  /// A keyring before whose dialog people come and go.
  private struct Stage {
    let scene: Scene
    let prompter: ScriptedPrompter
    let connections: Int
    private let monitor: ChildProcess

    init() throws {
      scene = try Scene.withAlice()
      monitor = ChildProcess(
        ["dbus-monitor", "type='method_call',member='Prompt'", "type='method_call',member='GetId'"],
        environment: scene.environment)
      guard eventually({ [monitor] in monitor.output.contains("NameAcquired") }) else {
        throw SetupFailure("dbus-monitor: \(monitor.errors)")
      }
      prompter = try scene.lock(before: .absent)
      connections = scene.keyring.bus.connectionCount
    }

    func attempt(waiting time: String) throws -> Attempt {
      scene.environment["DAYPASS_UNLOCK_TIMEOUT"] = time
      return try KeyringCommand.whoami.start(in: scene)
    }

    /// For how many dialogs the keyring was asked: one more for each attempt, if it came so far in its time. A call of ours
    /// that the monitor tells of as well comes after all of them.
    func prompts() -> Int {
      let earlier = seen("GetId")
      _ = scene.keyring.bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.GetId")
      #expect(eventually { seen("GetId") > earlier }, "\(monitor.errors)")
      return seen("Prompt")
    }

    private func seen(_ call: String) -> Int {
      monitor.output.split(separator: "\n").count { $0.hasSuffix("member=" + call) }
    }

    /// Waits until the keyring was asked for as many dialogs. It also aborts if it is asked for one in the milliseconds
    /// in which it opens after another caller's was answered, which no person arranges.
    func waitForPrompts(_ number: Int) {
      let isAsked = eventually { seen("Prompt") >= number }
      // Why not, the command says that was to ask.
      #expect(isAsked, "no prompt \(number): \(monitor.output) \(scene.keyring.complaints)")
      // What it is asked next, it answers after.
      _ = scene.keyring.isCollectionLocked
    }

    var hasNoConnection: Bool { eventually { scene.keyring.bus.connectionCount == connections } }
  }

  @Test func `the keyring lives on after every unlocking that is given up, and opens for the next command`() throws {
    let stages = try (0..<5).map { _ in try Stage() }
    var lived = 0
    let rounds = Soak.rounds(10, soak: 40)
    for _ in 1...rounds {
      let forgotten = try stages.map { try $0.attempt(waiting: "1") }
      for attempt in forgotten {
        let outcome = try attempt.outcome()
        #expect(outcome.status == .exited(78), "\(outcome.errors)")
      }
      for stage in stages { #expect(stage.hasNoConnection) }
      let prompts = stages.map { $0.prompts() }
      let following = try stages.map { try $0.attempt(waiting: "60") }
      for (stage, earlier) in zip(stages, prompts) { stage.waitForPrompts(earlier + 1) }
      for stage in stages { try stage.prompter.become(.willing) }
      for (attempt, stage) in zip(following, stages) {
        let outcome = try attempt.outcome()
        #expect(outcome.status == .exited(0), "\(outcome.errors)\(stage.scene.keyring.complaints)")
        lived += stage.scene.keyring.isAlive ? 1 : 0
        try stage.prompter.become(.absent)
        try stage.scene.keyring.lock()
      }
    }
    #expect(lived == rounds * stages.count)
    publish(figure: "unlocks given up that the keyring survived", "\(lived) of \(rounds * stages.count)")
  }
}

// MARK: - Signalled dialog tests

/// Signals to daypass while the keyring's dialog is open.
@Suite(
  .keyring,
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
  func `a signal ends daypass, and neither keyring nor terminal`(signal: Int32) throws {
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

  @Test func `ctrl-C in the shell ends daypass`() throws {
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
