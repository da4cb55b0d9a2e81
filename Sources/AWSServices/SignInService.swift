internal import AWSValues
internal import FoundationEssentials
internal import HTTP
package import Hashing
package import Secrets

/// The service where `aws login` signs in with the identity of the console: OAuth 2.0 with authorization codes and PKCE,
/// its tokens bound to a key (DPoP).
/// https://docs.aws.amazon.com/signin/latest/APIReference/Welcome.html
package struct SignInService {
  private let client: AWSClient

  package init(_ client: AWSClient) {
    self.client = client
  }

  /// Where the browser is when it has the code.
  package enum Device: String, Sendable {
    /// On this machine: a callback brings the code.
    case same = "arn:aws:signin:::devtools/same-device"
    /// On another one: the page shows a text to type here.
    case other = "arn:aws:signin:::devtools/cross-device"
  }

  /// Where tokens are issued, which is the only place that refreshes them.
  package var origin: String {
    get throws(AWSError) {
      var url = try client.endpoint(of: .signIn).url
      if url.path.last == "/" { url.path.removeLast() }
      return url.text
    }
  }

  /// The page where the user signs in. Unlike elsewhere, the challenge's method is called `SHA-256`.
  package func authorizationURL(
    on device: Device, redirectURI: String, state: String, challenge: String
  ) throws(AWSError) -> String {
    let parameters = [
      ("response_type", "code"), ("client_id", device.rawValue), ("state", state),
      ("code_challenge_method", "SHA-256"), ("scope", "openid"), ("redirect_uri", redirectURI),
      ("code_challenge", challenge),
    ]
    return try client.page(of: .signIn, "v1/authorize", parameters)
  }

  /// The page on which another device shows the text to be typed here.
  package var confirmationURI: String {
    get throws(AWSError) { try origin + "/v1/sessions/confirmation" }
  }

  /// The tokens for a code from the browser, which is taken once.
  package func tokens(
    forAuthorizationCode code: borrowing SecretBytes, verifier: borrowing SecretBytes, redirectURI: String,
    on device: Device, provenBy key: borrowing P256Key
  ) throws(AWSError) -> SignInTokens {
    var body = Self.body(device.rawValue, grantType: "authorization_code")
    body.append("code", code)
    body.append("codeVerifier", verifier)
    body.append("redirectUri", redirectURI)
    return try tokens(body, .once, provenBy: key)
  }

  /// New tokens. If the answer is lost, the same refresh token may be sent again, with a new proof.
  package func tokens(
    refreshedWith refreshToken: borrowing SecretBytes, clientID: String, provenBy key: borrowing P256Key
  ) throws(AWSError) -> SignInTokens {
    var body = Self.body(clientID, grantType: "refresh_token")
    body.append("refreshToken", refreshToken)
    return try tokens(body, .idempotent, provenBy: key)
  }

  private static func body(_ clientID: String, grantType: String) -> JSONBody {
    var body = JSONBody()
    body.append("clientId", clientID)
    body.append("grantType", grantType)
    return body
  }

  private func tokens(
    _ body: consuming JSONBody, _ retrySafety: RetrySafety, provenBy key: borrowing P256Key
  ) throws(AWSError) -> SignInTokens {
    let call = AWSCall(.signIn, "CreateOAuth2Token", path: "v1/token", json: body.finish(), retrySafety)
    let response = try client.response(to: call) { (url) throws(AWSError) in
      do throws(HashingError) {
        return HTTPRequest.SecretHeader(
          "DPoP", try key.proof(for: url, at: client.time, id: UUID().uuidString.lowercased()))
      } catch {
        throw .signing(error)
      }
    }
    return try response.signInTokens(receivedAt: client.now)
  }
}

/// What a sign-in gives: credentials for a quarter of an hour, and what to get the next ones with.
package struct SignInTokens: ~Copyable, Sendable {
  package let credentials: Credentials
  package let refreshToken: SecretBytes
  /// The ARN of who signed in; with the first tokens only.
  package let subject: String?
}

// MARK: - Response

extension AWSResponse {
  fileprivate func signInTokens(receivedAt now: Date) throws(AWSError) -> SignInTokens {
    let place = try element("accessToken")
    let accessKeyID: AccessKeyID = try value("accessKeyId", in: place)
    guard try text("tokenType") == "aws_sigv4" else { throw malformed("tokenType") }
    let life = try seconds("expiresIn")
    guard (1...Self.longestLife).contains(life) else { throw malformed("expiresIn") }
    return SignInTokens(
      credentials: Credentials(
        accessKeyID: accessKeyID.text, secretAccessKey: try secret("secretAccessKey", in: place),
        sessionToken: try secret("sessionToken", in: place), expiration: now.addingTimeInterval(TimeInterval(life))),
      refreshToken: try secret("refreshToken"), subject: try subject())
  }

  /// In seconds; AWS gives 900.
  private static let longestLife = 43_200

  /// Who the identity token is about. Nobody checks its signature: it came from its issuer, over TLS.
  private func subject() throws(AWSError) -> String? {
    guard let token = try optionalSecret("idToken") else { return nil }
    guard let subject = IdentityToken(token)?.claims.subject else { throw malformed("idToken") }
    return subject
  }
}

// MARK: - Refusals

/// Why the sign-in service refused.
package enum LoginRefusal: String, Equatable, Sendable {
  /// The refresh token is over, twelve hours after the sign-in at the latest.
  case tokenExpired = "TOKEN_EXPIRED"
  /// The sign-in in the browser took too long.
  case codeExpired = "AUTHCODE_EXPIRED"
  /// The password was changed, for one.
  case credentialsChanged = "USER_CREDENTIALS_CHANGED"
  /// The identity may not sign programs in.
  case notPermitted = "INSUFFICIENT_PERMISSIONS"
  /// The grant is used up, revoked or of another region, or the proof is bad: the service does not tell these apart.
  case invalidRequest = "INVALID_REQUEST"
}

extension AWSError {
  package var loginRefusal: LoginRefusal? { refusal?.oauthError.flatMap(LoginRefusal.init) }
}
