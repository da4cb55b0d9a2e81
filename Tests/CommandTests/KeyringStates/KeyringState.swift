import Glibc
import TestSupport
import Testing

/// A state of session bus and keyring in which a command gets less than it wants.
enum KeyringState: String, CaseIterable, CustomTestStringConvertible {
  case noBus = "no session bus"
  case nobodyListens = "a bus that nobody listens on"
  case busPathMissing = "a bus whose socket is gone"
  case muteBus = "a bus that accepts and never speaks"
  case noService = "a bus without keyring"
  case noCollection = "a keyring without default collection"
  case lockedWithoutDisplay = "locked, and no display"
  case lockedWithoutDialog = "locked, and no dialog comes up"
  case neverUnlocked = "never unlocked, and no display"
  case dismissed = "locked, and the dialog is closed"
  case neverAnswered = "locked, and the dialog is never answered"
  case frozen = "frozen"
  case killedInMidCall = "killed in mid-call"
  case killedBetweenCalls = "killed between calls"
  case lockedBetweenCalls = "locked between calls"
  case replacedBetweenCalls = "replaced by a locked one between calls"
  case fullDisk = "on a full disk"
  case readOnlyFolder = "on a read-only disk"

  var testDescription: String { rawValue }

  static let ofDialogs: [KeyringState] = [.dismissed, .neverAnswered]
  static let ofDisks: [KeyringState] = [.fullDisk, .readOnlyFolder]
  static let anywhere = allCases.filter { !ofDialogs.contains($0) && !ofDisks.contains($0) }

  /// Whether its commands wait in vain, and may as well do it at once.
  var isWaiting: Bool { [.muteBus, .frozen, .neverAnswered].contains(self) }

  /// What happens to the keyring while a command's decisive call is on its way; nil where the state is there before.
  var interruption: ((Scene, HeldBus) throws -> Void)? {
    switch self {
    case .killedInMidCall:
      { scene, held in
        // What is asked is taken by the bus, and never read.
        scene.keyring.freeze()
        try held.release()
        scene.keyring.kill()
      }
    case .killedBetweenCalls:
      { scene, held in
        scene.keyring.kill()
        try held.release()
      }
    case .lockedBetweenCalls:
      { scene, held in
        try scene.keyring.lock()
        try held.release()
      }
    case .replacedBetweenCalls:
      { scene, held in
        scene.keyring.kill()
        try scene.keyring.startNeverUnlocked()
        try held.release()
      }
    case .noBus, .nobodyListens, .busPathMissing, .muteBus, .noService, .noCollection, .lockedWithoutDisplay,
      .lockedWithoutDialog, .neverUnlocked, .dismissed, .neverAnswered, .frozen, .fullDisk, .readOnlyFolder:
      nil
    }
  }
}
