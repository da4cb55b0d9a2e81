import FoundationEssentials

extension World {
  mutating func getSessionToken(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    try parameters.allow(["Action", "Version", "DurationSeconds", "SerialNumber", "TokenCode"])
    guard !caller.kind.isTemporary else { throw .accessDenied("Cannot call GetSessionToken with session credentials") }
    let duration = try parameters.integer("DurationSeconds", in: 900...129_600, default: 43_200)
    // It needs no permission, but can be denied.
    try account.authorize(caller, to: "sts:GetSessionToken")
    let hasMFA = try checkMFA(parameters, as: caller)
    return [issue(for: caller.identity, kind: hasMFA ? .mfaSession : .session, seconds: duration)]
  }

  /// Makes temporary credentials that the double knows again.
  mutating func issue(for identity: Identity, kind: CredentialKind, seconds: Int) -> XMLElement {
    let session = IssuedSession(for: identity, kind: kind, until: now + Double(seconds))
    sessions[session.accessKeyID] = session
    return XMLElement(
      "Credentials",
      [
        XMLElement("AccessKeyId", session.accessKeyID),
        XMLElement("SecretAccessKey", session.secret),
        XMLElement("SessionToken", session.token),
        XMLElement("Expiration", Timestamp.extended(session.expiration)),
      ])
  }
}
