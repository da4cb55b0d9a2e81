import AWSValues
import Keyring

extension KeyringError: Explainable {
  var explanation: Explanation {
    switch self {
    case .noBus: KeyringWords.noBus
    case .unusableBus(let address, let problem): problem.explanation(of: address.displayText())
    case .noService: KeyringWords.noService
    case .serviceEnded: KeyringWords.serviceEnded
    case .changed: KeyringWords.changed
    case .noCollection("default"): KeyringWords.noDefaultCollection
    case .noCollection(let name): KeyringWords.noCollection(name)
    case .locked: KeyringWords.locked
    case .noPrompter: KeyringWords.noPrompter
    case .dismissed: KeyringWords.dismissed
    case .timedOut(let seconds, unlocking: true): KeyringWords.notUnlocked(seconds)
    case .timedOut(let seconds, unlocking: false): KeyringWords.noAnswer(seconds)
    case .plainTransport: KeyringWords.plainTransport
    case .damaged(let item): KeyringWords.damaged(item)
    case .ambiguous(let item, let paths): KeyringWords.ambiguous(item, paths)
    case .notStored(let item): KeyringWords.notStored(item)
    case .emptySecret: Explanation("an empty secret is not stored", status: .failure)
    case .notWritten(let item, let message): KeyringWords.notWritten(item, message)
    case .tooLarge(let limit): Explanation("a secret of more than \(limit) bytes is not stored", status: .failure)
    case .libraryMissing(let file, let package): Explained.missingLibrary(file, package: package)
    case .workerEnded: KeyringWords.workerEnded
    case .service(let message): KeyringWords.service(message)
    }
  }
}

extension KeyringError.BusProblem {
  fileprivate func explanation(of address: String) -> Explanation {
    switch self {
    case .notUnix:
      Explanation(
        "the session bus '\(address)' is not a unix: address, so keys could leave this machine",
        hint: "unset DBUS_SESSION_BUS_ADDRESS, or set it to unix:path=$XDG_RUNTIME_DIR/bus", status: .noKeyring)
    case .unreachable:
      Explanation(
        "nothing answers at the session bus '\(address)'",
        hint: "log in again, or set DBUS_SESSION_BUS_ADDRESS to a bus that runs", status: .noKeyring)
    case .full:
      Explanation(
        "the session bus '\(address)' takes no more connections",
        hint: "run the command again; who holds them: busctl --user list", status: .tryAgain)
    case .foreignOwner:
      Explanation(
        "the session bus '\(address)' belongs to another user",
        hint: "unset DBUS_SESSION_BUS_ADDRESS, or set it to unix:path=$XDG_RUNTIME_DIR/bus", status: .noKeyring)
    }
  }
}
