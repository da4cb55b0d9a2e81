import Keyring
import Secrets
import TerminalIO

/// A keyring that asks for its password on the terminal if it is locked and no dialog can ask.
struct UnlockingStore: SecretStore {
  /// Passes calls on to the keyring.
  let store: any SecretStore
  let keyring: SecretServiceStore

  func secret(for item: ItemID) throws(SecretStoreError) -> SecretBytes? {
    try unlockingIfNeeded { () throws(SecretStoreError) in try store.secret(for: item) }
  }

  func save(_ secret: borrowing SecretBytes, for item: ItemID) throws(SecretStoreError) {
    try unlockingIfNeeded { () throws(SecretStoreError) in try store.save(secret, for: item) }
  }

  func remove(_ item: ItemID) throws(SecretStoreError) {
    try unlockingIfNeeded { () throws(SecretStoreError) in try store.remove(item) }
  }

  /// Listing never unlocks.
  func items(ofKind kind: ItemID.Kind) throws(SecretStoreError) -> [ListedItem] {
    try store.items(ofKind: kind)
  }

  private func unlockingIfNeeded<Result: ~Copyable>(
    _ call: () throws(SecretStoreError) -> Result
  ) throws(SecretStoreError) -> Result {
    do throws(SecretStoreError) {
      return try call()
    } catch {
      try unlock(after: error)
      return try call()
    }
  }

  /// Unlocks or creates the keyring on the terminal.
  /// - Throws: `error` if the keyring is neither locked nor missing, or stays so; `.wrongPassword` after three wrong
  ///   passwords.
  private func unlock(after error: SecretStoreError) throws(SecretStoreError) {
    let isLocked = error == .locked || error == .secretService(.noPrompter)
    let isMissing = error == .secretService(.noCollection("default"))
    guard isLocked || isMissing, let terminal = Terminal.foreground() else { throw error }
    let question = KeyringPassword(terminal: terminal)
    do {
      if isLocked { try question.unlock(keyring) } else { try question.create(keyring) }
    } catch let failure as SecretStoreError {
      throw failure
    } catch UnlockError.wrongPassword {
      throw .secretService(.wrongPassword)
    } catch UnlockError.passwordsDiffer {
      throw error
    } catch {
      throw .dismissed
    }
  }
}

// MARK: - Password

/// Asks for the keyring's password on the terminal.
struct KeyringPassword: ~Copyable {
  let terminal: Terminal
  private static let tries = 3

  /// Asks until the password is right, three times at most.
  ///
  /// - Parameter collection: nil for the one that keeps keys.
  func unlock(_ store: SecretServiceStore, collection: String? = nil) throws {
    let name = collection.map { "Password of the keyring '\($0)'" } ?? "Keyring password"
    for attempt in 1...Self.tries {
      do {
        try store.unlock(collection, password: answer(to: "\(name) (hidden): "))
        return try terminal.say("daypass: the keyring is unlocked")
      } catch SecretStoreError.secretService(.wrongPassword) {
        if attempt < Self.tries { try terminal.say("daypass: that is not the keyring's password") }
      }
    }
    throw UnlockError.wrongPassword(tries: Self.tries)
  }

  /// Creates the first keyring. A password typed wrong once would be lost for ever, so it is asked for twice.
  func create(_ store: SecretServiceStore) throws {
    try terminal.say("daypass: there is no keyring yet; choose a password for it")
    for _ in 1...Self.tries {
      let password = try answer(to: "New keyring password (hidden): ")
      let again = try answer(to: "The same password again (hidden): ")
      if password.equals(again) {
        try store.createKeyring(password: password)
        return try terminal.say("daypass: the keyring is created and unlocked")
      }
      try terminal.say("daypass: the passwords differ")
    }
    throw UnlockError.passwordsDiffer
  }

  /// A password that is not empty: with an empty one gnome-keyring writes secrets in clear.
  private func answer(to question: String) throws -> SecretBytes {
    while true {
      let password: SecretBytes
      do throws(TerminalError) {
        password = try terminal.readLine(Prompt(question), echo: .hidden)
      } catch {
        throw error == .endOfInput ? UnlockError.cancelled : error
      }
      if !password.isEmpty { return password }
      try terminal.say("daypass: a password cannot be empty")
    }
  }
}

/// Why the keyring stays locked.
enum UnlockError: Error, Equatable {
  case noTerminal
  case wrongPassword(tries: Int)
  case cancelled
  case passwordsDiffer
}
