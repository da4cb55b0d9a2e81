import Foundation
import Glibc
import Synchronization
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

  /// What happens to the keyring while a command's decisive call is on its way; nil if the state is there before.
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

// MARK: - Scene

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
    // Unset, the bus of whoever runs the tests might be found.
    case .noBus: scene.environment["XDG_RUNTIME_DIR"] = scene.scratch.path("nowhere")
    // Nothing but the name of its socket outlives it.
    case .nobodyListens: _ = try MuteListener(path: path)
    case .muteBus: return try MuteListener(path: path)
    default: break
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
    default: break
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

// MARK: - Keyring command

/// A command that needs the keyring, in a form that would succeed if all were well.
enum KeyringCommand: String, CaseIterable {
  case whoami = "whoami alice --no-session"
  case add = "add bob --stdin --no-verify"
  case list
  case remove = "remove alice --force"
  case exec = "exec alice --no-session -- echo it runs"
  case credentialProcess = "credential-process alice --no-session"

  var input: String {
    switch self {
    case .add: "AKIAI44QH8DHBEXAMPLE\nje7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n"
    case .whoami, .list, .remove, .exec, .credentialProcess: ""
    }
  }

  /// The call of the Secret Service that this command is about, and that something may come before.
  var decisiveCall: String {
    switch self {
    case .whoami, .exec, .credentialProcess: "GetSecrets"
    case .add: "CreateItem"
    case .list: "SearchItems"
    case .remove: "Delete"
    }
  }
}

extension KeyringCommand {
  /// Starts it, on the bus at `address` if that is not the scene's.
  func start(in scene: Scene, onBus address: String? = nil) throws -> Attempt {
    var launch = scene.launch("exec daypass \(rawValue)")
    if let address {
      launch.environment.removeAll { $0.starts(with: Array("DBUS_SESSION_BUS_ADDRESS=".utf8)) }
      launch.environment.append(Array("DBUS_SESSION_BUS_ADDRESS=\(address)".utf8))
    }
    launch.input = scene.scratch.write(input, to: "input-\(self)")
    return Attempt(command: self, process: try launch.start(), start: .now)
  }

  /// Runs it; `interruption` happens before its decisive call arrives.
  func run(in scene: Scene, interruptedBy interruption: (Scene, HeldBus) throws -> Void) throws -> Attempt.Outcome {
    let held = try HeldBus(before: scene.keyring.bus, holding: decisiveCall)
    let attempt = try start(in: scene, onBus: held.address)
    try held.waitForCall()
    try interruption(scene, held)
    return try attempt.outcome()
  }
}

// MARK: - Documented answer

/// What a command does in a state of the keyring, as the manual has it.
enum DocumentedAnswer {
  /// Says this on stderr, and nothing on stdout.
  case fails(Int32, String)
  /// Succeeds, and its output has this in it.
  case prints(String)

  init(of command: KeyringCommand, in state: KeyringState) {
    self =
      switch (state, command) {
      // What it knows without the keyring it lists all the same.
      case (.noBus, .list), (.nobodyListens, .list), (.busPathMissing, .list), (.muteBus, .list), (.frozen, .list),
        (.killedBetweenCalls, .list), (.killedInMidCall, .list), (.noService, .list), (.noCollection, .list),
        (.neverUnlocked, .list), (.replacedBetweenCalls, .list):
        .prints("alice     unknown")
      case (_, .list): .prints("alice     keyring")

      case (.noBus, _): .fails(69, "no session bus: DBUS_SESSION_BUS_ADDRESS is not set")
      case (.nobodyListens, _): .fails(69, "the session bus 'unix:path={scratch}/dead' does not answer")
      case (.busPathMissing, _): .fails(69, "the session bus 'unix:path={scratch}/gone' does not answer")
      case (.muteBus, _), (.frozen, _): .fails(75, "the keyring did not answer within 10 s")
      // It was there when the writing began, so what is stored has to be looked at.
      case (.killedBetweenCalls, .add), (.killedInMidCall, _): .fails(75, "the keyring stopped while answering")
      case (.noService, _), (.killedBetweenCalls, _):
        .fails(69, "no keyring: nothing on the session bus offers the Secret Service")
      case (.noCollection, _): .fails(69, "the keyring has no default collection to keep keys in")

      case (.lockedWithoutDisplay, _), (.neverUnlocked, _), (.lockedBetweenCalls, _), (.replacedBetweenCalls, _):
        .fails(78, "the keyring is locked, and there is no display to ask for its password on")
      case (.lockedWithoutDialog, _):
        .fails(
          78,
          "the keyring is locked, and its password dialog did not appear: gcr is missing, or the display is wrong")
      case (.dismissed, _): .fails(78, "the keyring stays locked: its password was not entered")
      case (.neverAnswered, _): .fails(78, "the keyring was not unlocked within 1 s")

      case (.fullDisk, _), (.readOnlyFolder, _): Self.onBrokenDisk(of: command)
      }
  }

  /// Where the keyring can read, and cannot write.
  private static func onBrokenDisk(of command: KeyringCommand) -> DocumentedAnswer {
    switch command {
    case .list: .prints("alice     keyring")
    case .add:
      .fails(
        1, "the keyring did not write the key of profile 'bob': Couldn't create item: An error occurred on the device")
    // gnome-keyring 42.1 says collection where it means item.
    case .remove:
      .fails(
        1,
        "the keyring did not write the key of profile 'alice': "
          + "Couldn't delete collection: An error occurred on the device")
    case .whoami: .prints("arn:aws:iam::123456789012:user/alice\n")
    case .exec: .prints("it runs\n")
    case .credentialProcess: .prints("\"AccessKeyId\"")
    }
  }
}

// MARK: - Cell tally

/// Counts the cells of the state matrix over its tests, and publishes when the last state was tried.
final class CellTally: Sendable {
  private struct Count {
    var states = 0
    var cells = 0
    var documented = 0
    var longest = Duration.zero
  }

  private let expected: Int
  private let count = Mutex(Count())

  /// `states`: how many will be tried.
  init(states: Int) { expected = states }

  func add(_ outcome: Attempt.Outcome, isDocumented: Bool) {
    count.withLock { count in
      count.cells += 1
      count.documented += isDocumented ? 1 : 0
      count.longest = max(count.longest, outcome.duration)
    }
  }

  func finishState() {
    let count = count.withLock { count in
      count.states += 1
      return count
    }
    guard count.states == expected else { return }
    publish(figure: "keyring states × commands as documented", "\(count.documented) of \(count.cells)")
    let milliseconds = count.longest / .milliseconds(1)
    publish(figure: "longest wait in the state matrix", "\((milliseconds / 100).rounded() / 10) s")
  }
}

// MARK: - Attempt

/// A command that was started, and what comes of it.
struct Attempt {
  let command: KeyringCommand
  let process: RunningLaunch
  let start: ContinuousClock.Instant

  struct Outcome {
    let command: KeyringCommand
    let status: TestSupport.ExitStatus
    let output: String
    let errors: String
    let duration: Duration
  }

  func outcome() throws -> Outcome {
    let outcome = try process.wait()
    return Outcome(
      command: command, status: outcome.status, output: outcome.outputText, errors: outcome.errorText,
      duration: .now - start)
  }
}
