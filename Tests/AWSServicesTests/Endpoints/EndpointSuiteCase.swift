import AWSServices
import AWSValues
import Foundation
import TestSupport
import Testing

/// A case of the endpoint rules that AWS publishes for all SDKs.
struct EndpointSuiteCase: Decodable, Sendable, CustomTestStringConvertible {
  static let suite = ExternalSuite("endpoints/botocore/tests")

  let documentation: String?
  let params: Parameters?
  let expect: Expectation

  struct Parameters: Decodable, Sendable {
    var region: String?
    var useFIPS: Bool?
    var useDualStack: Bool?
    var endpoint: String?
    var useGlobalEndpoint: Bool?
    var bucket: String?
    var useObjectLambdaEndpoint: Bool?
    var useS3ExpressControlEndpoint: Bool?
    var accelerate: Bool?
  }

  struct Expectation: Decodable, Sendable {
    let endpoint: Address?
    let error: String?
  }

  struct Address: Decodable, Sendable {
    let url: String
    let properties: Properties?
  }

  struct Properties: Decodable, Sendable {
    struct Scheme: Decodable, Sendable { let signingRegion: String? }
    let authSchemes: [Scheme]?
  }

  var testDescription: String { documentation ?? "\(params as Any)" }

  static func all(_ service: Connection.Service) throws -> [EndpointSuiteCase] {
    struct Cases: Decodable { let testCases: [EndpointSuiteCase] }
    return try JSONDecoder.ofSuites.decode(Cases.self, from: Data(suite.text("\(service.rawValue).json").utf8))
      .testCases
  }

  /// S3's rules are mostly about buckets, which ListBuckets does not name.
  var isForListBuckets: Bool {
    guard let params else { return true }
    return params.bucket == nil && params.useObjectLambdaEndpoint == nil && params.useS3ExpressControlEndpoint == nil
      && params.accelerate != true && params.region != "snow"
  }

  func connection(_ service: Connection.Service) -> Connection {
    Connection(
      region: params?.region, endpoints: params?.endpoint.map { [service: $0] } ?? [:],
      useFIPS: params?.useFIPS ?? false, useDualStack: params?.useDualStack ?? false,
      useGlobalSTSEndpoint: params?.useGlobalEndpoint ?? false)
  }
}
