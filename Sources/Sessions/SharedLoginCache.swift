internal import AWSValues
package import FoundationEssentials
internal import Glibc
internal import POSIX
package import Profiles
package import Secrets

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

  /// What is enough for a call.
  private static let margin: TimeInterval = 60

  /// Nil if there are none, or the file is not ours, or they have expired.
  package func credentials(of session: CredentialPlan.LoginSession) -> Credentials? {
    guard session.sharing == .read else { return nil }
    do {
      let path = "\(folder)/\(session.identity.digest).json"
      guard let document = try SecretDocument(ownFile: path) else { return nil }
      return Self.credentials(in: document, of: session.identity, at: now())
    } catch {
      return nil
    }
  }

  private static func credentials(
    in document: borrowing SecretDocument, of identity: LoginIdentity, at now: Date
  ) -> Credentials? {
    guard let token = document.elements(at: "accessToken").first,
      let keyID = document.text(at: "accessKeyId", in: token).flatMap(AccessKeyID.init),
      let secret = document.visibleSecret(at: "secretAccessKey", in: token),
      let sessionToken = document.visibleSecret(at: "sessionToken", in: token),
      let expiration = document.text(at: "expiresAt", in: token).flatMap({ Date(iso8601: $0) }),
      expiration > now + margin
    else { return nil }
    let account = document.text(at: "accountId", in: token).flatMap { $0.isAccountID ? $0 : nil }
    return Credentials(
      accessKeyID: keyID.text, secretAccessKey: secret, sessionToken: sessionToken, expiration: expiration,
      account: account ?? identity.account)
  }
}

extension SecretDocument {
  /// The secret at `path`, if it is made of visible ASCII.
  func visibleSecret(at path: String, in place: Place = root) -> SecretBytes? {
    guard let element = elements(at: path, in: place).first, kind(of: element) == .text else { return nil }
    let secret = secret(at: element)
    guard secret.isVisibleASCII, !secret.isEmpty else { return nil }
    return secret
  }

  /// What a regular JSON file of this user holds; nil if there is none.
  init?(ownFile path: String) throws {
    guard let file = try InputFile.open(path, timeout: .zero), file.isOwnRegularFile else { return nil }
    // The AWS CLI's have 2 to 4 KB.
    try self.init(json: .contents(of: file.number, limit: 64 << 10))
  }
}
