package import Keyring
package import Secrets

/// Sessions in the kernel, and in the Secret Service if the kernel refuses: in containers that forbid the call, and when
/// the user's quota is used up.
///
/// Otherwise the Secret Service is asked only if it is known to hold some: a question without need would make each call ten
/// times as slow.
package struct FallbackSessions: SessionStore {
  private let kernel: KernelKeyring
  private let service: SecretServiceSessions
  private let tell: @Sendable (KernelKeyError) -> Void

  /// `tell` hears why the kernel was not used.
  package init(
    kernel: KernelKeyring, service: SecretServiceSessions, tell: @escaping @Sendable (KernelKeyError) -> Void
  ) {
    self.kernel = kernel
    self.service = service
    self.tell = tell
  }

  package func payload(named name: String) throws -> SecretBytes? {
    do {
      if let payload = try kernel.payload(named: name) { return payload }
      return service.holdsSome ? try service.payload(named: name) : nil
    } catch let refusal as KernelKeyError {
      tell(refusal)
      return try service.payload(named: name)
    }
  }

  package func save(
    _ payload: borrowing SecretBytes, named name: String, lifetime: Duration
  ) throws {
    do {
      try kernel.save(payload, named: name, lifetime: lifetime)
    } catch let refusal as KernelKeyError {
      tell(refusal)
      // A session that is still there would be found before the new one.
      _ = try inKernel { try kernel.remove(all: [name]) }
      try service.save(payload, named: name, lifetime: lifetime)
    }
  }

  /// The kernel's first: they end also if the Secret Service cannot be asked.
  package func remove(all names: [String]) throws {
    let done: Void? = try inKernel { try kernel.remove(all: names) }
    if done == nil || service.holdsSome { try service.remove(all: names) }
  }

  package func names() throws -> [String] {
    let kept = try inKernel { try kernel.names() }
    guard kept == nil || service.holdsSome else { return kept ?? [] }
    do {
      return Array(Set(kept ?? []).union(try service.names()))
    } catch {
      // Those of the kernel are there anyway.
      guard let kept, !kept.isEmpty else { throw error }
      return kept
    }
  }

  /// What `body` gives; nil if the kernel has no keys for us.
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
    _ payload: borrowing SecretBytes, named name: String, lifetime: Duration
  ) throws {
    // The kernel takes 0 for "for ever".
    try save(payload, named: name, seconds: UInt32(clamping: max(1, lifetime.components.seconds)))
  }

  package func remove(all names: [String]) throws { for name in names { try remove(named: name) } }
}

/// No cache: every command asks AWS.
package struct NoSessions: SessionStore {
  package init() {}

  package func payload(named name: String) -> SecretBytes? { nil }
  package func save(_ payload: borrowing SecretBytes, named name: String, lifetime: Duration) {}
  package func remove(all names: [String]) {}
  package func names() -> [String] { [] }
}

// MARK: - Secret service sessions

/// Sessions in the Secret Service's `session` collection, which is never on disk and ends with the login.
///
/// A service without one, as KWallet is, keeps none: only saving says so.
package struct SecretServiceSessions: SessionStore {
  private let store: any SecretStore
  private let folder: RuntimeFolder

  /// - Parameter folder: where processes tell each other that there are some.
  package init(store: any SecretStore, folder: RuntimeFolder) {
    self.store = store
    self.folder = folder
  }

  /// Whether a process of this login has kept a session here.
  var holdsSome: Bool { folder.tellsOfSessions }

  package func payload(named name: String) throws -> SecretBytes? {
    try ifKept { try store.secret(for: Self.item(name)) } ?? nil
  }

  package func save(
    _ payload: borrowing SecretBytes, named name: String, lifetime: Duration
  ) throws {
    try store.save(payload, for: Self.item(name))
    try folder.tellOfSessions()
  }

  package func remove(all names: [String]) throws {
    try ifKept { for name in names { try store.remove(Self.item(name)) } }
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

/// An empty file tells later processes of this login that the Secret Service holds sessions.
extension RuntimeFolder {
  private static let mark = "sessions-in-secret-service"

  package var tellsOfSessions: Bool { path(of: Self.mark) != nil }

  fileprivate func tellOfSessions() throws(LockError) {
    if !tellsOfSessions { _ = try file(Self.mark) }
  }
}

// MARK: - Session store

/// Where sessions wait for their next use, in memory only, each under the name its plan's digest gives it.
package protocol SessionStore {
  func payload(named name: String) throws -> SecretBytes?

  /// Keeps `payload` in place of what was there; of no use after `lifetime`. The label is for a person who looks.
  func save(_ payload: borrowing SecretBytes, named name: String, lifetime: Duration) throws

  /// Removing what is not there is not an error.
  func remove(all names: [String]) throws

  func names() throws -> [String]
}
