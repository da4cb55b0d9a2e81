import Foundation
import TestSupport
import Testing

/// Unlocking that nobody answers: cancelling it would abort gnome-keyring (42.1: `perform_next_unlock: assertion
/// failed`), which is why daypass kills its own worker instead.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: ScriptedPrompter.isInstalled, "python3-gi or gir1.2-gcr-3 is not installed"))
struct ForgottenDialogTests {
  /// A keyring before whose dialog people come and go.
  private struct Stage {
    let scene: Scene
    let prompter: ScriptedPrompter
    let connections: Int

    init() throws {
      scene = try Scene.withAlice()
      prompter = try scene.lock(before: .absent)
      connections = scene.keyring.bus.connectionCount
    }

    func attempt(waiting time: String) throws -> Attempt {
      scene.environment["DAYPASS_UNLOCK_TIMEOUT"] = time
      return try KeyringCommand.whoami.start(in: scene)
    }

    var hasNoWorker: Bool { eventually { scene.keyring.bus.connectionCount == connections } }
  }

  @Test func `the keyring lives on after every unlocking that is given up, and opens for the next command`() throws {
    let stages = try (0..<5).map { _ in try Stage() }
    var lived = 0
    let rounds = Soak.rounds(10, soak: 40)
    for _ in 0..<rounds {
      let forgotten = try stages.map { try $0.attempt(waiting: "1") }
      for attempt in forgotten { #expect(try attempt.outcome().status == .exited(78)) }
      for stage in stages { #expect(stage.hasNoWorker) }
      let following = try stages.map { try $0.attempt(waiting: "60") }
      for stage in stages { try stage.prompter.become(.willing) }
      for (attempt, stage) in zip(following, stages) {
        let outcome = try attempt.outcome()
        #expect(outcome.status == .exited(0), "\(outcome.errors)")
        lived += stage.scene.keyring.isAlive ? 1 : 0
        try stage.prompter.become(.absent)
        try stage.scene.keyring.lock()
      }
    }
    #expect(lived == rounds * stages.count)
    publish(figure: "unlocks given up that the keyring survived", "\(lived) of \(rounds * stages.count)")
  }
}
