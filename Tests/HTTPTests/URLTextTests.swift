import HTTP
import Testing

struct URLTextTests {
  @Test(arguments: [
    ("https://sts.amazonaws.com", "https://sts.amazonaws.com/"),
    ("HTTPS://STS.Amazonaws.com/", "https://sts.amazonaws.com/"),
    ("https://h.example:443/a", "https://h.example/a"), ("https://h.example:8443", "https://h.example:8443/"),
    ("http://127.0.0.1:4566/base/", "http://127.0.0.1:4566/base/"), ("http://[::1]:80/x?y=z", "http://[::1]/x?y=z"),
    ("https://[0:0:0:0:0:0:0:1]:81", "https://[::1]:81/"), ("https://[2001:DB8::A]", "https://[2001:db8::a]/"),
    ("https://h.example?a=b", "https://h.example/?a=b"), ("https://h.example/?", "https://h.example/"),
    ("https://a_b-c.xn--e1afmkfd.example/%2F//..", "https://a_b-c.xn--e1afmkfd.example/%2F//.."),
    ("https://h.example/?a?b/c", "https://h.example/?a?b/c"),
  ])
  func `a URL is read into its parts`(text: String, canonical: String) throws {
    #expect(try URLText(strictly: text).text == canonical)
  }

  @Test(arguments: [
    ("ftp://h.example/", URLText.Fault.scheme), ("file:///etc/passwd", .scheme), ("h.example", .scheme),
    ("//h.example", .scheme), ("https:h.example", .scheme), ("https:/h.example", .scheme), ("", .scheme),
    (" https://h.example", .scheme), ("https://u@h.example/", .userInformation),
    ("https://sts.amazonaws.com@evil.example", .userInformation), ("https://u:p@h.example", .userInformation),
    ("https://h.example/#f", .fragment), ("https://h.example#f", .fragment), ("https://", .host), ("https:///p", .host),
    ("https://h..example", .host), ("https://.example", .host), ("https://h.example./", .host), ("https://-h/", .host),
    ("https://h .example", .host), ("https://h%2eexample", .host), ("https://é.example", .host),
    ("https://h.example\\@evil.example", .userInformation), ("https://h.example\\evil", .host),
    ("https://[::1", .host), ("https://[::1%25lo]", .host), ("https://[127.0.0.1]", .host), ("https://::1", .host),
    ("https://h.example:", .port), ("https://h.example:0", .port), ("https://h.example:65536", .port),
    ("https://h.example:+1", .port), ("https://[::1]x", .port), ("https://h.example:1:2", .port),
    ("http://2130706433", .host), ("http://0x7f000001", .host), ("http://0177.0.0.1", .host), ("http://127.1", .host),
    ("http://127.0.0.0x1", .host), ("http://127.0.0.256", .host), ("http://1.2.3.4.5", .host),
    ("https://h.example/a b", .character), ("https://h.example/\r\nX: y", .character),
    ("https://h.example/é", .character),
    ("https://h.example/%zz", .character), ("https://h.example/%4", .character), ("https://h.example/?\"", .character),
    ("https://h.example/a\\b", .character), ("https://h.example/\u{0}", .character),
  ])
  func `what only some readers take for a URL is refused`(text: String, fault: URLText.Fault) {
    #expect(throws: fault) { try URLText(strictly: text) }
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.255.255.254", true), ("localhost", true), ("LOCALHOST", true), ("[::1]", true),
    ("128.0.0.1", false), ("[::2]", false), ("[::ffff:127.0.0.1]", false), ("localhost.example", false),
    ("127.0.0.1.example", false), ("127.1", false), ("::1", true),
  ])
  func `loopback is known by its literal names only`(host: String, isLoopback: Bool) {
    #expect(URLText(scheme: .http, host: host).isLoopback == isLoopback)
  }
}
