package import FoundationEssentials

/// A key in the keyring, as far as can be told without unlocking it.
package struct KeptKey: Equatable, Sendable {
  package var profile: String
  /// Since when the keyring has it; nil where the keyring does not tell. AWS made it then or earlier.
  package var stored: Date?

  package init(profile: String, stored: Date? = nil) {
    self.profile = profile
    self.stored = stored
  }
}
