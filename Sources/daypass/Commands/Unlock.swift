import ArgumentParser
import Keyring
import TerminalIO

struct Unlock: HostCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock",
    abstract: "Unlock the keyring from the terminal.",
    usage: "daypass unlock",
    discussion: """
      For example:
        daypass unlock
      Asks for the keyring's password on the terminal, for places without a dialog, such as SSH. If there is no keyring \
      yet, it creates one and asks for its password twice.
      """)

  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    guard let terminal = Terminal.foreground() else { throw UnlockError.noTerminal }
    switch try host.store.state() {
    case .open: host.diagnostics.note("the keyring is already unlocked")
    case .locked where try host.store.unlockedWithoutPassword():
      host.diagnostics.note("the keyring is unlocked: it has no password")
    case .locked: try KeyringPassword(terminal: terminal).unlock(host.store)
    case .missing: try KeyringPassword(terminal: terminal).create(host.store)
    }
  }
}
