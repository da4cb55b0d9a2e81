import AWSServices
import AWSValues
import Sessions
import Testing

struct AccessPointTests {
  private func place(_ region: String?, endpoint: String? = nil) throws -> PlanDigest.AccessPoint {
    let endpoints = endpoint.map { [Connection.Service.sts: $0] } ?? [:]
    return try PlanDigest.AccessPoint(of: Connection(region: region, endpoints: endpoints))
  }

  @Test(arguments: [
    ("eu-west-1", "aws", "eu-west-1"), ("cn-north-1", "aws-cn", "cn-north-1"),
    ("us-gov-west-1", "aws-us-gov", "us-gov-west-1"), ("aws-global", "aws", "aws-global"),
  ])
  func `AWS's own endpoints differ by partition and region`(region: String, partition: String, named: String) throws {
    #expect(try place(region) == .init(partition: partition, region: named, endpoint: nil))
  }

  @Test(arguments: [
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"), ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/"),
    ("https://STS.example.com:443/base", "https://sts.example.com/base/"),
    ("https://sts.example.com/other", "https://sts.example.com/other/"),
  ])
  func `an endpoint of the user's counts with its base path, however it is written`(text: String, url: String) throws {
    #expect(try place("eu-west-1", endpoint: text) == .init(partition: "aws", region: "eu-west-1", endpoint: url))
  }

  @Test func `an endpoint of the user's needs no region`() throws {
    #expect(
      try place(nil, endpoint: "http://[::1]:1/")
        == .init(
          partition: "aws", region: "us-east-1", endpoint: "http://[::1]:1/"))
  }

  @Test func `without region and endpoint there is no place`() {
    #expect(throws: EndpointError.missingRegion) { try place(nil) }
    #expect(throws: EndpointError.insecureURL("http://example.com")) {
      try place("eu-west-1", endpoint: "http://example.com")
    }
  }
}
