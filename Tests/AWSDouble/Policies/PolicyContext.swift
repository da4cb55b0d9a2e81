/// What a request is made with, for the conditions of policies.
struct PolicyContext: Sendable {
  /// `aws:MultiFactorAuthPresent`; nil with a long-term key, whose requests do not have it.
  let hasMFA: Bool?

  static let withMFA = PolicyContext(hasMFA: true)

  init(hasMFA: Bool?) { self.hasMFA = hasMFA }

  init(_ kind: CredentialKind) {
    switch kind {
    case .longTerm: hasMFA = nil
    case .session, .roleSession: hasMFA = false
    case .mfaSession: hasMFA = true
    }
  }
}
