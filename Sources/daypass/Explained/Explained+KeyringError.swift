import Console
import Keyring

extension KeyringError: Explainable {
  var explanation: Explanation {
    switch self {
    case .noBus:
      Explanation(
        "no session bus: DBUS_SESSION_BUS_ADDRESS is not set", hint: Self.headlessHint, status: .noKeyring)
    case .unusableBus(let address, let problem):
      problem.explanation(of: address.displayText())
    case .noService:
      Explanation(
        "no keyring: nothing on the session bus offers the Secret Service",
        hint: "install and start gnome-keyring: sudo apt install gnome-keyring", status: .noKeyring)
    case .serviceEnded:
      Explanation(
        "the keyring ended in mid-call", hint: "see what is stored: daypass list; then run the command again",
        status: .tryAgain)
    case .noCollection(let name):
      Explanation(
        "the keyring has no collection '\(name.displayText())'",
        hint: "create it with Passwords and Keys (seahorse), or choose another with DAYPASS_COLLECTION",
        status: .noKeyring)
    case .locked:
      Explanation(
        "the keyring is locked, and there is no display to ask for its password on",
        hint: "unlock it: gnome-keyring-daemon --unlock (README, \"Without a desktop\")", status: .keyringLocked)
    case .dismissed:
      Explanation(
        "the keyring stays locked: the dialog was closed", hint: "run the command again and enter the password",
        status: .keyringLocked)
    case .timedOut(let seconds, unlocking: true):
      Explanation(
        "nobody unlocked the keyring within \(seconds) s", hint: "DAYPASS_UNLOCK_TIMEOUT=300 waits longer",
        status: .keyringLocked)
    case .timedOut(let seconds, unlocking: false):
      Explanation(
        "the keyring did not answer within \(seconds) s",
        hint: "see whether gnome-keyring-daemon is stopped or hangs: ps -C gnome-keyring-d", status: .tryAgain)
    case .plainTransport:
      Explanation(
        "the keyring offers no encrypted transport, so keys would cross the session bus in clear",
        hint: "use gnome-keyring or another service with dh-ietf1024-sha256-aes128-cbc-pkcs7", status: .noKeyring)
    case .damaged(let item):
      Explanation(
        "what the keyring holds as \(item.words) is damaged", hint: item.repairHint, status: .failure)
    case .ambiguous(let item, let count):
      Explanation(
        "the keyring holds \(count) items that claim to be \(item.words)",
        hint: "remove the one that is not yours with Passwords and Keys (seahorse)", status: .failure)
    case .notStored(let item):
      Explanation(
        "the keyring gives back something else than was just stored as \(item.words)",
        hint: "see whether another program stores it too, or the disk is full: df ~/.local/share/keyrings",
        status: .failure)
    case .emptySecret:
      Explanation("an empty secret is not stored", status: .failure)
    case .tooLarge(let limit):
      Explanation("a secret of more than \(limit) bytes is not stored", status: .failure)
    case .libraryMissing(let file, let package):
      Explained.missingLibrary(file, package: package)
    case .workerEnded:
      Explanation(
        "the process that talks to the keyring ended without an answer",
        hint: "run the command again; if it ends again, see whether a limit is too low: ulimit -a", status: .tryAgain)
    case .service(let message):
      Explanation("the keyring answered: \(message.displayText())", status: .failure)
    }
  }

  private static let headlessHint = "dbus-run-session -- bash starts one (README, \"Without a desktop\")"
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
    case .foreignOwner:
      Explanation(
        "the session bus '\(address)' belongs to another user",
        hint: "unset DBUS_SESSION_BUS_ADDRESS, or set it to unix:path=$XDG_RUNTIME_DIR/bus", status: .noKeyring)
    }
  }
}

extension ItemID {
  var words: String {
    switch kind {
    case .longTermKey: "the key of profile '\(name.displayText())'"
    case .session: "a session"
    }
  }

  fileprivate var repairHint: String {
    switch kind {
    case .longTermKey: "store it again: daypass add \(name.displayText()) --force"
    case .session: "forget it: daypass clear"
    }
  }
}
