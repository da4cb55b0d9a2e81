import Crypto
import FoundationEssentials

/// An identity provider that the account trusts, and whose tokens the double makes itself: JWTs with an HMAC (RFC 7519).
package struct IdentityProvider: Sendable {
  package var issuer = "https://idp.example"
  package var audience = "sts.amazonaws.com"
  /// Made up.
  private var key = "a made-up key of a made-up provider"

  package init() {}

  func token(subject: String, expires: Date) -> String {
    let claims =
      #"{"iss":"\#(issuer)","aud":"\#(audience)","sub":"\#(subject)","exp":\#(Int(expires.timeIntervalSince1970))}"#
    let content = Data(#"{"alg":"HS256"}"#.utf8).base64URL + "." + Data(claims.utf8).base64URL
    return content + "." + signature(of: content)
  }

  private func signature(of content: String) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Array(content.utf8), using: SymmetricKey(data: Array(key.utf8)))
    return Data(code).base64URL
  }

  /// The claims of a token that is this provider's.
  func claims(of token: String) -> TokenClaims? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, signature(of: parts[0] + "." + parts[1]) == parts[2],
      let claims = Data(base64URL: parts[1])
    else { return nil }
    return try? JSONDecoder().decode(TokenClaims.self, from: claims)
  }
}

struct TokenClaims: Decodable {
  let iss, aud, sub: String
  let exp: Int
}

// MARK: - Call

extension World {
  /// Who asks is known by the token alone: a call that is signed as well is none of ours.
  mutating func assumeRoleWithWebIdentity(
    _ parameters: Parameters, of request: WireRequest
  ) throws(Refusal) -> [XMLElement] {
    let names = request.headers.map { $0.name.lowercased() }
    if let name = names.first(where: { $0 == "authorization" || $0.hasPrefix("x-amz-") }) {
      throw .validation("the double wants no header \(name) with a web identity")
    }
    // Its tags and its source identity are in the token.
    let policies = parameters.values.keys.filter { $0 == "Policy" || $0.hasPrefix("PolicyArns.member.") }
    try parameters.allow(
      Set(policies).union([
        "Action", "Version", "RoleArn", "RoleSessionName", "DurationSeconds", "WebIdentityToken",
      ]))
    let asked = try RoleRequest(parameters.without("WebIdentityToken"))
    let claims = try claims(of: parameters["WebIdentityToken"] ?? "")
    let denied = Refusal.accessDenied("Not authorized to perform sts:AssumeRoleWithWebIdentity")
    guard let role = account[role: asked.arn], role.webIdentities.contains(claims.sub) else { throw denied }
    guard asked.duration <= role.maxSessionDuration else {
      throw .validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    }
    let identity = Identity.role(arn: role.arn, sessionName: asked.sessionName)
    return [
      XMLElement("SubjectFromWebIdentityToken", claims.sub), XMLElement("Audience", claims.aud),
      XMLElement("Provider", claims.iss),
      issue(for: identity, kind: .roleSession, seconds: asked.duration, scope: asked.scope),
      assumedRoleUser(identity),
    ] + asked.scope.packedSizeElements
  }

  private func claims(of token: String) throws(Refusal) -> TokenClaims {
    guard (4...20_000).contains(token.utf8.count) else { throw .validation("'webIdentityToken' is no token") }
    guard let claims = account.identityProvider.claims(of: token) else {
      throw Refusal(400, "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider")
    }
    guard claims.iss == account.identityProvider.issuer else {
      throw Refusal(400, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for \(claims.iss)")
    }
    guard claims.aud == account.identityProvider.audience else {
      throw Refusal(400, "InvalidIdentityToken", "Incorrect token audience")
    }
    guard Double(claims.exp) > now.timeIntervalSince1970 else {
      throw Refusal(400, "ExpiredTokenException", "Token expired: current date/time must be before the expiration")
    }
    return claims
  }
}

extension AWSDouble {
  /// A token of the account's identity provider that is good for some seconds, or has expired.
  package func webIdentityToken(of subject: String, seconds: Double = 3600) -> String {
    world.withLock { world in
      let token = world.account.identityProvider.token(subject: subject, expires: world.now + seconds)
      world.tokens.insert(token)
      return token
    }
  }
}

// MARK: - Container and instance

/// What an ECS agent at `/container` and an instance's metadata service at `/latest` answer: sessions of the role
/// `machineRole`. Strict as the real ones: a token is wanted, and version 2.
extension World {
  static let containerToken = "Basic made-up-token-of-the-container"
  private static let metadataToken = "AQAEmade-up-token-of-the-instance=="
  private static let roles = "/latest/meta-data/iam/security-credentials/"

  /// Nil for a request that is for none of them.
  mutating func machineReply(to request: WireRequest) -> WireResponse? {
    guard request.path.hasPrefix("/latest/") || request.path == "/container" else { return nil }
    guard let role = account.roles.first(where: { $0.name == account.machineRole }) else {
      return WireResponse(404, type: "text/plain", "")
    }
    switch "\(request.method) \(request.path)" {
    case "GET /container":
      guard request["authorization"] == Self.containerToken else { return Self.refusal(401, "Unauthorized") }
      return credentials(of: role, session: "task")
    case "PUT /latest/api/token":
      guard request["x-aws-ec2-metadata-token-ttl-seconds"].flatMap({ Int($0) }) != nil, request.body.isEmpty else {
        return Self.refusal(400, "BadRequest")
      }
      return WireResponse(200, type: "text/plain", Self.metadataToken)
    case _ where request["x-aws-ec2-metadata-token"] != Self.metadataToken: return Self.refusal(401, "Unauthorized")
    case "GET \(Self.roles)": return WireResponse(200, type: "text/plain", role.name)
    case "GET \(Self.roles)\(role.name)": return credentials(of: role, session: "i-made-up")
    default: return Self.refusal(404, "NotFound")
    }
  }

  private static func refusal(_ status: Int, _ code: String) -> WireResponse {
    WireResponse(status, type: "application/json", #"{"code":"\#(code)","message":"scripted"}"#)
  }

  private mutating func credentials(of role: Role, session: String) -> WireResponse {
    let identity = Identity.role(arn: role.arn, sessionName: session)
    let session = IssuedSession(for: identity, kind: .roleSession, until: now + 3600)
    sessions[session.accessKeyID] = session
    return WireResponse(
      200, type: "application/json",
      """
      {"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"\(session.accessKeyID)",\
      "SecretAccessKey":"\(session.secret)","Token":"\(session.token)",\
      "Expiration":"\(Timestamp.extended(session.expiration))","RoleArn":"\(role.arn)"}
      """)
  }
}
