package import AWSServices
internal import AWSValues
package import FoundationEssentials
internal import Glibc
internal import Hashing
internal import POSIX
package import Profiles
package import Secrets

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
    guard session.sharing == .read, let name = Self.name(of: session),
      let document = SecretDocument(ownFile: "\(folder)/\(name).json")
    else { return nil }
    // Old versions of the CLI end the time with UTC.
    let end = document.text(at: "expiresAt")?.replacing("UTC", with: "Z")
    guard document.text(at: "startUrl") == session.startURL, document.text(at: "region") == session.region,
      let expiration = end.flatMap({ Date(iso8601: $0) }), expiration > now(),
      let token = document.visibleSecret(at: "accessToken")
    else { return nil }
    return AccessToken(token: token, refreshToken: nil, expiration: expiration)
  }

  /// Nil if OpenSSL does not offer SHA-1.
  private static func name(of session: IdentityCenterSession) -> String? {
    do {
      return try Digest.hex(Digest.sha1(of: SecretBytes(copying: session.name ?? session.startURL)))
    } catch {
      return nil
    }
  }
}

/// The credentials that the AWS CLI keeps in `~/.aws/login/cache`: read while they are good, so that nobody has to sign in
/// twice. Its refresh token is left alone: it is the CLI's, which would be signed out if we used it up.
package struct SharedLoginCache {
  private let folder: String
  private let now: @Sendable () -> Date

  package init(environment: [String: String], now: @escaping @Sendable () -> Date) {
    let home = environment["HOME"] ?? ""
    let named = environment["AWS_LOGIN_CACHE_DIRECTORY"].flatMap { $0.isEmpty ? nil : $0 }
    folder = named.map { $0.hasPrefix("~/") ? home + $0.dropFirst() : $0 } ?? home + "/.aws/login/cache"
    self.now = now
  }

  /// What is enough for a call, in seconds.
  private static let margin: TimeInterval = 60

  /// Nil if there are none, or the file is not ours, or they have expired.
  package func credentials(of session: CredentialPlan.LoginSession) -> Credentials? {
    guard session.sharing == .read,
      let document = SecretDocument(ownFile: "\(folder)/\(session.identity.digest).json"),
      let token = document.elements(at: "accessToken").first,
      let keyID = document.text(at: "accessKeyId", in: token).flatMap(AccessKeyID.init),
      let secret = document.visibleSecret(at: "secretAccessKey", in: token),
      let sessionToken = document.visibleSecret(at: "sessionToken", in: token),
      let expiration = document.text(at: "expiresAt", in: token).flatMap({ Date(iso8601: $0) }),
      expiration > now() + Self.margin
    else { return nil }
    let account = document.text(at: "accountId", in: token).flatMap { $0.isAccountID ? $0 : nil }
    return Credentials(
      accessKeyID: keyID.text, secretAccessKey: secret, sessionToken: sessionToken, expiration: expiration,
      account: account ?? session.identity.account)
  }
}

extension SecretDocument {
  /// What a regular JSON file of this user holds; nil if there is none, or it cannot be read.
  fileprivate init?(ownFile path: String) {
    do {
      guard let file = try InputFile.open(path, timeout: .zero), file.isOwnRegularFile else { return nil }
      // The AWS CLI's have 2 to 4 KB.
      self = try SecretDocument(json: .contents(of: file.number, limit: 64 << 10))
    } catch {
      return nil
    }
  }

  /// The secret at `path`, if it is made of visible ASCII.
  fileprivate func visibleSecret(at path: String, in place: Place = root) -> SecretBytes? {
    guard let element = elements(at: path, in: place).first, kind(of: element) == .text else { return nil }
    let secret = secret(at: element)
    guard secret.isVisibleASCII, !secret.isEmpty else { return nil }
    return secret
  }
}
