import Crypto
import FoundationEssentials

/// A strict IAM Identity Center: the service where one signs in, its authorization page, and the access portal.
package struct IdentityCenter: Sendable {
  package var startURL = "https://d-abc123.awsapps.com/start"
  package var accounts = [
    Account("123456789012", "Payments", ["ReadOnly", "Deploy"]), Account("210987654321", nil, ["Audit"]),
  ]
  /// Who is at the page.
  package var person = Person.approves
  /// Of an access token, in seconds.
  package var tokenLife = 3600
  /// Of a role's credentials, in seconds.
  package var credentialLife = 3600
  /// Seconds between two requests, as devices are told; 0 is not told.
  package var interval = 1
  package var allowsBrowsers = true
  package var isRefreshable = true
  /// How many entries of a list a page has.
  package var pageSize = 100
  /// What happens to the next calls of a name, in their order.
  package var script: [ScriptedAnswer] = []
  /// The calls that came: `CreateToken refresh_token`.
  package var calls: [String] = []

  var clients: [String: Client] = [:]
  var devices: [String: Device] = [:]
  var codes: [String: Code] = [:]
  /// The ends of access tokens.
  var tokens: [String: Date] = [:]
  var refreshTokens: [String: RefreshToken] = [:]

  package init() {}

  package struct Account: Sendable {
    package var id: String
    package var name: String?
    package var roles: [String]

    package init(_ id: String, _ name: String?, _ roles: [String]) {
      (self.id, self.name, self.roles) = (id, name, roles)
    }
  }

  package enum Person: Sendable { case approves, denies, isAway }

  package struct ScriptedAnswer: Sendable {
    let call: String
    let answer: Answer

    package init(_ call: String, _ answer: Answer) { (self.call, self.answer) = (call, answer) }
  }

  package enum Answer: Sendable {
    /// `error` is OAuth's word, or the type of the portal's exception.
    case refuse(status: Int, String)
    /// The call is carried out, and its answer lost.
    case lose
    case answer(status: Int, String)
  }

  struct Client: Sendable {
    let secret: String
    let grants: [String]
    let scopes: [String]
    let redirectURIs: [String]
  }

  struct Device: Sendable {
    let client: String
    let userCode: String
    let end: Date
    var isApproved = false
    var isDenied = false
  }

  struct Code: Sendable {
    let client: String
    let challenge: String
    let redirectURI: String
  }

  /// A token stays good until what it was exchanged for is used: an answer may be lost.
  struct RefreshToken: Sendable {
    let client: String
    var successor: (access: String, refresh: String)?
  }

  package var accessTokens: Set<String> { Set(tokens.keys) }

  /// All that nobody else may see.
  package var secrets: [String] {
    clients.values.map(\.secret) + Array(tokens.keys) + Array(refreshTokens.keys) + Array(codes.keys)
      + Array(devices.keys)
  }
}

// MARK: - Requests

/// Why a call is refused.
private struct TokenRefusal: Error {
  let status: Int
  let error: String

  init(_ error: String, status: Int = 400) { (self.status, self.error) = (status, error) }

  var response: WireResponse {
    let type = error.split(separator: "_").map(\.capitalized).joined() + "Exception"
    return WireResponse(
      status, type: "application/json", "{\"error\":\"\(error)\",\"error_description\":null}",
      headers: [("x-amzn-ErrorType", type + ":http://internal.amazon.com/coral/")])
  }
}

extension Substring {
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}

extension World {
  /// The answer of Identity Center; nil if the request is for another service.
  mutating func identityCenterReply(to request: WireRequest) -> Reply? {
    guard let name = Self.identityCenterCall(request) else { return nil }
    let grant = (try? JSONDecoder().decode(TokenRequest.self, from: Data(request.body)))?.grantType
    let call = ([name] + [grant].compactMap { $0?.split(separator: ":").last.map(String.init) }).joined(separator: " ")
    identityCenter.calls.append(call)
    let index = identityCenter.script.firstIndex { $0.call == name || $0.call == call }
    let scripted = index.map { identityCenter.script.remove(at: $0).answer }
    switch scripted {
    case .refuse(let status, let error):
      let response = name.hasPrefix("Get") || name.hasPrefix("List") ? Self.portalRefusal(status, error) : nil
      return .answer(dated(response ?? TokenRefusal(error, status: status).response))
    case .answer(let status, let body):
      return .answer(dated(WireResponse(status, type: "application/json", body)))
    case .lose, nil: break
    }
    let response = answer(name, request)
    if case .lose = scripted { return .close }
    return .answer(dated(response))
  }

