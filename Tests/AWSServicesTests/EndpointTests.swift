import AWSValues
import HTTP
import Testing

@testable import AWSServices

struct EndpointTests {
  @Test(arguments: [
    (Connection.Service.sts, "eu-west-1", "sts.eu-west-1.amazonaws.com", "eu-west-1"),
    (.sts, "aws-global", "sts.amazonaws.com", "us-east-1"),
    (.sts, "cn-northwest-1", "sts.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"),
    (.sts, "us-gov-east-1", "sts.us-gov-east-1.amazonaws.com", "us-gov-east-1"),
    (.sts, "eusc-de-east-1", "sts.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
    (.sts, "xx-later-1", "sts.xx-later-1.amazonaws.com", "xx-later-1"),
    (.iam, "eu-west-1", "iam.amazonaws.com", "us-east-1"),
    (.iam, "cn-northwest-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
    (.iam, "us-gov-east-1", "iam.us-gov.amazonaws.com", "us-gov-west-1"),
    (.iam, "us-iso-west-1", "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
    (.s3, "us-east-1", "s3.us-east-1.amazonaws.com", "us-east-1"),
    (.s3, "aws-global", "s3.amazonaws.com", "us-east-1"),
    (.s3, "eu-isoe-west-1", "s3.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"),
    (.signIn, "cn-north-1", "cn-north-1.signin.amazonaws.cn", "cn-north-1"),
    (.signIn, "eusc-de-east-1", "signin.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
  ])
  func `host and signing region follow service and region`(
    service: Connection.Service, region: String, host: String, signingRegion: String
  ) throws {
    let endpoint = try Endpoint(service, of: Connection(region: region))
    #expect(endpoint.url.text == "https://\(host)/")
    #expect(endpoint.signingRegion == signingRegion)
  }

  @Test(arguments: [
    (Connection.Service.sts, "eu-west-1", true, false, "sts-fips.eu-west-1.amazonaws.com"),
    (.sts, "us-gov-west-1", true, false, "sts.us-gov-west-1.amazonaws.com"),
    (.sts, "eu-west-1", false, true, "sts.eu-west-1.api.aws"),
    (.sts, "eu-west-1", true, true, "sts-fips.eu-west-1.api.aws"),
    (.iam, "eu-west-1", true, false, "iam-fips.amazonaws.com"),
    (.iam, "eu-west-1", false, true, "iam.global.api.aws"),
    (.s3, "eu-west-1", true, false, "s3-fips.eu-west-1.amazonaws.com"),
    (.s3, "eu-west-1", false, true, "s3.dualstack.eu-west-1.amazonaws.com"),
    (.s3, "eu-west-1", true, true, "s3-fips.dualstack.eu-west-1.amazonaws.com"),
  ])
  func `FIPS and dual-stack have hosts of their own`(
    service: Connection.Service, region: String, fips: Bool, dualStack: Bool, host: String
  ) throws {
    let connection = Connection(region: region, useFIPS: fips, useDualStack: dualStack)
    #expect(try Endpoint(service, of: connection).url.host == host)
  }

  @Test(arguments: [("eu-west-1", "sts.amazonaws.com"), ("eu-south-1", "sts.eu-south-1.amazonaws.com")])
  func `legacy sends old regions only to the global host`(region: String, host: String) throws {
    let endpoint = try Endpoint(.sts, of: Connection(region: region, useGlobalSTSEndpoint: true))
    #expect(endpoint.url.host == host)
    #expect(endpoint.signingRegion == (host == "sts.amazonaws.com" ? "us-east-1" : region))
  }

  @Test(arguments: [
    "a b", "", "eu-west-1.evil.example", "-eu", "eu/", "e\u{fc}-west-1", String(repeating: "a", count: 64),
  ])
  func `a region that is no host label is refused`(region: String) {
    #expect(throws: EndpointError.invalidRegion(region)) { try Endpoint(.sts, of: Connection(region: region)) }
  }

  @Test func `without region and endpoint there is nowhere to go`() {
    #expect(throws: EndpointError.missingRegion) { try Endpoint(.sts, of: Connection()) }
  }

  @Test func `S3 has no FIPS endpoint in China`() {
    let connection = Connection(region: "cn-north-1", useFIPS: true)
    #expect(throws: EndpointError.fipsNotSupported(partition: "aws-cn")) { try Endpoint(.s3, of: connection) }
  }
}

// MARK: - Custom endpoint tests

struct CustomEndpointTests {
  private func connection(_ url: String, region: String? = nil) -> Connection {
    Connection(region: region, endpoints: [.sts: url, .iam: url])
  }

  @Test(arguments: [
    ("https://example.com", "https://example.com/"), ("HTTPS://Example.com:443/", "https://example.com/"),
    ("https://example.com:8443/base/path", "https://example.com:8443/base/path/"),
    ("http://localhost:4566", "http://localhost:4566/"), ("http://127.1.2.3:80/x%20y/", "http://127.1.2.3/x%20y/"),
    ("http://[::1]:5000", "http://[::1]:5000/"), ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
  ])
  func `host, port and base path are kept`(configured: String, url: String) throws {
    #expect(try Endpoint(.sts, of: connection(configured)).url.text == url)
  }

  @Test(arguments: [
    "http://example.com", "http://10.0.0.1", "http://127.0.0.1.evil.example", "http://localhost.evil.example",
    "http://[::2]", "http://128.0.0.1", "http://[::ffff:127.0.0.1]",
  ])
  func `plain http goes to a loopback address only`(url: String) {
    #expect(throws: EndpointError.insecureURL(url)) { try Endpoint(.sts, of: connection(url)) }
  }

  @Test(arguments: [
    ("", EndpointError.invalidURL(.scheme)), ("example.com", .invalidURL(.scheme)),
    ("ftp://example.com", .invalidURL(.scheme)), ("https:///x", .invalidURL(.host)),
    ("https://user:pass@example.com/", .invalidURL(.userInformation)), ("https://example.com?x=1", .urlWithQuery),
    ("https://example.com/#f", .invalidURL(.fragment)), ("https://example.com:0", .invalidURL(.port)),
    ("https://example.com:65536", .invalidURL(.port)), ("https://exa mple.com", .invalidURL(.host)),
    ("https://example.com/a b", .invalidURL(.character)), ("https://ex\u{e4}mple.com", .invalidURL(.host)),
    ("http://0127.0.0.1", .invalidURL(.host)), ("http://2130706433", .invalidURL(.host)),
  ])
  func `other text is no endpoint`(url: String, error: EndpointError) {
    #expect(throws: error) { try Endpoint(.sts, of: connection(url)) }
  }

  @Test func `FIPS and dual-stack do not go with it`() {
    var fips = connection("https://example.com", region: "eu-west-1")
    fips.useFIPS = true
    var dualStack = connection("https://example.com", region: "eu-west-1")
    dualStack.useDualStack = true
    #expect(throws: EndpointError.fipsWithCustomEndpoint("https://example.com/")) { try Endpoint(.sts, of: fips) }
    #expect(throws: EndpointError.dualStackWithCustomEndpoint("https://example.com/")) {
      try Endpoint(.sts, of: dualStack)
    }
    fips.endpoints[.sts] = "https://user:password@example.com"
    #expect(throws: EndpointError.invalidURL(.userInformation)) { try Endpoint(.sts, of: fips) }
  }

  @Test func `it is signed for the region, and IAM for the partition's`() throws {
    let known = connection("https://example.com", region: "cn-northwest-1")
    #expect(try Endpoint(.sts, of: known).signingRegion == "cn-northwest-1")
    #expect(try Endpoint(.iam, of: known).signingRegion == "cn-north-1")
    #expect(try Endpoint(.sts, of: connection("https://example.com")).signingRegion == "us-east-1")
  }

  @Test func `it replaces its own service only`() throws {
    let endpoint = try Endpoint(.s3, of: connection("https://example.com", region: "eu-west-1"))
    #expect(endpoint.url.host == "s3.eu-west-1.amazonaws.com")
  }
}

// MARK: - Partition tests

struct PartitionTests {
  @Test(arguments: [
    ("eu-west-1", "aws"), ("mx-central-1", "aws"), ("aws-global", "aws"), ("cn-north-1", "aws-cn"),
    ("us-gov-west-1", "aws-us-gov"), ("us-iso-west-1", "aws-iso"), ("us-isob-east-1", "aws-iso-b"),
    ("eu-isoe-west-1", "aws-iso-e"), ("us-isof-south-1", "aws-iso-f"), ("eusc-de-east-1", "aws-eusc"),
    ("aws-cn-global", "aws-cn"), ("elsewhere", "aws"), ("cn-north", "aws"), ("cn-north-x", "aws"),
  ])
  func `a region belongs to one partition`(region: String, id: String) {
    #expect(Partition(region: region).id == id)
  }

  @Test(arguments: [
    ("arn:aws:iam::123456789012:mfa/alice", "us-east-1"), ("arn:aws-cn:iam::123456789012:role/x", "cn-north-1"),
    ("arn:aws-us-gov:iam::123456789012:role/x", "us-gov-west-1"), ("GAHT12345678", "us-east-1"),
    ("arn:aws-mars:iam::123456789012:role/x", "us-east-1"),
  ])
  func `without a region an ARN's partition chooses it`(arn: String, region: String) {
    #expect(Connection().withRegion(forARN: arn).region == region)
    #expect(Connection(region: "eu-west-1").withRegion(forARN: arn).region == "eu-west-1")
  }

  @Test func `nothing known means us-east-1`() {
    #expect(Connection().withRegion(forARN: nil).region == "us-east-1")
  }
}
