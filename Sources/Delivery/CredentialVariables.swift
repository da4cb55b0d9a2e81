internal import AWSValues
internal import FoundationEssentials
internal import Secrets

/// What `exec` and `export` tell AWS SDKs: which variables they set, to what, and which must not stay.
struct CredentialVariables {
  /// nil leaves the region to the SDK.
  let region: String?

  /// Variables that make an SDK look elsewhere although it was given credentials: boto3 prefers AWS_SECURITY_TOKEN to
  /// AWS_SESSION_TOKEN, and fails on a profile that is not in the config.
  static let redirecting = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN"]

  /// Calls `body` with each variable to set, in a fixed order; every value is text without control characters.
  func forEach(
    of credentials: borrowing Credentials,
    _ body: (CredentialVariable, borrowing Span<UInt8>) throws(DeliveryError) -> Void
  ) throws(DeliveryError) {
    func set(_ variable: CredentialVariable, _ value: borrowing Span<UInt8>) throws(DeliveryError) {
      if let problem = value.valueProblem() {
        throw .unusableValue(name: variable.rawValue, problem: problem)
      }
      try body(variable, value)
    }
    try set(.accessKeyID, credentials.accessKeyID.utf8.span)
    try credentials.secretAccessKey.withBytes { (value) throws(DeliveryError) in try set(.secretAccessKey, value) }
    try credentials.sessionToken.withValue { (token) throws(DeliveryError) in
      try token.withBytes { (value) throws(DeliveryError) in try set(.sessionToken, value) }
    }
    if let expiration = credentials.expiration { try set(.expiration, expiration.rfc3339.utf8.span) }
    guard let region else { return }
    try set(.region, region.utf8.span)
    try set(.defaultRegion, region.utf8.span)
  }

  /// Variables that these credentials do not have, where a value left by others would belong to other credentials.
  func missing(from credentials: borrowing Credentials) -> [CredentialVariable] {
    var missing: [CredentialVariable] = []
    if !credentials.sessionToken.exists { missing.append(.sessionToken) }
    if credentials.expiration == nil { missing.append(.expiration) }
    return missing
  }
}
