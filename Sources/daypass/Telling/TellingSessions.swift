import Console
import Secrets
import Sessions

/// Sessions that say with `--debug` what they are asked for.
struct TellingSessions: SessionStore {
  private let store: any SessionStore
  private let diagnostics: Diagnostics

  init(_ store: any SessionStore, to diagnostics: Diagnostics) {
    self.store = store
    self.diagnostics = diagnostics
  }

  func payload(named name: String) throws -> SecretBytes? {
    let payload = try store.payload(named: name)
    diagnostics.debug("sessions: looked for one: \(payload.exists ? "found" : "none")")
    return payload
  }

  func save(_ payload: borrowing SecretBytes, named name: String, label: String, lifetime: Duration) throws {
    try store.save(payload, named: name, label: label, lifetime: lifetime)
    diagnostics.debug("sessions: kept one for \(lifetime.components.seconds) s")
  }

  func remove(named name: String) throws {
    try store.remove(named: name)
    diagnostics.debug("sessions: removed one")
  }

  func names() throws -> [String] {
    let names = try store.names()
    diagnostics.debug("sessions: listed: \(names.count)")
    return names
  }
}
