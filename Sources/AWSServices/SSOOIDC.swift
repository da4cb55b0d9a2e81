internal import AWSValues
package import FoundationEssentials
package import Secrets

/// The service where programs sign in to IAM Identity Center: OAuth 2.0 with device codes (RFC 8628) or authorization codes
/// and PKCE (RFC 7636).
/// https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/
package struct SSOOIDC {
  private let client: AWSClient

  package init(_ client: AWSClient) {
    self.client = client
  }

  /// The address of sign-ins that `text` stands for.
  package func startURL(of text: String) throws(StartURL.Fault) -> StartURL { try StartURL.resolve(text, by: client) }

  /// Makes us known to the service for one of the two flows; not for both at once, which some instances refuse.
  /// https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html
  ///
  /// - Parameter name: the user sees it on the page where they approve.
  package func registerClient(
    named name: String, for flow: SignInFlow, scopes: [String], startURL: String
  ) throws(AWSError) -> ClientRegistration {
    var body = JSONBody()
    body.append("clientName", name)
    body.append("clientType", "public")
    body.append("scopes", scopes)
    body.append("grantTypes", flow.grantTypes)
    switch flow {
    case .device: break
    case .authorizationCode:
      body.append("redirectUris", ["http://127.0.0.1/oauth/callback"])
      body.append("issuerUrl", startURL)
    }
    let response = try post("RegisterClient", "client/register", body, .idempotent)
    return ClientRegistration(
      flow: flow, id: try response.text("clientId"), secret: try response.secret("clientSecret"),
      expiration: try response.date("clientSecretExpiresAt"))
  }

  /// https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_StartDeviceAuthorization.html
  package func startDeviceAuthorization(
    by registration: borrowing ClientRegistration, startURL: String
  ) throws(AWSError) -> DeviceAuthorization {
    var body = JSONBody()
    body.append(registration)
    body.append("startUrl", startURL)
    return try post("StartDeviceAuthorization", "device_authorization", body, .idempotent).deviceAuthorization()
  }

  /// The token for a device code; `authorizationPending` is thrown until the user has approved it.
  /// https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
  package func token(
    forDeviceCode code: borrowing SecretBytes, by registration: borrowing ClientRegistration
  ) throws(AWSError) -> AccessToken {
    // The caller asks again by its own schedule.
    try token("urn:ietf:params:oauth:grant-type:device_code", by: registration, .once) { body in
      body.append("deviceCode", code)
    }
  }

  /// The token for a code from the browser, which is taken once.
  package func token(
    forAuthorizationCode code: borrowing SecretBytes, verifier: borrowing SecretBytes, redirectURI: String,
    by registration: borrowing ClientRegistration
  ) throws(AWSError) -> AccessToken {
    try token("authorization_code", by: registration, .once) { body in
      body.append("code", code)
      body.append("codeVerifier", verifier)
      body.append("redirectUri", redirectURI)
    }
  }

  /// A new token. If the answer is lost, the same refresh token may be tried once more.
  package func refreshedToken(
    with refreshToken: borrowing SecretBytes, by registration: borrowing ClientRegistration
  ) throws(AWSError) -> AccessToken {
    try token("refresh_token", by: registration, .idempotent) { body in body.append("refreshToken", refreshToken) }
  }

  private func token(
    _ grantType: String, by registration: borrowing ClientRegistration, _ retrySafety: RetrySafety,
    _ grant: (inout JSONBody) -> Void
  ) throws(AWSError) -> AccessToken {
    var body = JSONBody()
    body.append(registration)
    body.append("grantType", grantType)
    grant(&body)
    let response = try post("CreateToken", "token", body, retrySafety)
    return AccessToken(
      token: try response.secret("accessToken"), refreshToken: try response.optionalSecret("refreshToken"),
      expiration: client.now.addingTimeInterval(TimeInterval(try response.seconds("expiresIn"))))
  }

  private func post(
    _ action: String, _ path: String, _ body: consuming JSONBody, _ retrySafety: RetrySafety
  ) throws(AWSError) -> AWSResponse {
    try client.responseToUnsigned(AWSCall(.ssoOIDC, action, path: path, json: body.finish(), retrySafety))
  }

  /// The page where the user approves; `redirectURI` with its port.
  package func authorizationURL(
    for clientID: String, redirectURI: String, state: String, scopes: [String], challenge: String
  ) throws(AWSError) -> String {
    let parameters = [
      ("response_type", "code"), ("client_id", clientID), ("redirect_uri", redirectURI), ("state", state),
      ("code_challenge_method", "S256"), ("scopes", scopes.joined(separator: " ")), ("code_challenge", challenge),
    ]
    return try client.page(of: .ssoOIDC, "authorize", parameters)
  }
}

