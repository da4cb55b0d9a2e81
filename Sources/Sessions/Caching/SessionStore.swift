package import Secrets

/// Where sessions wait for their next use, in memory only, each under the name its plan's digest gives it.
package protocol SessionStore {
  func payload(named name: String) throws -> SecretBytes?

  /// Keeps `payload` in place of what was there; of no use after `lifetime`. The label is for a person who looks.
  func save(_ payload: borrowing SecretBytes, named name: String, label: String, lifetime: Duration) throws

  /// Removing what is not there is not an error.
  func remove(named name: String) throws

  func names() throws -> [String]
}
