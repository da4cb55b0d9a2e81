import AWSServices
import Testing

struct MeaningTests {
  private static let wrongCode = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
  private static let wrongDevice =
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user."
  private static let oldWrongDevice =
    "GetSessionToken call failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user."

  @Test(arguments: [
    ("AccessDenied", wrongCode, 403, ServiceError.Meaning.wrongMFACode),
    ("AccessDenied", wrongDevice, 403, .unknownMFADevice), ("AccessDenied", oldWrongDevice, 403, .unknownMFADevice),
    ("AccessDenied", "User: X is not authorized to perform: sts:AssumeRole on resource: Y", 403, .accessDenied),
    ("AccessDeniedException", "", 403, .accessDenied), ("ExpiredToken", "", 400, .expiredSession),
    ("ExpiredTokenException", "", 403, .expiredSession), ("InvalidClientTokenId", "", 403, .unknownKey),
    ("InvalidAccessKeyId", "", 403, .unknownKey), ("InvalidToken", "", 400, .unknownKey),
    ("SignatureDoesNotMatch", "The request signature we calculated", 403, .signatureMismatch),
    ("SignatureDoesNotMatch", "Signature expired: x", 403, .clockSkew(offset: nil)),
    ("SignatureDoesNotMatch", "Signature not yet current: x", 403, .clockSkew(offset: nil)),
    ("RequestTimeTooSkewed", "", 403, .clockSkew(offset: nil)), ("RequestExpired", "", 400, .clockSkew(offset: nil)),
    ("RegionDisabledException", "", 403, .regionDisabled), ("Throttling", "", 400, .throttled),
    ("SlowDown", "", 503, .throttled), ("Unknown", "", 429, .throttled), ("ValidationError", "", 400, .validation),
    ("InternalFailure", "", 500, .unavailable), ("ServiceUnavailable", "", 503, .unavailable),
    ("InvalidAuthenticationCode", "", 403, .wrongMFACode), ("NoSuchEntity", "", 404, .iam(.noSuchEntity)),
    ("EntityAlreadyExists", "", 409, .iam(.entityAlreadyExists)), ("DeleteConflict", "", 409, .iam(.deleteConflict)),
    ("LimitExceeded", "", 409, .iam(.limitExceeded)),
    ("EntityTemporarilyUnmodifiable", "", 409, .iam(.temporarilyUnmodifiable)),
    ("ConcurrentModification", "", 409, .iam(.temporarilyUnmodifiable)),
    ("MalformedPolicyDocument", "", 400, .iam(.malformedPolicy)), ("IncompleteSignature", "", 400, .other),
  ])
  func `a code means one thing to the user`(
    code: String, message: String, status: Int, meaning: ServiceError.Meaning
  ) {
    #expect(ServiceError(code: code, message: message, status: status).meaning == meaning)
  }

  @Test(arguments: [(239, false), (240, true), (-240, true), (-3600, true)])
  func `a signature that fails while the clock is far off fails for that`(offset: Int, isSkew: Bool) {
    let error = ServiceError(code: "SignatureDoesNotMatch", message: "", status: 403, clockOffset: offset)
    #expect(error.meaning == (isSkew ? .clockSkew(offset: offset) : .signatureMismatch))
  }
}
