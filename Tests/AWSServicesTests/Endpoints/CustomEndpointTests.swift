import AWSServices
import AWSValues
import HTTP
import Testing

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
    "http://example.com", "http://10.0.0.1", "http://127.0.0.1.evil.example", "http://0127.0.0.1", "http://2130706433",
    "http://localhost.evil.example", "http://[::2]", "http://128.0.0.1",
  ])
  func `plain http goes to a loopback address only`(url: String) {
    #expect(throws: EndpointError.insecureURL(url)) { try Endpoint(.sts, of: connection(url)) }
  }

  @Test(arguments: [
    "", "example.com", "ftp://example.com", "https://", "https:///x", "https://user@example.com",
    "https://user:pass@example.com/", "https://example.com?x=1", "https://example.com/#f", "https://example.com:0",
    "https://example.com:65536", "https://example.com:", "https://exa mple.com", "https://example.com/a b",
    "https://ex\u{e4}mple.com", "https://example.com\r\n", "https://[::1", "https://[example]", "https://a..b",
  ])
  func `other text is no endpoint`(url: String) {
    #expect(throws: EndpointError.invalidURL(url)) { try Endpoint(.sts, of: connection(url)) }
  }

  @Test func `FIPS and dual-stack do not go with it`() {
    var fips = connection("https://example.com", region: "eu-west-1")
    fips.useFIPS = true
    var dualStack = connection("https://example.com", region: "eu-west-1")
    dualStack.useDualStack = true
    #expect(throws: EndpointError.fipsWithCustomEndpoint("https://example.com")) { try Endpoint(.sts, of: fips) }
    #expect(throws: EndpointError.dualStackWithCustomEndpoint("https://example.com")) {
      try Endpoint(.sts, of: dualStack)
    }
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
