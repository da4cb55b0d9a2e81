import Glibc
import Keyring
import Secrets
import Sessions
import TestSupport

/// Keys kept through the worker process of the built program.
final class WorkerKeeper: KeyKeeper {
  private let keyring: PrivateKeyring
  private let changes: FolderChanges
  private var blow: Blow?
  private lazy var store = WorkerStore(
    program: WorkerProgram(path: Installed.product("daypass"), arguments: ["daypass", "keyring-worker"]),
    environment: keyring.environment,
    deadlines: KeyringDeadlines(asking: .seconds(30), writing: .seconds(30))
  ) { [unowned self] phase in
    if phase == .writing { strike() }
  }
  private var keys: LongTermKeys { LongTermKeys(store: store) }

  init(_ keyring: PrivateKeyring) throws {
    self.keyring = keyring
    changes = try FolderChanges(in: keyring.folder)
  }

  func add(_ key: MadeUpKey, as profile: String, until blow: Blow?) throws -> Report {
    changes.reset()
    self.blow = blow
    defer { self.blow = nil }
    let credentials = Credentials(accessKeyID: key.id, secretAccessKey: SecretBytes(copying: key.secret))
    do {
      try keys.save(LongTermKey(credentials: credentials, created: .now), for: profile)
      return .stored
    } catch let error as KeyringError {
      return .failed("\(error)")
    }
  }

  func find(_ profile: String) throws -> Found {
    do {
      guard let key = try keys.key(of: profile) else { return .absent }
      guard let secret = key.credentials.secretAccessKey.revealed() else { return .unclear("not text") }
      return .key(MadeUpKey(id: key.credentials.accessKeyID, secret: secret))
    } catch KeyringError.damaged, SessionError.damagedKey {
      return .damaged
    } catch {
      return .unclear("\(error)")
    }
  }

  func remove(_ profile: String) throws { try keys.remove(profile: profile) }

  /// Runs while the worker waits for the daemon.
  private func strike() {
    switch blow {
    case nil: return
    case .after(let microseconds): usleep(microseconds)
    case .atChange(let number): _ = eventually(within: 0.1) { changes.count(waiting: 2) >= number }
    }
    keyring.kill()
  }
}
