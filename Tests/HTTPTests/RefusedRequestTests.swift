import HTTP
import Secrets
import TestSupport
import Testing

/// What is refused before anything is opened.
struct RefusedRequestTests {
  @Test(arguments: [
    "http://sts.amazonaws.com/", "http://192.0.2.1/", "http://[2001:db8::1]:8080/", "http://localhost.example/",
    "http://127.0.0.1.example/", "http://[::ffff:127.0.0.1]/", "http://128.0.0.1/", "http://[::]/", "http://0.0.0.0/",
  ])
  func `plain http goes to loopback only`(text: String) throws {
    let url = try URLText(parsing: text)
    #expect(throws: HTTPError.insecure(url: url.text)) { try Self.send(url) }
  }

  @Test(arguments: [
    "127.0.0.1/", "evil.example@127.0.0.1", "2130706433", "127.1", "0x7f.0.0.1", "127.0.0.1\r\nX: y", "LOCALHOST.", "",
  ])
  func `a host that is none is refused, also in a URL made of parts`(host: String) {
    #expect(throws: HTTPError.self) { try Self.send(URLText(scheme: .http, host: host)) }
  }

  @Test(arguments: ["/a b", "/\r\nX: y", "/é", "a", "/#f", "/%", "/%4"])
  func `a path that has to be encoded first is refused`(path: String) {
    let server = LoopbackServer()
    #expect(throws: HTTPError.self) { try Self.send(CurlTransportTests.url(server, path: path)) }
    #expect(server.requests().isEmpty)
  }

  @Test(arguments: [
    "a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b", "a\u{1b}[2J", "a\u{7f}", "a\tb", " a", "a ", " ",
  ])
  func `a header with a control character is refused, secret or not`(value: String) {
    let server = LoopbackServer()
    let url = CurlTransportTests.url(server)
    #expect(throws: HTTPError.invalidHeader(name: "X-Name")) {
      let request = HTTPRequest(method: .get, url: url, headers: [HTTPRequest.Header("X-Name", value)])
      _ = try CurlTransport(userAgent: "daypass/test").send(request)
    }
    #expect(throws: HTTPError.invalidHeader(name: "X-Name")) {
      let secret = HTTPRequest.SecretHeader("X-Name", SecretBytes(copying: value))
      let request = HTTPRequest(method: .get, url: url, secretHeader: secret)
      _ = try CurlTransport(userAgent: "daypass/test").send(request)
    }
    #expect(server.requests().isEmpty)
  }

  @Test(arguments: ["", "A B", "A:", "A\r\nB", "é", "Host", "content-length", "Transfer-Encoding", "Expect"])
  func `a header that is none, or the transport's own, is refused`(name: String) {
    let server = LoopbackServer()
    #expect(throws: HTTPError.invalidHeader(name: name)) {
      let headers = [HTTPRequest.Header(name, "x")]
      let request = HTTPRequest(method: .get, url: CurlTransportTests.url(server), headers: headers)
      _ = try CurlTransport(userAgent: "daypass/test").send(request)
    }
    #expect(server.requests().isEmpty)
  }

  private static func send(_ url: URLText) throws {
    _ = try CurlTransport(userAgent: "daypass/test").send(HTTPRequest(method: .get, url: url))
  }
}
