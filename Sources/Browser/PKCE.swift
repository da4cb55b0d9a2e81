internal import Hashing
package import Secrets

/// Proof that the process which has the code of a sign-in is the one that began it (RFC 7636).
package struct PKCE: ~Copyable {
  /// 64 of `A-Za-z0-9-_`, sent with the code.
  package let verifier: SecretBytes
  /// The verifier's SHA-256 in base64url, sent to begin with.
  package let challenge: String

  package init() {
    self.init(verifier: .randomText(64))
  }

  package init(verifier: consuming SecretBytes) {
    challenge = verifier.withBytes { Base64.urlText(SHA256.digest($0).span) }
    self.verifier = verifier
  }
}
