internal import Hashing
package import Secrets

/// Proof that the process which has the code of a sign-in is the one that began it (RFC 7636).
package struct PKCE: ~Copyable {
  /// 64 of `A-Za-z0-9-._~`, sent with the code.
  package let verifier: SecretBytes
  /// The verifier's SHA-256 in base64url, sent to begin with.
  package let challenge: String

  package init() {
    self.init(verifier: Self.makeVerifier())
  }

  package init(verifier: consuming SecretBytes) {
    challenge = verifier.withBytes { Base64.urlText(SHA256.digest($0).span) }
    self.verifier = verifier
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
  private static let length = 64

  /// Draws until the lowest seven bits are an index, so that every character is as likely as another.
  private static func makeVerifier() -> SecretBytes {
    var verifier = SecretBytes(capacity: length)
    while verifier.count < length {
      let random = SecretBytes.random(length - verifier.count)
      random.withBytes { random in
        for index in random.indices {
          let draw = Int(random[index] & 0x7f)
          if draw < alphabet.count { verifier.append(alphabet[draw]) }
        }
      }
    }
    return verifier
  }
}
