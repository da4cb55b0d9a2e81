internal import AWSValues
internal import FoundationEssentials
package import HTTP
package import Hashing
package import POSIX
internal import Secrets

/// Why a call to AWS gave no answer that can be used.
package enum AWSError: Error, Equatable {
  case endpoint(EndpointError)
  case signing(HashingError)
  case http(HTTPError)
  /// AWS refused.
  case service(ServiceError)
  /// Something answered that is not AWS: a proxy, a captive portal, another server.
  case notAWS(UnrecognizedResponse)
  /// AWS's answer to `call` is broken, or its `element` is missing, repeated or not what it must be.
  case malformed(call: String, element: String)
  /// The list that `call` asked for has too many pages or bytes, or takes too long.
  case listTooLong(call: String)
  /// The session is for another role than the one asked for.
  case otherRole(asked: String, received: String)
  case libraryMissing(LibraryMissing)
}

// MARK: - Meaning

extension AWSError {
  /// AWS's refusal, if it is one.
  package var refusal: ServiceError? {
    guard case .service(let refusal) = self else { return nil }
    return refusal
  }

  /// AWS's refusal, if it means one of `meanings`.
  package func refusal(meaning meanings: [ServiceError.Meaning]) -> ServiceError? {
    refusal.flatMap { meanings.contains($0.meaning) ? $0 : nil }
  }

  /// Whether AWS refused, and this is what it means.
  package func means(_ meaning: ServiceError.Meaning) -> Bool {
    refusal?.meaning == meaning
  }
}

// MARK: - Foreign answer

/// A response that AWS did not write.
package struct UnrecognizedResponse: Equatable, Sendable {
  package let status: Int
  package let contentType: String?
  /// The first bytes of the body, with all but visible ASCII and spaces escaped; empty if there is no body, or if
  /// it could hold credentials.
  package let start: String
}

extension UnrecognizedResponse {
  init(_ response: borrowing HTTPResponse) {
    self.status = response.status
    self.contentType = response.headers["content-type"].map { $0.displayText(limit: 100) }
    if response.isSuccess, response.isObject {
      self.start = ""
      return
    }
    self.start = response.body.withBytes { bytes in
      let excerpt = bytes.extracting(..<min(bytes.count, UnrecognizedResponse.excerptLength))
      return excerpt.indices.map { Self.shown(excerpt[$0]) }.joined()
    }
  }

  private static func shown(_ byte: UInt8) -> String {
    let scalar = Unicode.Scalar(byte)
    return (0x20...0x7e).contains(byte) ? String(scalar) : scalar.escaped
  }

  private static let excerptLength = 80
}

extension HTTPResponse {
  /// Whether the body begins like an object, which may hold credentials.
  var isObject: Bool { body.withBytes { !$0.isEmpty && $0[0] == UInt8(ascii: "{") } }
}

// MARK: - IAM refusal

/// Refusals that only IAM gives.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
package enum IAMRefusal: String, Sendable {
  /// IAM knows nothing of that name, or does not see yet what was made just now.
  case noSuchEntity = "NoSuchEntity"
  case entityAlreadyExists = "EntityAlreadyExists"
  /// What should be deleted still has something in it.
  case deleteConflict = "DeleteConflict"
  /// As many as AWS allows are there already, such as two access keys.
  case limitExceeded = "LimitExceeded"
  /// IAM is still busy with an earlier change of the same thing.
  case temporarilyUnmodifiable = "EntityTemporarilyUnmodifiable"
  /// IAM does not take a policy, or does not see yet a user that it names.
  case malformedPolicy = "MalformedPolicyDocument"

  init?(code: String) {
    self.init(rawValue: code == "ConcurrentModification" ? Self.temporarilyUnmodifiable.rawValue : code)
  }
}

// MARK: - Service error

/// AWS's refusal of a call, in its own words with control characters made visible.
package struct ServiceError: Error, Equatable, Sendable {
  package let code: String
  package let message: String
  /// Nil if AWS gave none.
  package let requestID: String?
  package let status: Int
  /// How far AWS's clock is ahead of ours, in seconds; nil if the response does not say.
  package let clockOffset: Int?
  /// OAuth 2.0's `error`, if there is one: it says more than the code (RFC 6749, 5.2).
  package let oauthError: String?

  package init(
    code: String, message: String, requestID: String? = nil, status: Int, clockOffset: Int? = nil,
    oauthError: String? = nil
  ) {
    self.code = code.displayText(limit: 100)
    self.message = message.displayText(limit: 1000)
    self.requestID = requestID.map { $0.displayText(limit: 100) }
    self.status = status
    self.clockOffset = clockOffset
    self.oauthError = oauthError.map { $0.displayText(limit: 100) }
  }
}

// MARK: - Reading

