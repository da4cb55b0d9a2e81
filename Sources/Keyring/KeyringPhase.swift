/// How far a keyring call has come; it decides how long an answer may take.
package enum KeyringPhase: UInt8, CaseIterable, Sendable {
  /// Connecting, searching, reading: no human is involved.
  case asking
  /// A dialog asks the user for the keyring's password.
  case unlocking
  /// The service is writing to disk.
  case writing
}
