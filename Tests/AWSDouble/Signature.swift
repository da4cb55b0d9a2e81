import Crypto

/// The right signature of a request, calculated stage by stage as in AWS's documentation of Signature Version 4, by code
/// that shares nothing with the code under test.
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

// MARK: - Canonical

extension SignatureCalculation {
  /// Values trimmed, runs of white space made one space, repeated headers joined by commas in the order they came.
  func canonicalValue(_ name: String) -> String {
    request.values(name).map { value in
      value.split { $0.isASCII && $0.isWhitespace }.joined(separator: " ")
    }.joined(separator: ",")
  }

  /// Decoded, encoded again, sorted by encoded name, then by encoded value.
  var canonicalQuery: String {
    let pairs = request.query.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (Self.reencode(parts[0]), parts.count == 2 ? Self.reencode(parts[1]) : "")
    }
    return pairs.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  private static func reencode(_ text: Substring) -> String {
    PercentEncoding.encode(PercentEncoding.decode(text) ?? Array(text.utf8))
  }
}

// MARK: - Authorization

/// The parts of `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
package struct Authorization: Sendable {
  package let accessKeyID: String
  package let scope: CredentialScope
  /// Lower case, as listed.
  package let signedHeaders: [String]
  package let signature: String

  /// nil if a part is missing, repeated, unknown or malformed.
  package init?(_ header: String) {
    let algorithm = "AWS4-HMAC-SHA256 "
    guard header.hasPrefix(algorithm) else { return nil }
    var parts: [Substring: Substring] = [:]
    for part in header.dropFirst(algorithm.count).split(separator: ",") {
      let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, parts.updateValue(pair[1], forKey: pair[0]) == nil else { return nil }
    }
    guard parts.count == 3, let credential = parts["Credential"], let names = parts["SignedHeaders"],
      let signature = parts["Signature"], let slash = credential.firstIndex(of: "/"),
      let scope = CredentialScope(credential[credential.index(after: slash)...])
    else { return nil }
    accessKeyID = String(credential[..<slash])
    self.scope = scope
    signedHeaders = names.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
    self.signature = String(signature)
    guard isSorted else { return nil }
  }

  private var isSorted: Bool {
    zip(signedHeaders, signedHeaders.dropFirst()).allSatisfy { $0 < $1 }
      && signedHeaders.allSatisfy { !$0.isEmpty && $0 == $0.lowercased() }
  }
}

// MARK: - Credential scope

/// What a signature is valid for: `20150830/us-east-1/sts/aws4_request`.
package struct CredentialScope: CustomStringConvertible, Sendable {
  package let date: String
  package let region: String
  package let service: String

  package var description: String { "\(date)/\(region)/\(service)/aws4_request" }

  init?(_ text: Substring) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 4, parts[3] == "aws4_request", parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    (date, region, service) = (parts[0], parts[1], parts[2])
  }

  /// Whether the region looks like one: `eu-west-1`, `us-gov-east-1`, `us-isob-east-1`.
  var isRegionValid: Bool {
    let parts = region.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 3, let number = parts.last, !number.isEmpty else { return false }
    return number.utf8.allSatisfy { (0x30...0x39).contains($0) }
      && parts.dropLast().allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) } }
  }
}

// MARK: - Path rule

/// How a service derives the canonical path from the path on the wire.
package enum PathRule: Sendable {
  /// Dot segments and doubled slashes removed, then each segment encoded once more than on the wire.
  case normalizedThenEncoded
  /// Each segment encoded once more, nothing removed.
  case encodedAsIs
  /// S3: the decoded path encoded once, nothing removed.
  case encodedOnce

  func canonical(_ path: String) -> String {
    switch self {
    case .normalizedThenEncoded: PercentEncoding.encode(Self.normalize(path).utf8, keeping: "/")
    case .encodedAsIs: PercentEncoding.encode(path.utf8, keeping: "/")
    case .encodedOnce: PercentEncoding.encode(PercentEncoding.decode(path) ?? Array(path.utf8), keeping: "/")
    }
  }

  private static func normalize(_ path: String) -> String {
    var kept: [Substring] = []
    for segment in path.split(separator: "/") {
      switch segment {
      case ".": continue
      case "..": _ = kept.popLast()
      default: kept.append(segment)
      }
    }
    let last = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let isFolder = kept.isEmpty || ["", ".", ".."].contains(last)
    return "/" + kept.joined(separator: "/") + (isFolder && !kept.isEmpty ? "/" : "")
  }
}
