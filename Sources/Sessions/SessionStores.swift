package import Keyring
package import Secrets

/// Tells later processes of this login that the Secret Service holds sessions: a file in the runtime folder.
package struct SecretServiceCacheMarker: Sendable {
  private static let name = "sessions-in-secret-service"
  private let folder: RuntimeFolder

  package init(in folder: RuntimeFolder) {
    self.folder = folder
  }

  package var isSet: Bool { folder.has(Self.name) }

  func set() throws(LockError) {
    guard !isSet else { return }
    _ = try folder.file(Self.name)
  }
}

// MARK: - Fallback sessions

/// Sessions in the kernel, and in the Secret Service where the kernel refuses: in containers that forbid the call, and
/// where the user's quota is used up.
///
/// A mark tells later processes that the Secret Service holds some too, so that it is not asked without need: that
/// would cost each call ten times its time.
package struct FallbackSessions: SessionStore {
  private let kernel: KernelKeyring
  private let service: SecretServiceSessions
  private let mark: SecretServiceCacheMarker
  private let tell: @Sendable (KernelKeyError) -> Void

  /// `tell` hears why the kernel was not used.
  package init(
    kernel: KernelKeyring, service: SecretServiceSessions, mark: SecretServiceCacheMarker,
    tell: @escaping @Sendable (KernelKeyError) -> Void
  ) {
    self.kernel = kernel
    self.service = service
    self.mark = mark
    self.tell = tell
  }

  package func payload(named name: String) throws -> SecretBytes? {
    do {
      if let payload = try kernel.payload(named: name) { return payload }
      return mark.isSet ? try service.payload(named: name) : nil
    } catch let refusal as KernelKeyError {
      tell(refusal)
      return try service.payload(named: name)
    }
  }

  package func save(
    _ payload: borrowing SecretBytes, named name: String, label: String, lifetime: Duration
  ) throws {
    do {
      try kernel.save(payload, named: name, label: label, lifetime: lifetime)
    } catch let refusal as KernelKeyError {
      tell(refusal)
      // A session that is still there would be found before the new one.
      _ = try inKernel { try kernel.remove(named: name) }
      try service.save(payload, named: name, label: label, lifetime: lifetime)
    }
  }

  package func remove(named name: String) throws {
    if try inKernel({ try kernel.remove(named: name) }) == nil || mark.isSet { try service.remove(named: name) }
  }

  package func names() throws -> [String] {
    let kept = try inKernel { try kernel.names() }
    let others = kept == nil || mark.isSet ? try service.names() : []
    return Array(Set(kept ?? []).union(others))
  }

  /// What `body` gives; nil where the kernel has no keys for us.
  private func inKernel<Result>(_ body: () throws -> Result) throws -> Result? {
    do {
      return try body()
    } catch let refusal as KernelKeyError {
      tell(refusal)
      return nil
    }
  }
}

// MARK: - Kernel sessions

/// Sessions in the kernel's key retention service, which ends each at its expiry.
extension KernelKeyring: SessionStore {
  package func payload(named name: String) throws -> SecretBytes? { try secret(named: name) }

  package func save(
    _ payload: borrowing SecretBytes, named name: String, label: String, lifetime: Duration
  ) throws {
    // The kernel takes 0 for "for ever".
    try save(payload, named: name, seconds: UInt32(clamping: max(1, lifetime.components.seconds)))
  }
}

/// No cache: every command asks AWS.
package struct NoSessions: SessionStore {
  package init() {}

  package func payload(named name: String) -> SecretBytes? { nil }
  package func save(_ payload: borrowing SecretBytes, named name: String, label: String, lifetime: Duration) {}
  package func remove(named name: String) {}
  package func names() -> [String] { [] }
}

// MARK: - Secret service sessions

/// Sessions in the Secret Service's `session` collection, which is never on disk and ends with the login.
///
/// A service without one, as KWallet is, keeps none: only saving says so.
package struct SecretServiceSessions: SessionStore {
  private let store: any SecretStore
  private let mark: SecretServiceCacheMarker

  /// `mark` is set for processes that would look elsewhere only.
  package init(store: any SecretStore, mark: SecretServiceCacheMarker) {
    self.store = store
    self.mark = mark
  }

  package func payload(named name: String) throws -> SecretBytes? {
    try ifKept { try store.secret(for: Self.item(name)) } ?? nil
  }

  package func save(
    _ payload: borrowing SecretBytes, named name: String, label: String, lifetime: Duration
  ) throws {
    try store.save(payload, for: Self.item(name), label: label)
    try mark.set()
  }

  package func remove(named name: String) throws {
    try ifKept { try store.remove(Self.item(name)) }
  }

  package func names() throws -> [String] {
    try ifKept { try store.items(ofKind: .session).map(\.id.name) } ?? []
  }

  /// What `body` gives; nil if the service has no place for sessions.
  @discardableResult
  private func ifKept<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result? {
    do {
      return try body()
    } catch SecretStoreError.secretService(.noCollection) {
      return nil
    }
  }

  private static func item(_ name: String) -> ItemID {
    ItemID(kind: .session, name: name)
  }
}

// MARK: - Session store

/// Where sessions wait for their next use, in memory only, each under the name its plan's digest gives it.
package protocol SessionStore {
  func payload(named name: String) throws -> SecretBytes?

  /// Keeps `payload` in place of what was there; of no use after `lifetime`. The label is for a person who looks.
  func save(_ payload: borrowing SecretBytes, named name: String, label: String, lifetime: Duration) throws

  /// Removing what is not there is not an error.
  func remove(named name: String) throws

  func names() throws -> [String]
}
