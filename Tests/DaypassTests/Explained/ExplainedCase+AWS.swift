import AWSServices
import HTTP
import Hashing

@testable import daypass

/// What AWS and the way there answer.
extension ExplainedCase {
  static let aws: [ExplainedCase] = [
    .init(AWSError.endpoint(.missingRegion), .badConfig),
    .init(AWSError.invalidRequest(.durationOutOfRange(1, allowed: 900...3600)), .usage),
    .init(AWSError.signing(.algorithmUnavailable("sha256")), .failure),
    .init(AWSError.http(.cannotResolve(host: hostile)), .tryAgain),
    .init(AWSError.notAWS(ForeignAnswer(status: 200, contentType: nil, start: "")), .tryAgain),
    .init(AWSError.notAWS(ForeignAnswer(status: 503, contentType: "text/html", start: "<html>")), .tryAgain),
    .init(AWSError.malformed(call: "GetSessionToken", element: hostile), .failure),
    .init(AWSError.otherRole(asked: hostile, received: hostile), .failure),
    .init(AWSError.libraryMissing("libexpat.so.1", package: "libexpat1"), .failure),
    .init(HashingError.libraryMissing("libcrypto.so.3", package: "libssl3"), .failure),
    .init(HashingError.algorithmUnavailable("sha256"), .failure),
    .init(InvalidRequest.durationOutOfRange(1, allowed: 900...3600), .usage),
    .init(InvalidRequest.durationBeyondRoleChaining(7200, limit: 3600), .usage),
    .init(InvalidRequest.sessionTokenNeedsLongTermKey, .failure),
  ]

  static let services: [ExplainedCase] = [
    refusal("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.", .refused),
    refusal("AccessDenied", "unable to validate MFA code", .refused), refusal("AccessDenied", hostile, .refused),
    refusal("AccessDenied", "not authorized to perform: sts:AssumeRole on x", .refused),
    refusal("ExpiredToken", hostile, .refused), refusal("InvalidClientTokenId", hostile, .refused),
    refusal("SignatureDoesNotMatch", hostile, .refused), refusal("RequestTimeTooSkewed", hostile, .tryAgain),
    refusal("RegionDisabledException", hostile, .refused), refusal("Throttling", hostile, .tryAgain),
    refusal("ValidationError", hostile, .failure), refusal("InternalFailure", hostile, .tryAgain, status: 500),
    refusal("NoSuchEntity", hostile, .refused, status: 404), refusal("EntityAlreadyExists", hostile, .refused),
    refusal("DeleteConflict", hostile, .refused), refusal("LimitExceeded", hostile, .refused),
    refusal("EntityTemporarilyUnmodifiable", hostile, .tryAgain), refusal("MalformedPolicyDocument", hostile, .refused),
    refusal("InvalidAuthenticationCode", hostile, .refused),
    refusal(hostile, "", .refused, hint: .absent),
  ]

  private static func refusal(
    _ code: String, _ message: String, _ expected: daypass.ExitStatus, status: Int = 403, hint: Hint = .present
  ) -> ExplainedCase {
    let error = ServiceError(code: code, message: message, requestID: hostile, status: status)
    return ExplainedCase(AWSError.service(error), expected, hint)
  }

  static let endpoints: [ExplainedCase] = [
    .init(EndpointError.missingRegion, .badConfig), .init(EndpointError.invalidRegion(hostile), .badConfig),
    .init(EndpointError.invalidURL(.character), .badConfig), .init(EndpointError.urlWithQuery, .badConfig),
    .init(EndpointError.insecureURL(hostile), .badConfig),
    .init(EndpointError.fipsWithCustomEndpoint(hostile), .badConfig),
    .init(EndpointError.dualStackWithCustomEndpoint(hostile), .badConfig),
    .init(EndpointError.fipsNotSupported(partition: hostile), .badConfig),
    .init(EndpointError.otherPartition(role: hostile, region: hostile), .badConfig),
  ]

  static let http: [ExplainedCase] = [
    .init(HTTPError.cannotResolve(host: hostile), .tryAgain), .init(HTTPError.cannotConnect(host: hostile), .tryAgain),
    .init(HTTPError.connectTimedOut(host: hostile, seconds: 5), .tryAgain),
    .init(HTTPError.timedOut(host: hostile, seconds: 30), .tryAgain),
    .init(HTTPError.interrupted(host: hostile), .tryAgain),
    .init(HTTPError.responseTooLarge(host: hostile, limit: 1), .failure),
    .init(HTTPError.notHTTP(host: hostile), .failure),
    .init(HTTPError.encoded(host: hostile), .failure), .init(HTTPError.tls(host: hostile, reason: hostile), .failure),
    .init(HTTPError.caBundleUnreadable(path: hostile), .badConfig), .init(HTTPError.proxy(reason: hostile), .tryAgain),
    .init(HTTPError.invalidProxy(variable: "HTTPS_PROXY"), .badConfig),
    .init(HTTPError.insecure(url: hostile), .badConfig),
    .init(HTTPError.invalidHeader(name: hostile), .failure, .absent),
    .init(HTTPError.libraryMissing("libcurl.so.4", package: "libcurl4"), .failure),
    .init(HTTPError.optionRefused(1), .failure), .init(HTTPError.other(host: hostile, reason: hostile), .tryAgain),
    .init(HTTPError.invalidURL(.scheme), .badConfig), .init(HTTPError.invalidURL(.userInformation), .badConfig),
    .init(HTTPError.invalidURL(.fragment), .badConfig), .init(HTTPError.invalidURL(.host), .badConfig),
    .init(HTTPError.invalidURL(.port), .badConfig), .init(HTTPError.invalidURL(.character), .badConfig),
  ]
}
