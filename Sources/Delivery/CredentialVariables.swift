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

/// The environment variables from which AWS SDKs take credentials and region.
enum CredentialVariable: String, CaseIterable {
  case accessKeyID = "AWS_ACCESS_KEY_ID"
  case secretAccessKey = "AWS_SECRET_ACCESS_KEY"
  case sessionToken = "AWS_SESSION_TOKEN"
  /// Past, it makes boto3 and both AWS CLIs refuse credentials that are good.
  case expiration = "AWS_CREDENTIAL_EXPIRATION"
  case region = "AWS_REGION"
  case defaultRegion = "AWS_DEFAULT_REGION"
}

// MARK: - Value problem

extension Span where Element == UInt8 {
  /// Why these bytes may not become an environment variable or a shell word; nil when they may.
  ///
  /// A control character (Unicode Cc: NUL, line breaks, escape sequences) has no place in an AWS credential, and is how
  /// values break out of line-oriented formats.
  func valueProblem() -> DeliveryError.ValueProblem? {
    guard !isEmpty else { return .empty }
    var hasControl = false
    let isText = forEachScalar { hasControl = hasControl || $0.properties.generalCategory == .control }
    guard isText else { return .notUTF8 }
    return hasControl ? .controlCharacter : nil
  }

  /// Calls `body` with each character's code point; false, without a call, when the bytes are not UTF-8.
  func forEachScalar(_ body: (Unicode.Scalar) -> Void) -> Bool {
    do {
      let text = try UTF8Span(validating: self)
      var scalars = text.makeUnicodeScalarIterator()
      while let scalar = scalars.next() { body(scalar) }
      return true
    } catch {
      return false
    }
  }
}