  private static func identityCenterCall(_ request: WireRequest) -> String? {
    switch "\(request.method) \(request.path)" {
    case "POST /client/register": "RegisterClient"
    case "POST /device_authorization": "StartDeviceAuthorization"
    case "POST /token": "CreateToken"
    case "GET /authorize": "authorize"
    case "GET /federation/credentials": "GetRoleCredentials"
    case "GET /assignment/accounts": "ListAccounts"
    case "GET /assignment/roles": "ListAccountRoles"
    case "POST /logout": "Logout"
    default: nil
    }
  }

  private mutating func answer(_ name: String, _ request: WireRequest) -> WireResponse {
    do {
      switch name {
      case "RegisterClient": return try registerClient(request)
      case "StartDeviceAuthorization": return try startDeviceAuthorization(request)
      case "CreateToken": return try createToken(request)
      case "authorize": return try authorizationPage(request)
      default: return try portal(name, request)
      }
    } catch let refusal as TokenRefusal {
      return refusal.response
    } catch {
      return TokenRefusal("invalid_request").response
    }
  }
}

// MARK: - Signing in

private struct RegistrationRequest: Decodable {
  let clientName: String
  let clientType: String
  let scopes: [String]
  let grantTypes: [String]
  let redirectUris: [String]?
  let issuerUrl: String?
}

private struct DeviceRequest: Decodable {
  let clientId: String
  let clientSecret: String
  let startUrl: String
}

private struct TokenRequest: Decodable {
  let clientId: String
  let clientSecret: String
  let grantType: String
  let deviceCode: String?
  let code: String?
  let codeVerifier: String?
  let redirectUri: String?
  let refreshToken: String?
}

extension World {
  private static let deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

  private static func body<Body: Decodable>(_ request: WireRequest) throws -> Body {
    guard request["content-type"] == "application/json", request["authorization"] == nil else {
      throw TokenRefusal("invalid_request")
    }
    return try JSONDecoder().decode(Body.self, from: Data(request.body))
  }

  private static func json(_ members: [(String, String)]) -> WireResponse {
    let text = members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
    return WireResponse(200, type: "application/json", "{\(text)}")
  }

  private mutating func registerClient(_ request: WireRequest) throws -> WireResponse {
    let body: RegistrationRequest = try Self.body(request)
    let isForBoth = body.grantTypes.contains(Self.deviceGrant) && body.grantTypes.contains("authorization_code")
    guard body.clientType == "public", !body.scopes.isEmpty, !body.clientName.isEmpty, !isForBoth else {
      throw TokenRefusal("invalid_client_metadata")
    }
    if body.grantTypes.contains("authorization_code") {
      guard identityCenter.allowsBrowsers else { throw TokenRefusal("unsupported_grant_type") }
      guard body.issuerUrl == identityCenter.startURL, body.redirectUris == ["http://127.0.0.1/oauth/callback"] else {
        throw TokenRefusal("invalid_request")
      }
    }
    let (id, secret) = (RandomText.letters(22, of: RandomText.base32), RandomText.letters(2400, of: RandomText.base64))
    identityCenter.clients[id] = IdentityCenter.Client(
      secret: secret, grants: body.grantTypes, scopes: body.scopes, redirectURIs: body.redirectUris ?? [])
    let end = Int(now.timeIntervalSince1970) + 90 * 86_400
    return Self.json([
      ("clientId", "\"\(id)\""), ("clientSecret", "\"\(secret)\""),
      ("clientIdIssuedAt", String(Int(now.timeIntervalSince1970))), ("clientSecretExpiresAt", String(end)),
    ])
  }

  private func client(_ id: String, _ secret: String, grant: String) throws -> IdentityCenter.Client {
    guard let client = identityCenter.clients[id], client.secret == secret else {
      throw TokenRefusal("invalid_client", status: 401)
    }
    guard client.grants.contains(grant) else { throw TokenRefusal("unauthorized_client") }
    return client
  }

