import Crypto
import FoundationEssentials

/// A strict sign-in service of the console, as `aws login` uses it: PKCE and DPoP verified by code that is not daypass's,
/// codes and refresh tokens good once.
package struct ConsoleSignIn: Sendable {
  /// Who is signed in in the browser.
  package var user = "alice"
  /// Who is at the page.
  package var person = IdentityCenter.Person.approves
  /// Of the credentials, in seconds.
  package var life = 900
  /// What happens to the next calls, in their order.
  package var script: [Answer] = []
  /// The calls that came: `token refresh_token`.
  package var calls: [String] = []

  /// How /federation takes credentials.
  package var federationMethod = "POST"
  /// Whether /federation refuses every SessionDuration, as AWS does some that are within its limits.
  package var refusesSessionDuration = false

  var codes: [String: Code] = [:]
  /// Of /federation, with whom they sign in.
  var signInTokens: [String: String] = [:]
  var refreshTokens: [String: RefreshToken] = [:]
  /// Of proofs that were seen.
  var proofs: Set<String> = []

  package init() {}

  package enum Answer: Sendable {
    case refuse(status: Int, type: String, error: String)
    /// The call is carried out, and its answer lost.
    case lose
    case answer(status: Int, String)
  }

  struct Code: Sendable {
    let client: String
    let challenge: String
    let redirectURI: String
    let user: String
  }

  struct RefreshToken: Sendable {
    let client: String
    let user: String
    /// Of the key that it is bound to.
    let thumbprint: String
    var successor: String?
  }

  /// All that nobody else may see.
  package var secrets: [String] { Array(refreshTokens.keys) + Array(codes.keys) }
}

private struct SignInRefusal: Error {
  let status: Int
  let type: String
  let error: String

  init(_ error: String, status: Int = 400, type: String = "ValidationException") {
    (self.status, self.type, self.error) = (status, type, error)
  }

  var response: WireResponse {
    WireResponse(
      status, type: "application/json", "{\"error\":\"\(error)\",\"message\":\"the authorization grant is invalid\"}",
      headers: [("x-amzn-ErrorType", type)])
  }
}

private struct SignInRequest: Decodable {
  let clientId: String
  let grantType: String
  let code: String?
  let codeVerifier: String?
  let redirectUri: String?
  let refreshToken: String?
}

