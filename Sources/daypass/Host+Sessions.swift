import Keyring
import Sessions

extension Host {
  /// The sessions that commands share.
  var sessions: SessionCache {
    SessionCache(store: TellingSessions(sessionStore, to: diagnostics), now: now)
  }

  /// What lets one process ask for a session that many need; nil where none are shared.
  func locks() throws(CommandError) -> SessionLocks? {
    guard cachePlace != .none else { return nil }
    let patience = try environment.time("DAYPASS_LOCK_TIMEOUT")?.seconds ?? Self.patience
    return SessionLocks(folder: runtimeFolder, patience: patience) { [diagnostics] event in
      switch event {
      case .waiting(let process):
        diagnostics.debug("waiting for \(Explained.waiting(for: process))")
        diagnostics.waiting(for: Explained.waiting(for: process))
      case .notLocked(let error): diagnostics.warn(error.words)
      }
    }
  }

  /// Longer than a person takes for the keyring's dialog and an MFA code, in seconds.
  private static let patience = 180

  var runtimeFolder: RuntimeFolder { RuntimeFolder(environment: environment) }

  /// The one place that picks where sessions are.
  private var sessionStore: any SessionStore {
    let service = SecretServiceSessions(
      store: TellingStore(store, to: diagnostics), mark: FallbackMark(in: runtimeFolder))
    switch cachePlace {
    case .none: return NoSessions()
    case .keyring: return service
    case .kernel:
      return FallbackSessions(
        kernel: KernelSessions(keyring: KernelKeyring(name: kernelKeyName)), service: service,
        mark: FallbackMark(in: runtimeFolder)
      ) { [diagnostics] refusal in diagnostics.debug(refusal.words) }
    }
  }

  /// Sessions belong to the keyring that holds their keys, and a user may have several: gnome-keyring keeps its files in
  /// the data folder (XDG Base Directory Specification).
  private var kernelKeyName: String {
    let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
    return ["daypass", data, environment["DAYPASS_COLLECTION"] ?? ""].filter { !$0.isEmpty }.joined(separator: ":")
  }
}
