import HTTP
import Keyring
import Secrets
import Sessions
import TerminalIO

/// Logs with `--debug` what a session store is asked for.
struct LoggingSessionStore: SessionStore {
  let store: any SessionStore
  let diagnostics: Diagnostics

  func payload(named name: String) throws -> SecretBytes? {
    let payload = try store.payload(named: name)
    diagnostics.debug("sessions: looked for one: \(payload.exists ? "found" : "none")")
    return payload
  }

  func save(_ payload: borrowing SecretBytes, named name: String, lifetime: Duration) throws {
    try store.save(payload, named: name, lifetime: lifetime)
    diagnostics.debug("sessions: kept one for \(lifetime.components.seconds) s")
  }

  func remove(all names: [String]) throws {
    try store.remove(all: names)
    diagnostics.debug("sessions: removed \(names.count)")
  }

  func names() throws -> [String] {
    let names = try store.names()
    diagnostics.debug("sessions: listed: \(names.count)")
    return names
  }
}

// MARK: - Keyring

/// Logs with `--debug` what the keyring is asked for.
struct LoggingSecretStore: SecretStore {
  let store: any SecretStore
  let diagnostics: Diagnostics

  func secret(for item: ItemID) throws(SecretStoreError) -> SecretBytes? {
    let secret = try store.secret(for: item)
    diagnostics.debug("keyring: looked for \(item.words): \(secret.exists ? "found" : "none")")
    return secret
  }

  func save(_ secret: borrowing SecretBytes, for item: ItemID) throws(SecretStoreError) {
    try store.save(secret, for: item)
    diagnostics.debug("keyring: stored \(item.words)")
  }

  func remove(_ item: ItemID) throws(SecretStoreError) {
    try store.remove(item)
    diagnostics.debug("keyring: removed \(item.words)")
  }

  func items(ofKind kind: ItemID.Kind) throws(SecretStoreError) -> [ListedItem] {
    let items = try store.items(ofKind: kind)
    diagnostics.debug("keyring: listed \(kind.words): \(items.count)")
    return items
  }
}

// MARK: - Transport

/// Logs with `--debug` each request's target and status; never a header or a body.
struct LoggingTransport: HTTPTransport {
  let transport: CurlTransport
  let diagnostics: Diagnostics

  func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let target = "\(request.method.rawValue) \(request.url.scheme.rawValue)://\(request.url.authority)"
    let response = try transport.send(request)
    diagnostics.debug("\(target): status \(response.status)")
    return response
  }
}
