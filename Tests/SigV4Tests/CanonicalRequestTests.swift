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
