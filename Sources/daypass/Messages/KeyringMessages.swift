import AWSValues
import Keyring

extension KeyringError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .noBus: KeyringWords.noBus
    case .unusableBus(let address, let problem): problem.errorMessage(of: address.displayText())
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
    case .emptySecret: ErrorMessage("an empty secret is not stored", status: .failure)
    case .notWritten(let item, let message): KeyringWords.notWritten(item, message)
    case .tooLarge(let limit): ErrorMessage("a secret of more than \(limit) bytes is not stored", status: .failure)
    case .libraryMissing(let file, let package): ErrorMessages.missingLibrary(file, package: package)
    case .workerEnded: KeyringWords.workerEnded
    case .service(let message): KeyringWords.service(message)
    }
  }
}

extension KeyringError.BusProblem {
  fileprivate func errorMessage(of address: String) -> ErrorMessage {
    switch self {
    case .notUnix:
      ErrorMessage(
        "the session bus '\(address)' is not a unix: address, so keys could leave this machine",
        hint: "unset DBUS_SESSION_BUS_ADDRESS, or set it to unix:path=$XDG_RUNTIME_DIR/bus", status: .noKeyring)
    case .unreachable:
      ErrorMessage(
        "nothing answers at the session bus '\(address)'",
        hint: "log in again, or set DBUS_SESSION_BUS_ADDRESS to a bus that runs", status: .noKeyring)
    case .full:
      ErrorMessage(
        "the session bus '\(address)' takes no more connections",
        hint: "run the command again; who holds them: busctl --user list", status: .tryAgain)
    case .foreignOwner:
      ErrorMessage(
        "the session bus '\(address)' belongs to another user",
        hint: "unset DBUS_SESSION_BUS_ADDRESS, or set it to unix:path=$XDG_RUNTIME_DIR/bus", status: .noKeyring)
    }
  }
}

// MARK: - Words

/// How messages name an item, and what puts it right.
extension ItemID {
  var words: String {
    switch kind {
    case .longTermKey: "the key of profile '\(name.displayText())'"
    case .rotation: "the rotation of profile '\(name.displayText())'"
    case .session: "a session"
    }
  }

  /// Where several claim to be one.
  var clearingHint: String {
    switch kind {
    case .longTermKey:
      "remove them all, and store it again: daypass remove \(name.displayText()); daypass add \(name.displayText())"
    case .rotation: rotationHint
    case .session: "forget it: daypass clear"
    }
  }

  var repairHint: String {
    switch kind {
    case .longTermKey: "store it again: daypass add \(name.displayText()) --force"
    case .rotation: rotationHint
    case .session: "forget it: daypass clear"
    }
  }

  private var rotationHint: String {
    "see which keys the user has: aws iam list-access-keys; then rotate again: daypass rotate \(name.displayText())"
  }
}

// MARK: - Keyring words

/// What is said of the keyring's errors.
enum KeyringWords {
  static let noBus = ErrorMessage(
    "no session bus: DBUS_SESSION_BUS_ADDRESS is not set", hint: Self.headlessHint, status: .noKeyring)

  static let noService = ErrorMessage(
    "no keyring: nothing on the session bus offers the Secret Service",
    hint: "sudo apt install gnome-keyring; then: \(Self.unlocking)", status: .noKeyring)

  static let serviceEnded = ErrorMessage(
    "the keyring ended in mid-call", hint: "see what is stored: daypass list; then run the command again",
    status: .tryAgain)

  static let changed = ErrorMessage(
    "the keyring changed while it was asked", hint: "run the command again", status: .tryAgain)

  static let noDefaultCollection = ErrorMessage(
    "the keyring has no default collection to keep keys in",
    hint: "make one, with a password you choose: \(Self.unlocking)", status: .noKeyring)

  static func noCollection(_ name: String) -> ErrorMessage {
    ErrorMessage(
      "the keyring has no collection '\(name.displayText())'",
      hint: "create it with Passwords and Keys (seahorse), or choose another with DAYPASS_COLLECTION",
      status: .noKeyring)
  }

  static let locked = ErrorMessage(
    "the keyring is locked, and there is no display to ask for its password on",
    hint: "unlock it: \(Self.unlocking)", status: .keyringLocked)

  static let noPrompter = ErrorMessage(
    "the keyring is locked, and its password dialog does not come up: gcr is missing, or the display is wrong",
    hint: "unlock it: \(Self.unlocking)", status: .keyringLocked)

  static let dismissed = ErrorMessage(
    "the keyring stays locked: the dialog was closed", hint: "run the command again and enter the password",
    status: .keyringLocked)

  static func notUnlocked(_ seconds: Int) -> ErrorMessage {
    ErrorMessage(
      "nobody unlocked the keyring within \(seconds) s",
      hint: "enter the password in the dialog, which stays, and run the command again", status: .keyringLocked)
  }

  static func noAnswer(_ seconds: Int) -> ErrorMessage {
    ErrorMessage(
      "the keyring did not answer within \(seconds) s",
      hint: "see whether gnome-keyring-daemon is stopped or hangs: ps -C gnome-keyring-d", status: .tryAgain)
  }

  static let plainTransport = ErrorMessage(
    "the keyring offers no encrypted transport, so keys would cross the session bus in clear",
    hint: "let gnome-keyring take its place; it is: busctl --user status org.freedesktop.secrets",
    status: .noKeyring)

  static func damaged(_ item: ItemID) -> ErrorMessage {
    ErrorMessage(
      "what the keyring holds as \(item.words) is damaged", hint: item.repairHint, status: .failure)
  }

  static func ambiguous(_ item: ItemID, _ paths: [String]) -> ErrorMessage {
    ErrorMessage(
      "the keyring holds \(paths.count) items that claim to be \(item.words): \(Self.summary(of: paths))",
      hint: item.clearingHint, status: .failure)
  }

  static func notStored(_ item: ItemID) -> ErrorMessage {
    ErrorMessage(
      "the keyring gives back something else than was just stored as \(item.words)",
      hint: "see whether another program stores it too, or the disk is full: df ~/.local/share/keyrings",
      status: .failure)
  }

  static func notWritten(_ item: ItemID, _ message: String) -> ErrorMessage {
    ErrorMessage(
      "the keyring did not write \(item.words): \(message.displayText())", hint: Self.diskHint, status: .failure)
  }

  static let workerEnded = ErrorMessage(
    "the process that talks to the keyring ended without an answer",
    hint: "run the command again; if it ends again, see whether a limit is too low: ulimit -a", status: .tryAgain)

  static func service(_ message: String) -> ErrorMessage {
    ErrorMessage(
      "the keyring answered: \(message.displayText())",
      hint: "its log may say more: journalctl --user -t gnome-keyring-daemon", status: .failure)
  }

  /// Items by collection and number, the first few: `login/1, login/7`.
  private static func summary(of paths: [String]) -> String {
    let names = paths.prefix(4).map { $0.split(separator: "/").suffix(2).joined(separator: "/") }
    return names.joined(separator: ", ").displayText() + (paths.count > names.count ? ", …" : "")
  }

  private static let headlessHint = "dbus-run-session -- bash starts one (README, \"Without a desktop\")"
  private static let diskHint = "see whether its disk is full or read-only: df ~/.local/share/keyrings"
  /// Opens the keyring from a terminal, and makes it where there is none; a daemon that runs has to be replaced for it.
  private static let unlocking =
    "read -rs p; printf %s \"$p\" | gnome-keyring-daemon --replace --unlock; unset p"
}
