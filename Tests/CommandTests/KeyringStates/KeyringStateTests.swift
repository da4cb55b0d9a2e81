import TestSupport
import Testing

/// What every command says in every state of the keyring: its status, one cause, one hint, in time; "no key" never.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct KeyringStateTests {
  private static let tally = CellTally(
    states: KeyringState.anywhere.count + (ScriptedPrompter.isInstalled ? KeyringState.ofDialogs.count : 0)
      + (KeyringDisk.canBeMounted ? KeyringState.ofDisks.count : 0))

  @Test(arguments: KeyringState.anywhere)
  func `commands answer as documented when the keyring is`(state: KeyringState) throws {
    try tryCommands(in: state)
  }

  @Test(
    .enabled(if: ScriptedPrompter.isInstalled, "python3-gi or gir1.2-gcr-3 is not installed"),
    arguments: KeyringState.ofDialogs)
  func `commands answer as documented when the keyring has a dialog and is`(state: KeyringState) throws {
    try tryCommands(in: state)
  }

  @Test(
    .enabled(if: KeyringDisk.canBeMounted, "mounts need root or unprivileged user namespaces"),
    arguments: KeyringState.ofDisks)
  func `commands answer as documented when the keyring is kept`(state: KeyringState) throws {
    try tryCommands(in: state)
  }

  private func tryCommands(in state: KeyringState) throws {
    defer { Self.tally.finishState() }
    guard let interruption = state.interruption else { return try tryCommands(inLasting: state) }
    for command in KeyringCommand.allCases {
      let scene = try Scene.withAlice()
      let before = Files.contents(below: scene.keyring.folder)
      judge(try command.run(in: scene, interruptedBy: interruption), in: state, scene)
      #expect(Files.contents(below: scene.keyring.folder) == before)
    }
  }

  private func tryCommands(inLasting state: KeyringState) throws {
    let scene = try Scene.withAlice()
    let arrangement = try state.arrange(scene)
    defer { scene.keyring.resume() }
    if state.isWaiting {
      let attempts = try KeyringCommand.allCases.map { try $0.start(in: scene) }
      for attempt in attempts { judge(try attempt.outcome(), in: state, scene) }
    } else {
      for command in KeyringCommand.allCases { judge(try command.start(in: scene).outcome(), in: state, scene) }
    }
    withExtendedLifetime(arrangement) {}
  }

  private func judge(_ outcome: Attempt.Outcome, in state: KeyringState, _ scene: Scene) {
    let errors = outcome.errors.replacing(scene.scratch.path, with: "{scratch}")
    let isDocumented =
      switch DocumentedAnswer(of: outcome.command, in: state) {
      case .prints(let text): outcome.status == .exited(0) && outcome.output.contains(text) && errors == ""
      case .fails(let status, let cause):
        outcome.status == .exited(status) && outcome.output == "" && scene.actions == []
          && errors.hasPrefix("daypass: \(cause)\ndaypass: hint: ") && errors.split(separator: "\n").count == 2
      }
    #expect(isDocumented, "\(outcome.command) ended with \(outcome.status) and said \(errors)\(outcome.output)")
    // A guard against hanging; how long it took is a figure.
    #expect(outcome.duration < .seconds(20))
    Self.tally.add(outcome, isDocumented: isDocumented)
    scene.double.forgetCalls()
  }
}