  private mutating func startDeviceAuthorization(_ request: WireRequest) throws -> WireResponse {
    let body: DeviceRequest = try Self.body(request)
    _ = try client(body.clientId, body.clientSecret, grant: Self.deviceGrant)
    guard body.startUrl == identityCenter.startURL else { throw TokenRefusal("invalid_request") }
    let letters = RandomText.letters(8, of: "BCDFGHJKLMNPQRSTVWXZ")
    let (device, user) = (RandomText.letters(60, of: RandomText.base32), "\(letters.prefix(4))-\(letters.suffix(4))")
    identityCenter.devices[device] = IdentityCenter.Device(client: body.clientId, userCode: user, end: now + 600)
    let page = "https://device.sso.eu-west-1.amazonaws.com/"
    let interval = identityCenter.interval > 0 ? [("interval", String(identityCenter.interval))] : []
    return Self.json(
      [
        ("deviceCode", "\"\(device)\""), ("userCode", "\"\(user)\""), ("verificationUri", "\"\(page)\""),
        ("verificationUriComplete", "\"\(page)?user_code=\(user)\""), ("expiresIn", "600"),
      ] + interval)
  }

  /// What a person does on the page with a code.
  mutating func decide(userCode: String, approves: Bool) -> Bool {
    guard let (key, _) = identityCenter.devices.first(where: { $0.value.userCode == userCode }) else { return false }
    identityCenter.devices[key]?.isApproved = approves
    identityCenter.devices[key]?.isDenied = !approves
    return true
  }

  private mutating func authorizationPage(_ request: WireRequest) throws -> WireResponse {
    let form = try Parameters(form: request.query)
    guard let id = form["client_id"], let client = identityCenter.clients[id],
      client.grants.contains("authorization_code"), form["response_type"] == "code",
      form["code_challenge_method"] == "S256", let challenge = form["code_challenge"], challenge.utf8.count == 43,
      form["scopes"] == client.scopes.joined(separator: " "), let state = form["state"], state.utf8.count >= 22,
      let uri = form["redirect_uri"], uri.wholeMatch(of: #/http://127\.0\.0\.1:\d+/oauth/callback/#) != nil
    else { throw TokenRefusal("invalid_request") }
    let answer: String
    switch identityCenter.person {
    case .isAway: return WireResponse(200, type: "text/html", "<p>Allow daypass?</p>")
    case .denies: answer = "error=access_denied&error_description=User%20denied&state=\(state)"
    case .approves:
      let code = RandomText.letters(80, of: RandomText.base32)
      identityCenter.codes[code] = IdentityCenter.Code(client: id, challenge: challenge, redirectURI: uri)
      answer = "code=\(code)&state=\(state)"
    }
    return WireResponse(302, type: "text/html", "", headers: [("Location", "\(uri)?\(answer)")])
  }
}

// MARK: - Tokens

extension World {
  private mutating func createToken(_ request: WireRequest) throws -> WireResponse {
    let body: TokenRequest = try Self.body(request)
    _ = try client(body.clientId, body.clientSecret, grant: body.grantType)
    switch body.grantType {
    case Self.deviceGrant: return try token(forDevice: body)
    case "authorization_code": return try token(forCode: body)
    case "refresh_token": return try refreshedToken(body)
    default: throw TokenRefusal("unsupported_grant_type")
    }
  }

  private mutating func token(forDevice body: TokenRequest) throws -> WireResponse {
    guard let code = body.deviceCode, let device = identityCenter.devices[code], device.client == body.clientId else {
      throw TokenRefusal("invalid_grant")
    }
    guard device.end > now else { throw TokenRefusal("expired_token") }
    if device.isDenied { throw TokenRefusal("access_denied") }
    guard device.isApproved else { throw TokenRefusal("authorization_pending") }
    identityCenter.devices[code] = nil
    return issueToken(to: body.clientId)
  }

  private mutating func token(forCode body: TokenRequest) throws -> WireResponse {
    guard let code = body.code, let issued = identityCenter.codes.removeValue(forKey: code),
      issued.client == body.clientId, issued.redirectURI == body.redirectUri, let verifier = body.codeVerifier,
      (43...128).contains(verifier.utf8.count),
      Data(SHA256.hash(data: Data(verifier.utf8))).base64URL == issued.challenge
    else { throw TokenRefusal("invalid_grant") }
    return issueToken(to: body.clientId)
  }

  private mutating func refreshedToken(_ body: TokenRequest) throws -> WireResponse {
    guard let old = body.refreshToken, let held = identityCenter.refreshTokens[old], held.client == body.clientId else {
      throw TokenRefusal("invalid_grant")
    }
    // Whoever uses a token has seen it: what it came from is over.
    identityCenter.refreshTokens = identityCenter.refreshTokens.filter { $0.value.successor?.refresh != old }
    if let lost = held.successor {
      identityCenter.tokens[lost.access] = nil
      identityCenter.refreshTokens[lost.refresh] = nil
    }
    let (response, access, refresh) = makeToken(for: body.clientId)
    if let refresh { identityCenter.refreshTokens[old]?.successor = (access, refresh) }
    return response
  }

