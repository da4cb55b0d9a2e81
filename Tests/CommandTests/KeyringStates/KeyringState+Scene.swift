import Foundation
import TestSupport

extension KeyringState {
  /// Brings `scene` into this state. What is returned has to live as long as it is to last.
  func arrange(_ scene: Scene) throws -> AnyObject? {
    switch self {
    case .noBus, .nobodyListens, .busPathMissing, .muteBus: return try arrangeBus(scene)
    case .lockedWithoutDisplay, .lockedWithoutDialog, .dismissed, .neverAnswered: return try lock(scene)
    case .noService: scene.keyring.kill()
    case .noCollection: try scene.keyring.restart { try $0.startWithoutCollection() }
    case .neverUnlocked: try scene.keyring.restart { try $0.startNeverUnlocked() }
    case .fullDisk: try scene.keyring.restart { try $0.startUnlocked(on: .full) }
    case .readOnlyFolder: try scene.keyring.restart { try $0.startUnlocked(on: .readOnly) }
    case .frozen: scene.keyring.freeze()
    case .killedInMidCall, .killedBetweenCalls, .lockedBetweenCalls, .replacedBetweenCalls: break
    }
    return nil
  }

  private func arrangeBus(_ scene: Scene) throws -> AnyObject? {
    let name = self == .busPathMissing ? "gone" : self == .muteBus ? "mute" : "dead"
    let path = scene.scratch.path(name)
    scene.environment["DBUS_SESSION_BUS_ADDRESS"] = self == .noBus ? nil : "unix:path=" + path
    switch self {
    case .noBus: scene.environment["XDG_RUNTIME_DIR"] = nil
    // Nothing but the name of its socket outlives it.
    case .nobodyListens: _ = try MuteListener(path: path)
    case .muteBus: return try MuteListener(path: path)
    case _: break
    }
    return nil
  }

  private func lock(_ scene: Scene) throws -> AnyObject? {
    switch self {
    case .dismissed: return try scene.lock(before: .unwilling)
    case .neverAnswered:
      scene.environment["DAYPASS_UNLOCK_TIMEOUT"] = "1"
      return try scene.lock(before: .absent)
    case .lockedWithoutDialog: scene.environment["DISPLAY"] = ":79"
    case _: break
    }
    try scene.keyring.lock()
    return nil
  }
}

extension PrivateKeyring {
  /// Kills the daemon, and has `start` start another.
  fileprivate func restart(_ start: (PrivateKeyring) throws -> Void) rethrows {
    kill()
    try start(self)
  }
}

extension Scene {
  /// Locks the keyring, with a display on which `person` meets its dialog.
  func lock(before person: ScriptedPrompter.Person) throws -> ScriptedPrompter {
    environment["DISPLAY"] = ":79"
    try keyring.lock()
    return try ScriptedPrompter(person, before: keyring)
  }
}
