import Crypto

/// What the signature of a request must be, calculated stage by stage as the Signature Version 4 pages of AWS's
/// documentation write it down, with nothing shared with the code under test.
package struct SignatureCalculation: Sendable {
  package let request: WireRequest
  package let scope: CredentialScope
  package let signedHeaders: [String]
  package let payloadHash: String
  package let pathRule: PathRule

  package init(
    _ request: WireRequest, authorization: Authorization, payloadHash: String, pathRule: PathRule
  ) {
    self.request = request
    (scope, signedHeaders) = (authorization.scope, authorization.signedHeaders)
    (self.payloadHash, self.pathRule) = (payloadHash, pathRule)
  }

  package var canonicalRequest: String {
    let headers = signedHeaders.map { $0 + ":" + canonicalValue($0) + "\n" }.joined()
    let lines = [
      request.method, pathRule.canonical(request.path), canonicalQuery, headers, signedHeaders.joined(separator: ";"),
      payloadHash,
    ]
    return lines.joined(separator: "\n")
  }

  package var stringToSign: String {
    let date = request["x-amz-date"] ?? ""
    return "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(Self.hash(Array(canonicalRequest.utf8)))"
  }

  package func signature(secret: String) -> String {
    let start = SymmetricKey(data: Array("AWS4\(secret)".utf8))
    let key = [scope.date, scope.region, scope.service, "aws4_request"].reduce(start) { key, part in
      SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
    }
    return Self.hex(HMAC<SHA256>.authenticationCode(for: Array(stringToSign.utf8), using: key))
  }

  package static func hash(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
