import AWSServices
import AWSValues
import HTTP
import Testing

@Suite(.enabled(if: EndpointSuiteCase.suite.isPresent, "the suite endpoints/botocore is not beside the checkout"))
struct EndpointSuiteTests {
  @Test(arguments: [(Connection.Service.sts, 69), (.iam, 26), (.s3, 29)])
  func `every case that applies comes out as AWS's rules say`(service: Connection.Service, count: Int) throws {
    let cases = try EndpointSuiteCase.all(service).filter { service != .s3 || $0.isForListBuckets }
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
