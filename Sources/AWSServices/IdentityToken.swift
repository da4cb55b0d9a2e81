package import FoundationEssentials
internal import Hashing
package import Secrets

/// A token with which an identity provider says who one is, as STS takes it: 4 to 20 000 characters of visible ASCII.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
package struct IdentityToken: ~Copyable, Sendable {
  let bytes: SecretBytes
  /// What it says of itself if it is a JWT. Nobody has checked its signature.
  package let claims: Claims

  package static let length = 4...20_000

  /// Nil if `content`, without white space at both ends, is no such token: some writers end it with a line end, which some
  /// issuers' keys do not match.
  package init?(_ content: borrowing SecretBytes) {
    let bytes = content.clone(content.trimmedRange { $0 <= 0x20 })
    guard Self.length.contains(bytes.count), bytes.isVisibleASCII else { return nil }
    claims = Claims(of: bytes)
    self.bytes = bytes
  }

  /// What tells its subject from others: its issuer and subject, else its hash, which changes with every token.
  package var identity: [String] {
    if let issuer = claims.issuer, let subject = claims.subject { return [issuer, subject] }
    return [bytes.withBytes { Digest.hex(SHA256.digest($0)) }]
  }

  /// RFC 7519, 4.1.
  package struct Claims: Equatable, Sendable {
    package var issuer: String?
    package var subject: String?
    package var expiration: Date?
  }
}

// MARK: - Claims

extension IdentityToken.Claims {
  fileprivate init(of token: borrowing SecretBytes) {
    guard let payload = token.payload, let document = Self.document(payload) else { return }
    func text(_ name: String) -> String? {
      document.elements(at: name).first.flatMap { document.kind(of: $0) == .text ? document.text(at: $0) : nil }
    }
    (issuer, subject) = (text("iss"), text("sub"))
    let seconds = document.text(at: "exp").flatMap { Double($0) }
    expiration = seconds.flatMap { Self.seconds.contains($0) ? Date(timeIntervalSince1970: $0) : nil }
  }

  /// From 1970 to the year 9999.
  private static let seconds = 0.0..<253_402_300_800

  private static func document(_ payload: borrowing SecretBytes) -> SecretDocument? {
    do { return try SecretDocument(json: payload) } catch { return nil }
  }
}

extension SecretBytes {
  /// What is between the two dots of a JWT (RFC 7515, 3.1).
  fileprivate var payload: SecretBytes? {
    let parts = ranges(separatedBy: UInt8(ascii: "."))
    return parts.count == 3 ? Base64.decodeLeniently(clone(parts[1])) : nil
  }
}
