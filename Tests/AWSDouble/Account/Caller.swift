/// A caller whose signature was found right.
struct Caller: Equatable, Sendable {
  let identity: Identity
  let kind: CredentialKind
}
