import Glibc

/// A person before GNOME's password dialog, played by a program that takes the dialog's place on the bus.
package final class ScriptedPrompter {
  package enum Person: String, CaseIterable, Sendable {
    /// Does not look at the screen.
    case absent = "never"
    /// Closes every dialog.
    case unwilling = "dismiss"
    /// Enters the password.
    case willing = "answer"

    fileprivate var signal: Int32 {
      switch self {
      case .absent: SIGHUP
      case .unwilling: SIGUSR1
      case .willing: SIGUSR2
      }
    }
  }

  package static let isInstalled = PythonTool.hasBindings("Gcr")
  private let process: ChildProcess

  package init(_ person: Person, before keyring: PrivateKeyring) throws {
    process = PythonTool.prompter.start(
      [person.rawValue, PrivateKeyring.password], environment: keyring.environment)
    guard eventually({ count("ready") == 1 }) else { throw SetupFailure(process.errors) }
  }

  /// How many dialogs came up so far.
  package var dialogs: Int { count("asked") }

  package func waitForDialog(_ number: Int = 1) throws {
    guard eventually({ dialogs >= number }) else {
      throw TestTimeout(waitingFor: "dialog \(number)", seen: process.output + process.errors)
    }
  }

  /// Another person comes, to the dialogs that are open first.
  package func become(_ person: Person) throws {
    let before = count(person.rawValue)
    process.send(person.signal)
    guard eventually({ count(person.rawValue) > before }) else {
      throw TestTimeout(waitingFor: person.rawValue, seen: process.output + process.errors)
    }
  }

  /// How many dialogs the keyring took away.
  package var dialogsTakenAway: Int { count("stopped") }

  private func count(_ word: String) -> Int {
    process.output.split(separator: "\n").count { $0 == word }
  }
}
