package import Secrets

/// No cache: every command asks AWS.
package struct NoSessions: SessionStore {
  package init() {}

  package func payload(named name: String) -> SecretBytes? { nil }
  package func save(_ payload: borrowing SecretBytes, named name: String, label: String, lifetime: Duration) {}
  package func remove(named name: String) {}
  package func names() -> [String] { [] }
}
