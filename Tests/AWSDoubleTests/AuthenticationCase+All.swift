import AWSDouble
import Foundation

extension AuthenticationCase {
  static let all = credentials + headers + scopes + clocks

  private static let credentials = [
    AuthenticationCase("wrong secret", sts: "SignatureDoesNotMatch", s3: "SignatureDoesNotMatch") {
      $0.key.secret += "x"
    },
    AuthenticationCase("unknown key", sts: "InvalidClientTokenId", s3: "InvalidAccessKeyId") { $0.key.id += "X" },
    AuthenticationCase("a token with a long-term key", sts: "InvalidClientTokenId", s3: "InvalidToken") {
      $0.key.token = "made-up"
    },
    AuthenticationCase(
      "signature changed", sts: "SignatureDoesNotMatch", s3: "SignatureDoesNotMatch",
      request: {
        $0.set("authorization") { String($0.dropLast()) + ($0.hasSuffix("0") ? "1" : "0") }
      }),
  ]

  private static let headers = [
    AuthenticationCase(
      "not signed", sts: "MissingAuthenticationToken", s3: "MissingAuthenticationToken",
      request: {
        $0.set("authorization") { _ in nil }
      }),
    AuthenticationCase(
      "another algorithm", sts: "IncompleteSignature", s3: "AuthorizationHeaderMalformed",
      request: {
        $0.set("authorization") { $0.replacing("AWS4-HMAC-SHA256", with: "AWS4-ECDSA-P256-SHA256") }
      }),
    AuthenticationCase(
      "a part missing", sts: "IncompleteSignature", s3: "AuthorizationHeaderMalformed",
      request: {
        $0.set("authorization") { $0.replacing("Signature=", with: "Sig=") }
      }),
    AuthenticationCase(
      "no date", sts: "IncompleteSignature", s3: "AuthorizationHeaderMalformed",
      request: {
        $0.set("x-amz-date") { _ in nil }
      }),
    AuthenticationCase("host not signed", sts: "SignatureDoesNotMatch", s3: "AccessDenied") { $0.unsigned = ["host"] },
    AuthenticationCase("date not signed", sts: "SignatureDoesNotMatch", s3: "AccessDenied") {
      $0.unsigned = ["x-amz-date"]
    },
    AuthenticationCase(
      "host changed", sts: "SignatureDoesNotMatch", s3: "SignatureDoesNotMatch",
      request: {
        $0.set("host") { "localhost:" + $0.split(separator: ":")[1] }
      }),
    AuthenticationCase(
      "a header nobody signed", sts: "SignatureDoesNotMatch", s3: "AccessDenied",
      request: {
        $0.headers.append(("x-amz-extra", "1"))
      }),
  ]

  private static let scopes = [
    AuthenticationCase("another service", sts: "SignatureDoesNotMatch", s3: "AuthorizationHeaderMalformed") {
      $0.service = "ec2"
    },
    AuthenticationCase("no region", sts: "SignatureDoesNotMatch", s3: "AuthorizationHeaderMalformed") {
      $0.region = "nowhere"
    },
    AuthenticationCase("scope of another day", sts: "SignatureDoesNotMatch", s3: "AuthorizationHeaderMalformed") {
      $0.scopeDate = "20300102"
    },
  ]

  private static let clocks = [
    AuthenticationCase("5 min 1 s late", sts: "SignatureDoesNotMatch", s3: "RequestTimeTooSkewed") { $0.time -= 301 },
    AuthenticationCase("5 min 1 s early", sts: "SignatureDoesNotMatch", s3: "RequestTimeTooSkewed") { $0.time += 301 },
  ]
}
