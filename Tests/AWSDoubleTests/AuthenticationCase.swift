import AWSDouble
import Foundation
import Testing

/// Something wrong with how a request is signed, and the code it must get from STS and from S3.
struct AuthenticationCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let sts: String
  let s3: String
  /// Before signing: the signature covers it.
  var call: @Sendable (inout SignedCall) -> Void = { _ in }
  /// After signing.
  var request: @Sendable (inout WireRequest) -> Void = { _ in }

  init(
    _ name: String, sts: String, s3: String, call: @escaping @Sendable (inout SignedCall) -> Void = { _ in },
    request: @escaping @Sendable (inout WireRequest) -> Void = { _ in }
  ) {
    (testDescription, self.sts, self.s3, self.call, self.request) = (name, sts, s3, call, request)
  }
}

extension WireRequest {
  mutating func set(_ name: String, _ change: (String) -> String?) {
    headers = headers.compactMap { header in
      guard header.name == name else { return header }
      return change(header.value).map { (name, $0) }
    }
  }
}
