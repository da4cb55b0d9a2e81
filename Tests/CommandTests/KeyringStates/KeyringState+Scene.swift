import Foundation
import TestSupport

extension KeyringState {
  /// Brings `scene` into this state. What is returned has to live as long as it is to last.
  func arrange(_ scene: Scene) throws -> AnyObject? {
    let scratch = scene.scratch
    switch self {
    case .noBus:
      scene.environment["DBUS_SESSION_BUS_ADDRESS"] = nil
      scene.environment["XDG_RUNTIME_DIR"] = nil
    case .nobodyListens:
      scene.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + scratch.path("dead")
      // Nothing but the name of its socket outlives it.
      _ = try MuteListener(path: scratch.path("dead"))
    case .busPathMissing:
      scene.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + scratch.path("gone")
    case .muteBus:
      scene.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + scratch.path("mute")
      return try MuteListener(path: scratch.path("mute"))
    case .noService:
      scene.keyring.kill()
    case .noCollection:
      scene.keyring.kill()
      try scene.keyring.startWithoutCollection()
    case .neverUnlocked:
      scene.keyring.kill()
      try scene.keyring.startNeverUnlocked()
    case .lockedWithoutDisplay:
      try scene.keyring.lock()
    case .lockedWithoutDialog:
      scene.environment["DISPLAY"] = ":79"
      try scene.keyring.lock()
    case .dismissed:
      return try scene.lock(before: .unwilling)
    case .neverAnswered:
      scene.environment["DAYPASS_UNLOCK_TIMEOUT"] = "1"
      return try scene.lock(before: .absent)
    case .frozen:
      scene.keyring.freeze()
    case .fullDisk:
      scene.keyring.kill()
      try scene.keyring.startUnlocked(on: .full)
    case .readOnlyFolder:
      scene.keyring.kill()
      try scene.keyring.startUnlocked(on: .readOnly)
    case .killedInMidCall, .killedBetweenCalls, .lockedBetweenCalls, .replacedBetweenCalls: break
    }
    return nil
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