  private mutating func issueToken(to client: String) -> WireResponse { makeToken(for: client).0 }

  /// A token that somebody has got in another way.
  mutating func issueAccessToken() -> String { makeToken(for: "another").access }

  private mutating func makeToken(for client: String) -> (WireResponse, access: String, refresh: String?) {
    let access = "aoa" + RandomText.letters(300, of: RandomText.base64)
    let refresh = identityCenter.isRefreshable ? "aor" + RandomText.letters(300, of: RandomText.base64) : nil
    identityCenter.tokens[access] = now + Double(identityCenter.tokenLife)
    if let refresh { identityCenter.refreshTokens[refresh] = IdentityCenter.RefreshToken(client: client) }
    let members =
      [("accessToken", "\"\(access)\""), ("tokenType", "\"Bearer\""), ("expiresIn", String(identityCenter.tokenLife))]
      + (refresh.map { [("refreshToken", "\"\($0)\"")] } ?? []) + [("idToken", "null")]
    return (Self.json(members), access, refresh)
  }
}

// MARK: - Portal

extension World {
  private static func portalRefusal(_ status: Int, _ type: String) -> WireResponse {
    WireResponse(
      status, type: "application/json",
      "{\"__type\":\"com.amazonaws.switchboard.portal#\(type)\",\"message\":\"Session token not found or invalid\"}")
  }

  private mutating func portal(_ name: String, _ request: WireRequest) throws -> WireResponse {
    guard let bearer = request["x-amz-sso_bearer_token"], let end = identityCenter.tokens[bearer], end > now,
      request["authorization"] == nil
    else { return Self.portalRefusal(401, "UnauthorizedException") }
    identityCenter.refreshTokens = identityCenter.refreshTokens.filter { $0.value.successor?.access != bearer }
    let form = try Parameters(form: request.query)
    switch name {
    case "GetRoleCredentials": return roleCredentials(form["account_id"] ?? "", form["role_name"] ?? "")
    case "ListAccounts":
      return page(of: identityCenter.accounts.map(Self.entry), "accountList", form)
    case "ListAccountRoles":
      guard let account = identityCenter.accounts.first(where: { $0.id == form["account_id"] }) else {
        return Self.portalRefusal(404, "ResourceNotFoundException")
      }
      let roles = account.roles.map { "{\"roleName\":\"\($0)\",\"accountId\":\"\(account.id)\"}" }
      return page(of: roles, "roleList", form)
    default:
      identityCenter.tokens[bearer] = nil
      return WireResponse(200, type: "application/json", "")
    }
  }

  private static func entry(_ account: IdentityCenter.Account) -> String {
    let name = account.name.map { ",\"accountName\":\"\($0)\",\"emailAddress\":\"\(account.id)@example.com\"" } ?? ""
    return "{\"accountId\":\"\(account.id)\"\(name)}"
  }

  /// Numbers are the markers of pages; the last page has an empty one.
  private func page(of entries: [String], _ name: String, _ form: Parameters) -> WireResponse {
    let start = form["next_token"].flatMap { Int($0) } ?? 0
    let size = min(identityCenter.pageSize, form["max_result"].flatMap { Int($0) } ?? 0)
    let part = entries.dropFirst(start).prefix(size)
    let next = start + part.count < entries.count ? String(start + part.count) : ""
    return Self.json([(name, "[" + part.joined(separator: ",") + "]"), ("nextToken", "\"\(next)\"")])
  }

  private mutating func roleCredentials(_ account: String, _ role: String) -> WireResponse {
    guard identityCenter.accounts.first(where: { $0.id == account })?.roles.contains(role) == true else {
      return Self.portalRefusal(403, "ForbiddenException")
    }
    let identity = Identity.role(arn: "arn:aws:iam::\(account):role/\(role)", sessionName: "alice@example.com")
    let session = IssuedSession(for: identity, kind: .roleSession, until: now + Double(identityCenter.credentialLife))
    sessions[session.accessKeyID] = session
    let end = Int(session.expiration.timeIntervalSince1970) * 1000
    return WireResponse(
      200, type: "application/json",
      """
      {"roleCredentials":{"accessKeyId":"\(session.accessKeyID)","secretAccessKey":"\(session.secret)",\
      "sessionToken":"\(session.token)","expiration":\(end)}}
      """)
  }
}
