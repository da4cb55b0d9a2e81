package import AWSServices
package import FoundationEssentials
internal import Glibc
internal import Hashing
internal import POSIX
package import Profiles
internal import Secrets

/// The tokens that the AWS CLI keeps in `~/.aws/sso/cache`: read, so that nobody has to sign in twice; never written and
/// never copied.
package struct SharedTokenCache {
  private let folder: String
  private let now: @Sendable () -> Date

  package init(home: String, now: @escaping @Sendable () -> Date) {
    folder = home + "/.aws/sso/cache"
    self.now = now
  }

  /// Nil if there is none, it is not ours, has expired or was issued for another place.
  package func token(of session: IdentityCenterSession) -> AccessToken? {
    guard session.sharing == .read else { return nil }
    do {
      let name = try Digest.hex(Digest.sha1(of: SecretBytes(copying: session.name ?? session.startURL)))
      guard let document = try SecretDocument(ownFile: "\(folder)/\(name).json") else { return nil }
      return Self.token(in: document, of: session, at: now())
    } catch {
      return nil
    }
  }

  private static func token(
    in document: borrowing SecretDocument, of session: IdentityCenterSession, at now: Date
  ) -> AccessToken? {
    // Old versions of the CLI end the time with UTC.
    let end = document.text(at: "expiresAt")?.replacing("UTC", with: "Z")
    guard document.text(at: "startUrl") == session.startURL, document.text(at: "region") == session.region,
      let expiration = end.flatMap({ Date(iso8601: $0) }), expiration > now,
      let token = document.visibleSecret(at: "accessToken")
    else { return nil }
    return AccessToken(token: token, refreshToken: nil, expiration: expiration)
  }
}
