import AWSValues
import Keyring

extension SecretStoreError: UserFacingError {
  var errorMessage: ErrorMessage { ErrorMessage(problem, hint: hint, status: status) }

  private var problem: String {
    switch self {
    case .locked: "the keyring is locked, and there is no display to ask for its password on"
    case .dismissed: "the keyring stays locked: its password was not entered"
    case .unlockTimedOut(let seconds): "the keyring was not unlocked within \(seconds) s"
    case .timedOut(let seconds): "the keyring did not answer within \(seconds) s"
    case .damaged(let item): "\(item.words) in the keyring is damaged"
    case .ambiguous(let item, let paths):
      "the keyring holds \(paths.count) items that claim to be \(item.words): \(Self.summary(of: paths))"
    case .notStored(let item): "the keyring returned something other than what was just stored as \(item.words)"
    case .notRemoved(let item): "the keyring still shows \(item.words) after it was removed"
    case .refused(let item, let message): "the keyring did not write \(item.words): \(message.displayText())"
    case .secretService(let error): error.problem
    }
  }

  private var hint: String? {
    switch self {
    case .locked: "in a terminal: daypass unlock"
    case .dismissed: "run the command again and enter the password"
    case .unlockTimedOut: "the dialog stays open: enter the password, then run the command again"
    case .timedOut: "see whether gnome-keyring-daemon is stopped or hangs: ps -C gnome-keyring-d"
    case .damaged(let item): item.repairHint
    case .ambiguous(let item, _): item.clearingHint
    case .notStored: "see whether another program stores it too, or the disk is full: df ~/.local/share/keyrings"
    case .notRemoved: "see whether another program stores it too, and remove it again"
    case .refused: "see whether its disk is full or read-only: df ~/.local/share/keyrings"
    case .secretService(let error): error.hint
    }
  }

  private var status: ExitStatus {
    switch self {
    case .locked, .dismissed, .unlockTimedOut: .keyringLocked
    case .timedOut: .tryAgain
    case .damaged, .ambiguous, .notStored, .notRemoved, .refused: .failure
    case .secretService(let error): error.status
    }
  }

  /// Items by collection and number, the first few: `login/1, login/7`.
  private static func summary(of paths: [String]) -> String {
    let names = paths.prefix(4).map { $0.split(separator: "/").suffix(2).joined(separator: "/") }
    return names.joined(separator: ", ").displayText() + (paths.count > names.count ? ", …" : "")
  }
}

// MARK: - Secret Service

extension SecretServiceError {
  fileprivate var problem: String {
    switch self {
    case .noBus: "no session bus: DBUS_SESSION_BUS_ADDRESS is not set"
    case .unusableBus(let address, let fault): "the session bus '\(address.displayText())' \(fault.words)"
    case .noService: "no keyring: nothing on the session bus offers the Secret Service"
    case .serviceEnded: "the keyring stopped while answering"
    case .changed: "the keyring changed while it was asked"
    case .noCollection("default"): "the keyring has no default collection to keep keys in"
    case .noCollection("session"): "the keyring has no collection that is kept in memory only, for sessions"
    case .noCollection(let name): "the keyring has no collection '\(name.displayText())'"
    case .collectionInMemory:
      "the collection 'session' is in memory only, and a key in it would be lost when you log out"
    case .noPrompter:
      "the keyring is locked, and its password dialog did not appear: gcr is missing, or the display is wrong"
    case .plainTransport:
      "the keyring offers no encrypted transport, so keys would cross the session bus unencrypted"
    case .wrongPassword: "that is not the keyring's password"
    case .noUnlockInterface: "only gnome-keyring can be unlocked from a terminal"
    case .libraryMissing(let library): library.errorMessage.problem
    case .other(let message): "the keyring answered: \(message.displayText())"
    }
  }