// MARK: - Registration

/// How one signs in.
package enum SignInFlow: String, CaseIterable, Sendable {
  /// A code is typed into a browser, on this device or another.
  case device
  /// A browser on this device calls back.
  case authorizationCode = "code"

  fileprivate var grantTypes: [String] {
    switch self {
    case .device: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"]
    case .authorizationCode: ["authorization_code", "refresh_token"]
    }
  }
}

/// A client that the service knows, for one flow.
package struct ClientRegistration: ~Copyable, Sendable {
  package let flow: SignInFlow
  package let id: String
  package let secret: SecretBytes
  package let expiration: Date

  package init(flow: SignInFlow, id: String, secret: consuming SecretBytes, expiration: Date) {
    self.flow = flow
    self.id = id
    self.secret = secret
    self.expiration = expiration
  }
}

/// A code to be typed, or to be approved on the page that holds it already.
package struct DeviceAuthorization: ~Copyable, Sendable {
  package let deviceCode: SecretBytes
  package let userCode: String
  package let verificationURI: String
  /// With the code in it.
  package let completeURI: String?
  /// Seconds from now.
  package let expiresIn: Int
  /// Seconds between two requests.
  package let interval: Int
}

/// The token by which Identity Center knows a user who has signed in.
package struct AccessToken: ~Copyable, Sendable {
  package let token: SecretBytes
  /// Nil for a session that cannot be refreshed.
  package let refreshToken: SecretBytes?
  package let expiration: Date

  package init(token: consuming SecretBytes, refreshToken: consuming SecretBytes?, expiration: Date) {
    self.token = token
    self.refreshToken = refreshToken
    self.expiration = expiration
  }
}

extension JSONBody {
  fileprivate mutating func append(_ registration: borrowing ClientRegistration) {
    append("clientId", registration.id)
    append("clientSecret", registration.secret)
  }
}

extension AWSResponse {
  fileprivate func deviceAuthorization() throws(AWSError) -> DeviceAuthorization {
    DeviceAuthorization(
      deviceCode: try secret("deviceCode"), userCode: try text("userCode"),
      verificationURI: try text("verificationUri"), completeURI: try optionalText("verificationUriComplete"),
      expiresIn: try seconds("expiresIn"), interval: try optionalText("interval") == nil ? 0 : seconds("interval"))
  }
}

// MARK: - Refusals

/// Why no token was given (RFC 6749, 5.2; RFC 8628, 3.5).
package enum TokenRefusal: Equatable, Sendable {
  case authorizationPending
  /// Asked too often.
  case slowDown
  case expiredCode
  /// The user said no.
  case accessDenied
  /// The code or the refresh token is not, or no longer, good.
  case invalidGrant
  /// The registration is not, or no longer, known.
  case invalidClient
  /// What we asked is not what this instance allows, such as a flow.
  case notAllowed
}

extension AWSError {
  /// What a refusal by the sign-in service means; nil for any other error.
  package var tokenRefusal: TokenRefusal? {
    switch refusal?.code {
    case "AuthorizationPendingException", "authorization_pending": .authorizationPending
    case "SlowDownException", "slow_down": .slowDown
    case "ExpiredTokenException", "expired_token": .expiredCode
    case "AccessDeniedException", "access_denied": .accessDenied
    case "InvalidGrantException", "invalid_grant": .invalidGrant
    case "InvalidClientException", "invalid_client", "UnauthorizedClientException", "unauthorized_client":
      .invalidClient
    case "InvalidRequestException", "invalid_request", "UnsupportedGrantTypeException", "unsupported_grant_type",
      "InvalidClientMetadataException", "InvalidRedirectUriException", "InvalidScopeException", "invalid_scope":
      .notAllowed
    case .some, nil: nil
    }
  }
}