extension ServiceError {
  /// Reads an XML document: `ErrorResponse/Error` (STS, IAM), `Error` alone (S3), or `Errors/Error` in any root (EC2's
  /// shape). Nil for any other document.
  init?(xml document: borrowing SecretDocument, of response: borrowing HTTPResponse, receivedAt now: Date) {
    guard let error = ServiceError.place(in: document), let code = document.text(at: "Code", in: error) else {
      return nil
    }
    let message = document.text(at: "Message", in: error) ?? ""
    let serverTime =
      ServiceError.date(inHeadersOf: response) ?? ServiceError.date(inMessage: message)
      ?? document.text(at: "ServerTime", in: error).flatMap { Date(timestamp: $0) }
    self.init(
      code: code, message: message, requestID: ServiceError.requestID(in: document, error: error),
      status: response.status, clockOffset: serverTime?.secondsAhead(of: now))
  }

  /// Reads a JSON document: the code is in a header or a member, with a namespace before `#` and a URL after `:` (AWS's
  /// JSON protocols), or it is `error` (OAuth 2.0, RFC 6749, 5.2). Nil for any other document.
  init?(json document: borrowing SecretDocument, of response: borrowing HTTPResponse, receivedAt now: Date) {
    func first(_ names: String...) -> String? {
      names.compactMap { document.text(at: $0) }.first { !$0.isEmpty }
    }
    guard let type = response.headers["x-amzn-errortype"] ?? first("__type", "code", "error") else { return nil }
    let code = type.prefix { $0 != ":" }.split(separator: "#").last
    self.init(
      code: code.map(String.init) ?? type, message: first("message", "Message", "error_description") ?? "",
      requestID: response.headers["x-amzn-requestid"], status: response.status,
      clockOffset: ServiceError.date(inHeadersOf: response)?.secondsAhead(of: now),
      oauthError: document.text(at: "error"))
  }

  private static func place(in document: borrowing SecretDocument) -> SecretDocument.Place? {
    if document.name(of: SecretDocument.root) == "Error" { return SecretDocument.root }
    return document.elements(at: "Error").first
      ?? document.elements(at: "Errors/Error").first
  }

  private static func requestID(in document: borrowing SecretDocument, error: SecretDocument.Place) -> String? {
    document.text(at: "RequestId") ?? document.text(at: "RequestID") ?? document.text(at: "RequestId", in: error)
      ?? document.text(at: "ResponseMetadata/RequestId")
  }

  static func date(inHeadersOf response: borrowing HTTPResponse) -> Date? {
    response.headers["date"].flatMap { Date(httpDate: $0) }
  }

  /// STS tells its own time in brackets: "Signature expired: … is now earlier than … (20220127T015928Z - 15 min.)".
  private static func date(inMessage message: String) -> Date? {
    guard message.hasPrefix("Signature "), let bracket = message.lastIndex(of: "(") else { return nil }
    return Date(iso8601: String(message[bracket...].dropFirst().prefix { $0 != " " }))
  }
}

extension Date {
  func secondsAhead(of now: Date) -> Int { Int(timeIntervalSince(now).rounded()) }
}

// MARK: - Meaning

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
    /// How far AWS's clock is ahead of ours, in seconds; nil if the response does not say.
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
    if Self.throttlingCodes.contains(code) || status == 429 { return .throttled }
    switch code {
    case "AccessDenied", "AccessDeniedException": return denial
    case "ExpiredToken", "ExpiredTokenException": return .expiredSession
    case "InvalidClientTokenId", "InvalidAccessKeyId", "InvalidToken", "UnrecognizedClientException": return .unknownKey
    case "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure": return signatureFailure
    case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture": return .clockSkew(offset: clockOffset)
    case "RegionDisabledException": return .regionDisabled
    case "ValidationError", "ValidationException":
      return isUntimelyProof ? .clockSkew(offset: clockOffset) : .validation
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

  // STS and IAM report a wrong clock as a wrong signature; the message mostly says so.
  private var signatureFailure: Meaning {
    let saysSo = message.contains("Signature expired") || message.contains("Signature not yet current")
    if saysSo || isClockFarOff { return .clockSkew(offset: clockOffset) }
    return message.contains("scoped to a valid region") ? .validation : .signatureMismatch
  }

  // A proof with a wrong time is refused like any other bad request.
  private var isUntimelyProof: Bool { oauthError == LoginRefusal.invalidRequest.rawValue && isClockFarOff }

  private var isClockFarOff: Bool { clockOffset.map { abs($0) >= ServiceError.toleratedSkew } ?? false }

  /// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
  private static let throttlingCodes: Set = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "TooManyRequestsException",
    "ProvisionedThroughputExceededException", "TransactionInProgressException", "RequestLimitExceeded",
    "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
    "EC2ThrottledException",
  ]

  /// Seconds; AWS accepts more, and a signature that fails with less is wrong for another reason.
  private static let toleratedSkew = 240
}