  fileprivate var hint: String? {
    switch self {
    case .noBus:
      "to use your login's bus: export XDG_RUNTIME_DIR=/run/user/$(id -u); without one: dbus-run-session -- bash"
    case .unusableBus(_, let fault): fault.hint
    case .noService:
      "sudo apt install gnome-keyring; then: gnome-keyring-daemon --start --components=secrets; daypass unlock"
    case .serviceEnded: "see what is stored: daypass list; then run the command again"
    case .changed: "run the command again"
    case .noCollection("default"): "create one, with a password you choose: daypass unlock"
    case .noCollection("session"): "unset DAYPASS_CACHE, and the kernel keeps sessions"
    case .noCollection: "create it with Passwords and Keys (seahorse), or choose another with DAYPASS_COLLECTION"
    case .collectionInMemory: "unset DAYPASS_COLLECTION, or let it name another"
    case .noPrompter: "in a terminal: daypass unlock"
    case .plainTransport:
      "use gnome-keyring instead; the process that answers now: busctl --user status org.freedesktop.secrets"
    case .wrongPassword: "it is usually the one you log in with"
    case .noUnlockInterface: "unlock it in its own window: busctl --user status org.freedesktop.secrets"
    case .libraryMissing(let library): library.errorMessage.hint
    case .other: "its log may say more: journalctl --user -t gnome-keyring-daemon"
    }
  }

  fileprivate var status: ExitStatus {
    switch self {
    case .unusableBus(_, let fault): fault.status
    case .noBus, .noService, .noCollection, .collectionInMemory, .plainTransport: .noKeyring
    case .noPrompter, .wrongPassword, .noUnlockInterface: .keyringLocked
    case .serviceEnded, .changed: .tryAgain
    case .libraryMissing, .other: .failure
    }
  }
}

extension SecretServiceError.BusProblem {
  fileprivate var words: String {
    switch self {
    case .notUnix: "is not a unix: address, so keys could leave this machine"
    case .unreachable: "does not answer"
    case .full: "accepts no more connections"
    case .foreignOwner: "belongs to another user"
    }
  }

  fileprivate var hint: String {
    switch self {
    case .notUnix, .foreignOwner: "unset DBUS_SESSION_BUS_ADDRESS, or set it to unix:path=$XDG_RUNTIME_DIR/bus"
    case .unreachable: "log in again, or set DBUS_SESSION_BUS_ADDRESS to a bus that runs"
    case .full: "run the command again; who holds them: busctl --user list"
    }
  }

  fileprivate var status: ExitStatus {
    switch self {
    case .notUnix, .unreachable, .foreignOwner: .noKeyring
    case .full: .tryAgain
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
    case .identityCenterToken: "a sign-in to IAM Identity Center"
    case .loginToken: "a sign-in with aws login"
    }
  }

  /// For several items that claim to be one.
  fileprivate var clearingHint: String {
    switch kind {
    case .longTermKey, .rotation, .identityCenterToken, .loginToken:
      "see which of them is right, and delete the others: Passwords and Keys (seahorse)"
    case .session: "forget it: daypass clear --all"
    }
  }

  fileprivate var repairHint: String {
    switch kind {
    case .longTermKey: "store it again: daypass add \(name.shellWord) --force"
    case .rotation:
      "see which keys the user has: aws iam list-access-keys; then rotate again: daypass rotate \(name.shellWord)"
    case .session: "forget it: daypass clear --all"
    case .identityCenterToken, .loginToken: "sign in again: daypass login PROFILE"
    }
  }
}

// MARK: - Unlocking

extension UnlockError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .noTerminal:
      .keyringLocked(
        "cannot ask for the keyring's password: no terminal",
        hint: "run daypass unlock in the foreground of a terminal")
    case .wrongPassword(let tries):
      .keyringLocked(
        "\(tries) passwords were wrong, and the keyring stays locked", hint: "it is usually the one you log in with")
    case .cancelled: .keyringLocked("the keyring stays locked: its password was not entered")
    case .passwordsDiffer:
      .keyringLocked("the two passwords differ, and no keyring was created", hint: "daypass unlock")
    }
  }
}
