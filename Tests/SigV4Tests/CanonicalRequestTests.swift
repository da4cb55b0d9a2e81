import HTTP
import Secrets
import SigV4
import Testing

struct CanonicalRequestTests {
  @Test(arguments: [
    ("/", "/"), ("", "/"), ("/base", "/base"), ("/base/", "/base/"), ("/a/../b", "/b"), ("/a/./b", "/a/b"),
    ("//a///b//", "/a/b/"), ("/../..", "/"), ("/a/..", "/"), ("/a%3Db", "/a%253Db"), ("/a b", "/a%20b"),
    ("/é", "/%C3%A9"), ("/a~b_c-d.e", "/a~b_c-d.e"), ("/a*b", "/a%2Ab"),
  ])
  func `a normalized path is resolved and encoded once more`(path: String, canonical: String) throws {
    let found = try Self.line(1, path: path, rule: .normalized)
    #expect(found == canonical)
  }

  @Test(arguments: [
    ("/", "/"), ("/a/../b", "/a/../b"), ("//a/./b//", "//a/./b//"), ("/a%3Db", "/a%3Db"), ("/a%3db", "/a%3Db"),
    ("/a b", "/a%20b"), ("/a%20b", "/a%20b"), ("/100%", "/100%25"), ("/%zz", "/%25zz"), ("/a+b", "/a%2Bb"),
  ])
  func `a path as it is is encoded once`(path: String, canonical: String) throws {
    let found = try Self.line(1, path: path, rule: .asIs)
    #expect(found == canonical)
  }

  @Test(arguments: [
    ("", ""), ("b=2&a=1", "a=1&b=2"), ("a=2&a=1", "a=1&a=2"), ("lifecycle", "lifecycle="), ("a=", "a="),
    ("a=b=c", "a=b%3Dc"), ("k=a/b", "k=a%2Fb"), ("k=a%2fb", "k=a%2Fb"), ("k=a+b", "k=a%2Bb"), ("k=%7e", "k=~"),
    ("A=1&a=2&B=3", "A=1&B=3&a=2"), ("a-b=1&a=2", "a=2&a-b=1"), ("%C3%A9=1&z=2", "%C3%A9=1&z=2"),
    ("a1=2&a=3", "a=3&a1=2"), ("é=1", "%C3%A9=1"),
  ])
  func `a query is encoded and sorted by name, then value`(query: String, canonical: String) throws {
    let found = try Self.line(2, query: query)
    #expect(found == canonical)
  }

  private static func line(_ number: Int, path: String = "/", query: String = "", rule: PathRule = .normalized) throws
    -> String?
  {
    let url = URLText(scheme: .https, host: "h.example", path: path, query: query)
    let canonical = try CanonicalRequest(of: HTTPRequest(method: .get, url: url), pathRule: rule)
    return canonical.bytes.revealed()?.split(separator: "\n", omittingEmptySubsequences: false)[number].description
  }
}

// MARK: - Canonical headers tests

struct CanonicalHeadersTests {
  @Test(arguments: [
    ("  a  ", "a"), ("a   b", "a b"), ("\"a   b\"", "\"a b\""), ("a\tb", "a b"), ("a\r\n  b\r\n c", "a b c"), ("", ""),
    ("   ", ""), ("A,b", "A,b"), ("é", "é"),
  ])
  func `a value is trimmed and its white space made single`(value: String, canonical: String) throws {
    let found = try Self.headers([HTTPRequest.Header("My-Header", value)])
    #expect(found == "host:h.example\nmy-header:\(canonical)\n|host;my-header")
  }

  @Test func `repeats are joined in the order they are sent`() throws {
    let found = try Self.headers([
      HTTPRequest.Header("B", "2"), HTTPRequest.Header("a", "x"), HTTPRequest.Header("b", " 1 "),
    ])
    #expect(found == "a:x\nb:2,1\nhost:h.example\n|a;b;host")
  }

  @Test(arguments: [
    "Authorization", "Connection", "Expect", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer",
    "Transfer-Encoding", "Upgrade", "User-Agent", "X-Amzn-Trace-Id",
  ])
  func `what proxies and connections change is not signed`(name: String) throws {
    let found = try Self.headers([HTTPRequest.Header(name, "x")])
    #expect(found == "host:h.example\n|host")
  }

  @Test(arguments: [
    (URLText.Scheme.https, 8443, "h.example:8443"), (.https, 443, "h.example"), (.https, 80, "h.example:80"),
    (.http, 80, "h.example"), (.http, 4566, "h.example:4566"),
  ])
  func `the host is signed with a port that is not the scheme's own`(
    scheme: URLText.Scheme, port: Int, host: String
  ) throws {
    let found = try Self.headers([], url: URLText(scheme: scheme, host: "H.Example", port: port))
    #expect(found == "host:\(host)\n|host")
  }

  @Test func `the host is the URL's, whatever a header says`() throws {
    let found = try Self.headers([HTTPRequest.Header("Host", "other.example")])
    #expect(found == "host:h.example\n|host")
  }

  @Test func `a secret header is signed among the others and joined to a plain one of its name`() throws {
    let secret = HTTPRequest.SecretHeader("X-Secret", SecretBytes(copying: " s  t "))
    let found = try Self.headers(
      [HTTPRequest.Header("x-secret", "plain"), HTTPRequest.Header("Z", "1")], secret: secret)
    #expect(found == "host:h.example\nx-secret:plain,s t\nz:1\n|host;x-secret;z")
  }

  private static func headers(
    _ headers: [HTTPRequest.Header], secret: consuming HTTPRequest.SecretHeader? = nil,
    url: URLText = URLText(scheme: .https, host: "h.example")
  ) throws -> String? {
    let request = HTTPRequest(method: .get, url: url, headers: headers, secretHeader: secret)
    let canonical = try CanonicalRequest(of: request, pathRule: .normalized)
    let text = canonical.bytes.revealed() ?? ""
    let block = text.dropFirst("GET\n/\n\n".count).firstRange(of: "\n\n").map { text[..<$0.lowerBound] }
    return block.map { "\($0.dropFirst("GET\n/\n\n".count))\n|\(canonical.signedHeaders)" }
  }
}
