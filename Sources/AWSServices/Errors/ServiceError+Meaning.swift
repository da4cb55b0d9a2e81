extension ServiceError {
  /// What a refusal means for the user, whichever service says it.
  package enum Meaning: Equatable, Sendable {
    /// Mistyped, out of step, or used before: AWS does not tell these apart.
    case wrongMFACode
    /// No such device, or another user's.
    case unknownMFADevice
    case accessDenied
    case expiredSession
    /// No such key, an inactive one, or one that does not belong to its session token.
    case unknownKey
    case signatureMismatch
    /// How far AWS's clock is ahead of ours, in seconds; nil where the response does not say.
    case clockSkew(offset: Int?)
    case regionDisabled
    case throttled
    case validation
    case iam(IAMRefusal)
    case unavailable
    case other
  }

  /// Codes are the services' own.
  /// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
  /// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  package var meaning: Meaning {
    if Throttling.codes.contains(code) || status == 429 { return .throttled }
    switch code {
    case "AccessDenied", "AccessDeniedException": return denial
    case "ExpiredToken", "ExpiredTokenException": return .expiredSession
    case "InvalidClientTokenId", "InvalidAccessKeyId", "InvalidToken", "UnrecognizedClientException": return .unknownKey
    case "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure": return signatureFailure
    case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture": return .clockSkew(offset: clockOffset)
    case "RegionDisabledException": return .regionDisabled
    case "ValidationError", "ValidationException": return .validation
    case "InvalidAuthenticationCode": return .wrongMFACode
    default: return IAMRefusal(code: code).map { .iam($0) } ?? otherMeaning
    }
  }

  private var otherMeaning: Meaning { status >= 500 || code == "RequestTimeout" ? .unavailable : .other }

  private var denial: Meaning {
    if message.contains("invalid MFA one time pass code") { return .wrongMFACode }
    if message.contains("unable to validate MFA code") { return .unknownMFADevice }
    return .accessDenied
  }

  // STS and IAM report a wrong clock as a wrong signature, mostly in so many words.
  private var signatureFailure: Meaning {
    let saysSo = message.contains("Signature expired") || message.contains("Signature not yet current")
    let isFarOff = clockOffset.map { abs($0) >= ServiceError.toleratedSkew } ?? false
    return saysSo || isFarOff ? .clockSkew(offset: clockOffset) : .signatureMismatch
  }

  /// Seconds; AWS accepts more, and a signature that fails with less is wrong for another reason.
  private static let toleratedSkew = 240
}
