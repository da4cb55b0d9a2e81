import AWSServices
import AWSValues
import HTTP
import Testing

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
