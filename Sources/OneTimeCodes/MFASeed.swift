package import Secrets

/// The secret that a virtual MFA device shares with AWS, from which both make the codes.
package struct MFASeed: ~Copyable, Sendable {
  /// As IAM shows it and as an app takes it by hand: base32, spelled as it came.
  package let base32: SecretBytes
  let key: SecretBytes

  /// Nil where the text is not base32 (RFC 4648, 6) of at least a byte; case and padding do not matter.
  package init?(base32: consuming SecretBytes) {
    guard let key = Base32.decode(base32), !key.isEmpty else { return nil }
    self.base32 = base32
    self.key = key
  }
}
