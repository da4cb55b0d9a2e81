import FoundationEssentials

/// Judges one request's authentication against the account, the sessions and the clock.
struct Verifier {
  let account: Account
  let sessions: [String: IssuedSession]
  let now: Date
  /// Ids of keys that are too new to be seen.
  let hiddenKeys: Set<String>

  /// The caller; throws the refusal AWS would give for the first thing wrong.
  func caller(of request: WireRequest, for service: Service) throws(Refusal) -> Caller {
    guard let header = request["authorization"] else { throw .missingAuthentication }
    guard let authorization = Authorization(header) else {
      throw .badAuthorization("Authorization header is not in the form of Signature Version 4.", for: service)
    }
    let time = try requestTime(of: request, for: service)
    try checkScope(authorization.scope, of: request, for: service)
    try checkSignedHeaders(authorization.signedHeaders, of: request, for: service)
    try checkSkew(time, for: service)
    let credentials = try credentials(authorization.accessKeyID, of: request, for: service)
    let payloadHash = try payloadHash(of: request, for: service)
    let calculation = SignatureCalculation(
      request, authorization: authorization, payloadHash: payloadHash, pathRule: service.pathRule)
    guard calculation.signature(secret: credentials.secret) == authorization.signature else {
      throw .wrongSignature(for: service)
    }
    guard credentials.expiration.map({ $0 > now }) ?? true else { throw .expiredToken(for: service) }
    return credentials.caller
  }

  private func requestTime(of request: WireRequest, for service: Service) throws(Refusal) -> Date {
    guard let text = request["x-amz-date"], let time = Timestamp.parseBasic(text) else {
      throw .badAuthorization("X-Amz-Date must be there once, as 20150830T123600Z.", for: service)
    }
    return time
  }
}
