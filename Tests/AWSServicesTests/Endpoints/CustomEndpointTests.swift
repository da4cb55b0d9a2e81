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
