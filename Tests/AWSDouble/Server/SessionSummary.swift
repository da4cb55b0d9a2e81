import FoundationEssentials

/// Issued credentials in `GET /_double/state`.
struct SessionSummary: Encodable {
  let kind: CredentialKind
  let principal: String?
  let expiration: Date
}
