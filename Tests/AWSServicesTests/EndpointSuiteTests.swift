import AWSServices
import AWSValues
import Foundation
import HTTP
import TestSupport
import Testing

@Suite(.enabled(if: EndpointSuiteCase.suite.isPresent, "the suite endpoints/botocore is not beside the checkout"))
struct EndpointSuiteTests {
  @Test(arguments: [(Connection.Service.sts, 69), (.iam, 26), (.s3, 29), (.sso, 40), (.ssoOIDC, 40), (.signIn, 13)])
  func `every case that applies comes out as AWS's rules say`(service: Connection.Service, count: Int) throws {
    let cases = try EndpointSuiteCase.all(service).filter { $0.isForOurs(service) }
    #expect(cases.count == count)
    for test in cases where !isAboutAnotherSetting(test, service) {
      if let address = test.expect.endpoint {
        try compare(test, service, address)
      } else {
        #expect(throws: EndpointError.self, "\(test.testDescription)") {
          try Endpoint(service, of: test.connection(service))
        }
      }
    }
  }

  private func compare(
    _ test: EndpointSuiteCase, _ service: Connection.Service, _ address: EndpointSuiteCase.Address
  ) throws {
    // Plain http to a distant host is right by AWS's rules and refused by ours.
    if address.url.hasPrefix("http:") {
      #expect(throws: EndpointError.insecureURL(address.url)) { try Endpoint(service, of: test.connection(service)) }
      return
    }
    let endpoint = try Endpoint(service, of: test.connection(service))
    #expect(endpoint.url.text == address.url + "/", "\(test.testDescription)")
    let scheme = address.properties?.authSchemes?.first
    #expect(endpoint.signingRegion == scheme?.signingRegion ?? test.params?.region ?? "us-east-1")
  }

  /// S3 has a setting of its own for its global endpoint, which we do not offer.
  private func isAboutAnotherSetting(_ test: EndpointSuiteCase, _ service: Connection.Service) -> Bool {
    service == .s3 && test.params?.useGlobalEndpoint == true && test.params?.region == "us-east-1"
      && test.expect.endpoint?.url == "https://s3.amazonaws.com"
  }
}

// MARK: - Endpoint suite case

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
    var isControlPlane: Bool?
    var isOAuthEndpoint: Bool?
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
    return try JSONDecoder.ofSuites.decode(Cases.self, from: Data(suite.text("\(service.fileName).json").utf8))
      .testCases
  }

  /// S3's rules are mostly about buckets, which ListBuckets does not name; two of the three endpoints of Signin serve
  /// calls that we do not make.
  func isForOurs(_ service: Connection.Service) -> Bool {
    guard let params, service != .signIn else {
      return params?.isControlPlane != true && params?.isOAuthEndpoint == nil
    }
    return service != .s3
      || params.bucket == nil && params.useObjectLambdaEndpoint == nil && params.useS3ExpressControlEndpoint == nil
        && params.accelerate != true && params.region != "snow"
  }

  func connection(_ service: Connection.Service) -> Connection {
    Connection(
      region: params?.region, endpoints: params?.endpoint.map { [service: $0] } ?? [:],
      useFIPS: params?.useFIPS ?? false, useDualStack: params?.useDualStack ?? false,
      useGlobalSTSEndpoint: params?.useGlobalEndpoint ?? false)
  }
}

extension Connection.Service {
  fileprivate var fileName: String { rawValue.replacing("_", with: "-") }
}
