import FoundationEssentials
import HTTP
import Secrets
import Testing

@testable import AWSServices

struct ServiceErrorTests {
  private func refusal(
    _ xml: String, status: Int = 403, headers: [String: String] = [:]
  ) throws -> ServiceError? {
    let response = HTTPResponse(status: status, headers: headers, body: SecretBytes(copying: xml))
    return ServiceError(xml: try SecretDocument(xml: response.body), of: response, receivedAt: Fixture.now)
  }

  @Test(arguments: [
    "<ErrorResponse xmlns='urn:x'><Error><Type>Sender</Type><Code>C</Code><Message>M</Message></Error><RequestId>R</RequestId></ErrorResponse>",
    "<Error><Code>C</Code><Message>M</Message><RequestId>R</RequestId><HostId>H</HostId></Error>",
    "<ErrorResponse><Errors><Error><Code>C</Code><Message>M</Message></Error></Errors><RequestID>R</RequestID></ErrorResponse>",
    "<Response><Errors><Error><Code>C</Code><Message>M</Message></Error></Errors><RequestID>R</RequestID></Response>",
    "<x:ErrorResponse xmlns:x='urn:x'><x:Error>\n<x:Message> M </x:Message><x:Code>C</x:Code></x:Error><x:RequestId>R</x:RequestId></x:ErrorResponse>",
  ])
  func `every shape of error is read`(xml: String) throws {
    #expect(try refusal(xml) == ServiceError(code: "C", message: "M", requestID: "R", status: 403))
  }

  @Test(arguments: [
    "<html><body/></html>", "<Error/>", "<ErrorResponse><Error><Message>M</Message></Error></ErrorResponse>",
  ])
  func `a document without a code is not an AWS error`(xml: String) throws {
    #expect(try refusal(xml) == nil)
  }

  @Test func `what a server says is shown without what steers a terminal`() throws {
    let xml = "<Error><Code>A\u{7f}</Code><Message>\u{9b}2J\u{202e}evil\n\u{e4}</Message></Error>"
    let error = try #require(try refusal(xml))
    #expect(error.code == "A\\u{7f}")
    #expect(error.message == "\\u{9b}2J\\u{202e}evil\\u{a}\u{e4}")
    let long = ServiceError(code: "C", message: String(repeating: "x", count: 2000), status: 400)
    #expect(long.message.count == 1001)
  }

  @Test(arguments: [
    ("", ["date": "Sat, 21 Nov 2026 08:10:00 GMT"], 600), ("", ["date": "Sat, 21 Nov 2026 07:00:00 GMT"], -3600),
    (
      "Signature expired: 20261121T080000Z is now earlier than 20261121T081500Z (20261121T083000Z - 15 min.)", [:], 1800
    ),
    (
      "Signature not yet current: 20261121T080000Z is still later than 20261121T071500Z (20261121T070000Z + 15 min.)",
      [:], -3600
    ),
    ("no", ["date": "yesterday"], nil), ("elsewhere (20261121T083000Z x)", [:], nil),
  ])
  func `AWS's clock is read from the header, else from the words`(
    message: String, headers: [String: String], offset: Int?
  ) throws {
    let xml = "<Error><Code>SignatureDoesNotMatch</Code><Message>\(message)</Message></Error>"
    #expect(try refusal(xml, headers: headers)?.clockOffset == offset)
  }

  @Test func `S3 tells its clock in an element`() throws {
    let xml = "<Error><Code>RequestTimeTooSkewed</Code><ServerTime>2026-11-21T08:20:00Z</ServerTime></Error>"
    #expect(try refusal(xml)?.meaning == .clockSkew(offset: 1200))
  }
}

// MARK: - Meaning tests

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
    ("SignatureDoesNotMatch", "Credential should be scoped to a valid region.", 403, .validation),
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
