import FoundationEssentials

extension Verifier {
  /// A secret to check a signature with, and whom it proves.
  struct Credentials {
    let secret: String
    let caller: Caller
    let expiration: Date?
  }

  func credentials(
    _ id: String, of request: WireRequest, for service: Service
  ) throws(Refusal) -> Credentials {
    let token = request["x-amz-security-token"]
    if let session = sessions[id] { return try credentials(session, token: token, for: service) }
    guard let (user, key) = account.owner(ofKey: id), key.isActive, !hiddenKeys.contains(id) else {
      throw .unknownKey(id, for: service)
    }
    guard token == nil else { throw .badToken(for: service) }
    let caller = Caller(identity: .user(name: user.name), kind: .longTerm)
    return Credentials(secret: key.secret, caller: caller, expiration: nil)
  }

  private func credentials(
    _ session: IssuedSession, token: String?, for service: Service
  ) throws(Refusal) -> Credentials {
    guard let token else { throw .unknownKey(session.accessKeyID, for: service) }
    guard token == session.token, account.arn(of: session.identity) != nil else { throw .badToken(for: service) }
    let caller = Caller(identity: session.identity, kind: session.kind)
    return Credentials(secret: session.secret, caller: caller, expiration: session.expiration)
  }
}
