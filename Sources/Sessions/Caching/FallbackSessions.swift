package import Keyring
package import Secrets

/// Sessions in the kernel, and in the Secret Service where the kernel refuses: in containers that forbid the call, and
/// where the user's quota is used up.
///
/// A mark tells later processes that the Secret Service holds some too, so that it is not asked without need: that
/// would cost each call ten times its time.
package struct FallbackSessions: SessionStore {
  private let kernel: KernelSessions
  private let service: SecretServiceSessions
  private let mark: FallbackMark
  private let tell: @Sendable (KernelKeyError) -> Void

  /// `tell` hears why the kernel was not used.
  package init(
    kernel: KernelSessions, service: SecretServiceSessions, mark: FallbackMark,
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
