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
    var Region: String?
    var UseFIPS: Bool?
    var UseDualStack: Bool?
    var Endpoint: String?
    var UseGlobalEndpoint: Bool?
    var Bucket: String?
    var UseObjectLambdaEndpoint: Bool?
    var UseS3ExpressControlEndpoint: Bool?
    var Accelerate: Bool?
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
    return try JSONDecoder().decode(Cases.self, from: Data(suite.text("\(service.rawValue).json").utf8)).testCases
  }

  /// S3's rules are mostly about buckets, which ListBuckets does not name.
  var isForListBuckets: Bool {
    guard let params else { return true }
    return params.Bucket == nil && params.UseObjectLambdaEndpoint == nil && params.UseS3ExpressControlEndpoint == nil
      && params.Accelerate != true && params.Region != "snow"
  }

  func connection(_ service: Connection.Service) -> Connection {
    Connection(
      region: params?.Region, endpoints: params?.Endpoint.map { [service: $0] } ?? [:],
      useFIPS: params?.UseFIPS ?? false, useDualStack: params?.UseDualStack ?? false,
      useGlobalSTSEndpoint: params?.UseGlobalEndpoint ?? false)
  }
}
