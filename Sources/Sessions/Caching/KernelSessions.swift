package import Keyring
package import Secrets

/// Sessions in the kernel's key retention service, which ends each at its expiry.
package struct KernelSessions: SessionStore {
  private let keyring: KernelKeyring

  package init(keyring: KernelKeyring) {
    self.keyring = keyring
  }

  package func payload(named name: String) throws -> SecretBytes? {
    try keyring.secret(named: name)
  }

  package func save(
    _ payload: borrowing SecretBytes, named name: String, label: String, lifetime: Duration
  ) throws {
    // The kernel takes 0 for "for ever".
    let seconds = UInt32(clamping: max(1, lifetime.components.seconds))
    try keyring.save(payload, named: name, seconds: seconds)
  }

  package func remove(named name: String) throws {
    try keyring.remove(named: name)
  }

  package func names() throws -> [String] {
    try keyring.names()
  }
}