extension World {
  /// Where each client may be sent to.
  private static func isAllowed(_ client: String, redirectedTo uri: String) -> Bool {
    switch client {
    case "arn:aws:signin:::devtools/same-device": uri.wholeMatch(of: #/http://127\.0\.0\.1:\d+/oauth/callback/#) != nil
    case "arn:aws:signin:::devtools/cross-device":
      uri.wholeMatch(of: #/http://127\.0\.0\.1:\d+/v1/sessions/confirmation/#) != nil
    default: false
    }
  }

  /// The answer of the sign-in service; nil if the request is for another service.
  mutating func consoleSignInReply(to request: WireRequest) -> Reply? {
    switch "\(request.method) \(request.path)" {
    case "GET /v1/authorize":
      consoleSignIn.calls.append("authorize")
      return .answer(signInPage(request))
    case "POST /v1/token":
      let grant = (try? JSONDecoder().decode(SignInRequest.self, from: Data(request.body)))?.grantType
      consoleSignIn.calls.append("token \(grant ?? "?")")
      return tokenReply(to: request)
    default: return nil
    }
  }

  private mutating func tokenReply(to request: WireRequest) -> Reply {
    let scripted = consoleSignIn.script.isEmpty ? nil : consoleSignIn.script.removeFirst()
    switch scripted {
    case .refuse(let status, let type, let error):
      return .answer(dated(SignInRefusal(error, status: status, type: type).response))
    case .answer(let status, let body):
      return .answer(dated(WireResponse(status, type: "application/json", body)))
    case .lose, nil: break
    }
    let response: WireResponse
    do {
      response = try token(request)
    } catch let refusal as SignInRefusal {
      response = refusal.response
    } catch {
      response = SignInRefusal("INVALID_REQUEST").response
    }
    if case .lose = scripted { return .close }
    return .answer(dated(response))
  }

  // MARK: Page

  private mutating func signInPage(_ request: WireRequest) -> WireResponse {
    guard let form = try? Parameters(form: request.query), let client = form["client_id"],
      form["response_type"] == "code", form["scope"] == "openid",
      form["code_challenge_method"] == "SHA-256", let challenge = form["code_challenge"], challenge.utf8.count == 43,
      let state = form["state"], state.utf8.count >= 22, let uri = form["redirect_uri"],
      Self.isAllowed(client, redirectedTo: uri)
    else { return SignInRefusal("INVALID_REQUEST").response }
    let isElsewhere = client.hasSuffix("cross-device")
    let answer: String
    switch consoleSignIn.person {
    case .isAway: return WireResponse(200, type: "text/html", "<p>Sign in</p>")
    case .denies: answer = "error=access_denied&error_description=User%20denied&state=\(state)"
    case .approves:
      let code = RandomText.letters(300, of: RandomText.base32)
      consoleSignIn.codes[code] = ConsoleSignIn.Code(
        client: client, challenge: challenge, redirectURI: uri, user: consoleSignIn.user)
      answer = "state=\(state)&code=\(code)"
    }
    if isElsewhere { return WireResponse(200, type: "text/plain", Data(answer.utf8).base64EncodedString() + "\n") }
    return WireResponse(302, type: "text/html", "", headers: [("Location", "\(uri)?\(answer)")])
  }

  // MARK: Token

  private mutating func token(_ request: WireRequest) throws -> WireResponse {
    guard request["content-type"] == "application/json", request["authorization"] == nil else {
      throw SignInRefusal("INVALID_REQUEST")
    }
    let body = try JSONDecoder().decode(SignInRequest.self, from: Data(request.body))
    let proof = try Proof(request, now: now)
    guard consoleSignIn.proofs.insert(proof.id).inserted else { throw SignInRefusal("INVALID_REQUEST") }
    switch body.grantType {
    case "authorization_code": return try token(forCode: body, proof)
    case "refresh_token": return try refreshedToken(body, proof)
    default: throw SignInRefusal("INVALID_REQUEST")
    }
  }

  private mutating func token(forCode body: SignInRequest, _ proof: Proof) throws -> WireResponse {
    guard let code = body.code, let issued = consoleSignIn.codes.removeValue(forKey: code),
      issued.client == body.clientId, issued.redirectURI == body.redirectUri, let verifier = body.codeVerifier,
      (43...128).contains(verifier.utf8.count),
      Data(SHA256.hash(data: Data(verifier.utf8))).base64URL == issued.challenge
    else { throw SignInRefusal("INVALID_REQUEST") }
    return issue(to: body.clientId, issued.user, proof.thumbprint, isFirst: true).response
  }

  private mutating func refreshedToken(_ body: SignInRequest, _ proof: Proof) throws -> WireResponse {
    guard let old = body.refreshToken, let held = consoleSignIn.refreshTokens[old], held.client == body.clientId,
      held.thumbprint == proof.thumbprint
    else { throw SignInRefusal("INVALID_REQUEST") }
    // Whoever uses a token has seen it: what it came from is over.
    consoleSignIn.refreshTokens = consoleSignIn.refreshTokens.filter { $0.value.successor != old }
    if let lost = held.successor { consoleSignIn.refreshTokens[lost] = nil }
    let (response, refresh) = issue(to: body.clientId, held.user, held.thumbprint, isFirst: false)
    consoleSignIn.refreshTokens[old]?.successor = refresh
    return response
  }

  private mutating func issue(
    to client: String, _ user: String, _ thumbprint: String, isFirst: Bool
  ) -> (response: WireResponse, refresh: String) {
    let end = now + Double(consoleSignIn.life)
    let session = IssuedSession(for: .user(name: user), kind: .mfaSession, until: end)
    sessions[session.accessKeyID] = session
    let refresh = "rt-" + RandomText.letters(900, of: RandomText.base64)
    consoleSignIn.refreshTokens[refresh] = ConsoleSignIn.RefreshToken(
      client: client, user: user, thumbprint: thumbprint)
    let arn = account[user: user].map { account.arn(of: $0) } ?? ""
    let subject = Data("{\"sub\":\"\(arn)\",\"aud\":\"\(client)\"}".utf8).base64URL
    let identity = isFirst ? ",\"idToken\":\"eyJhbGciOiJFUzM4NCJ9.\(subject).c2ln\"" : ""
    let body = """
      {"accessToken":{"accessKeyId":"\(session.accessKeyID)","secretAccessKey":"\(session.secret)",\
      "sessionToken":"\(session.token)"},"tokenType":"aws_sigv4","expiresIn":\(consoleSignIn.life),\
      "refreshToken":"\(refresh)"\(identity)}
      """
    return (WireResponse(200, type: "application/json", body), refresh)
  }
}

extension AWSDouble {
  /// A refresh token that another program got for a key, by the key's thumbprint.
  package func issueRefreshToken(of user: String, boundTo thumbprint: String) -> String {
    let token = "rt-" + RandomText.letters(900, of: RandomText.base64)
    let client = "arn:aws:signin:::devtools/same-device"
    world.withLock {
      $0.consoleSignIn.refreshTokens[token] = ConsoleSignIn.RefreshToken(
        client: client, user: user, thumbprint: thumbprint)
    }
    return token
  }
}

// MARK: - Proof of possession

/// A DPoP proof (RFC 9449, 4.3), verified with the key that it names.
package struct Proof: Sendable {
  package let id: String
  /// Of the key (RFC 7638).
  package let thumbprint: String

  private struct Header: Decodable {
    struct Key: Decodable {
      let kty: String
      let crv: String
      let x: String
      let y: String
    }
    let typ: String
    let alg: String
    let jwk: Key
  }

  private struct Payload: Decodable {
    let jti: String
    let htm: String
    let htu: String
    let iat: Int
  }

  fileprivate init(_ request: WireRequest, now: Date) throws {
    guard let text = request["dpop"], let host = request["host"] else { throw SignInRefusal("INVALID_REQUEST") }
    let proof = try Self(text, for: "http://\(host)\(request.path)", now: now)
    self = proof
  }

  package init(_ text: String, for url: String, now: Date) throws {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let head = Data(base64URL: parts[0]), let body = Data(base64URL: parts[1]),
      let signature = Data(base64URL: parts[2]), signature.count == 64
    else { throw SignInRefusal("INVALID_REQUEST") }
    let header = try JSONDecoder().decode(Header.self, from: head)
    let payload = try JSONDecoder().decode(Payload.self, from: body)
    guard header.typ == "dpop+jwt", header.alg == "ES256", header.jwk.kty == "EC", header.jwk.crv == "P-256",
      let x = Data(base64URL: header.jwk.x), let y = Data(base64URL: header.jwk.y), x.count == 32, y.count == 32,
      payload.htm == "POST", payload.htu == url, abs(Double(payload.iat) - now.timeIntervalSince1970) < 300
    else { throw SignInRefusal("INVALID_REQUEST") }
    let key = try P256.Signing.PublicKey(rawRepresentation: x + y)
    guard
      key.isValidSignature(
        try P256.Signing.ECDSASignature(rawRepresentation: signature), for: Data("\(parts[0]).\(parts[1])".utf8))
    else { throw SignInRefusal("INVALID_REQUEST") }
    id = payload.jti
    let canonical = "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"\(header.jwk.x)\",\"y\":\"\(header.jwk.y)\"}"
    thumbprint = Data(SHA256.hash(data: Data(canonical.utf8))).base64URL
  }
}

/// Base64 for URLs (RFC 4648, 5), without padding.
extension Data {
  var base64URL: String {
    base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  init?(base64URL text: String) {
    let standard = text.replacing("-", with: "+").replacing("_", with: "/")
    self.init(base64Encoded: standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4))
  }
}
