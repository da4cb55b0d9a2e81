import TestSupport

/// What befalls a keyring while AWS is asked.
enum KeyringTrouble: CaseIterable {
  case locked, killed

  func begin(in keyring: PrivateKeyring) throws {
    switch self {
    case .locked: try keyring.lock()
    case .killed: keyring.kill()
    }
  }

  func end(in keyring: PrivateKeyring) throws {
    try keyring.open()
  }
}
