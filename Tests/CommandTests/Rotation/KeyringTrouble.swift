import TestSupport

/// What befalls a keyring while AWS is asked.
enum KeyringTrouble: CaseIterable {
  case locked, killed, frozen, fullDisk

  /// Those that can be made here.
  static var possible: [KeyringTrouble] { allCases.filter { $0 != .fullDisk || KeyringDisk.canBeMounted } }

  /// With what a rotation ends that meets it, as the manual has it.
  var status: ExitStatus {
    switch self {
    case .locked: .exited(78)
    case .killed: .exited(69)
    case .frozen: .exited(75)
    case .fullDisk: .exited(1)
    }
  }

  func begin(in keyring: PrivateKeyring) throws {
    switch self {
    case .locked: try keyring.lock()
    case .killed: keyring.kill()
    case .frozen: keyring.freeze()
    case .fullDisk:
      keyring.kill()
      try keyring.startUnlocked(on: .full)
    }
  }

  func end(in keyring: PrivateKeyring) throws {
    switch self {
    case .frozen: keyring.resume()
    case .locked, .killed, .fullDisk: try keyring.open()
    }
  }
}
