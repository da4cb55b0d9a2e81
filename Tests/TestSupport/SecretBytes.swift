package import Secrets

extension SecretBytes {
  /// A copy for a test to look at.
  package var array: [UInt8] { withBytes { bytes in bytes.indices.map { bytes[$0] } } }
}
