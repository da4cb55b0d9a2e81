import Glibc
import Secrets
import TestSupport
import Testing

@testable import HTTP

struct CurlTransportTests {
  @Test func `a GET goes out byte for byte as it was made`() throws {
    let server = LoopbackServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    let request = HTTPRequest(
      method: .get, url: Self.url(server, path: "/a/../b/./c//d%2Fe", query: "x=1&y=%20&lifecycle"),
      headers: [HTTPRequest.Header("X-One", "1"), HTTPRequest.Header("x-empty", ""), HTTPRequest.Header("X-One", "2")],
      secretHeader: HTTPRequest.SecretHeader("X-Amz-Security-Token", SecretBytes(copying: "TOKEN/==")))
    let response = try CurlTransport(userAgent: "daypass/test").send(request)
    let body = response.body.revealed()
    #expect(response.status == 200)
    #expect(body == "hi")
    #expect(
      server.requests() == [
        "GET /a/../b/./c//d%2Fe?x=1&y=%20&lifecycle HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"
          + "User-Agent: daypass/test\r\nX-One: 1\r\nx-empty:\r\nX-One: 2\r\nX-Amz-Security-Token: TOKEN/==\r\n\r\n"
      ])
  }

  @Test(arguments: ["", "Action=X&Version=1", String(repeating: "0123456789", count: 300_000)])
  func `a POST sends its body and length, and no Expect`(body: String) throws {
    let server = LoopbackServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    let type = "application/x-www-form-urlencoded; charset=utf-8"
    let request = HTTPRequest(
      method: .post, url: Self.url(server), headers: [HTTPRequest.Header("Content-Type", type)],
      body: SecretBytes(copying: body))
    _ = try CurlTransport(userAgent: "daypass/test").send(request)
    let expected =
      "POST / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nUser-Agent: daypass/test\r\nContent-Type: \(type)\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
    let isExpected = server.requests() == [expected]
    #expect(isExpected)
  }

  @Test func `a PUT without a body says that it has none`() throws {
    let server = LoopbackServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    let request = HTTPRequest(method: .put, url: Self.url(server), headers: [HTTPRequest.Header("X-Seconds", "60")])
    _ = try CurlTransport(userAgent: "daypass/test", plainHTTP: .toMetadataAddresses).send(request)
    let expected =
      "PUT / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nUser-Agent: daypass/test\r\nX-Seconds: 60\r\n"
      + "Content-Length: 0\r\n\r\n"
    #expect(server.requests() == [expected])
  }

  /// As values: nothing is sent to them.
  @Test(arguments: [
    ("http://127.0.0.1/", true, true), ("http://169.254.170.2/x", false, true), ("http://169.254.170.23/", false, true),
    ("http://[fd00:ec2::23]/", false, true), ("http://169.254.169.254/", false, true),
    ("http://[fd00:ec2::254]/", false, true), ("http://169.254.169.200/", false, false),
    ("http://192.168.1.1/", false, false), ("http://evil.example/", false, false),
    ("http://169.254.169.254.evil.example/", false, false), ("http://[fe80::1]/", false, false),
  ])
  func `plain http goes to loopback, and to AWS's own addresses of a machine only where that is wanted`(
    text: String, usually: Bool, forMachine: Bool
  ) throws {
    let url = try URLText(strictly: text)
    func isAllowed(_ plainHTTP: CurlTransport.PlainHTTP) -> Bool {
      do throws(HTTPError) {
        _ = try Route(to: url, proxies: .none, caBundle: nil, timeouts: CurlTransport.Timeouts(), plainHTTP: plainHTTP)
        return true
      } catch {
        #expect(error == .insecure(url: url.text))
        return false
      }
    }
    #expect(isAllowed(.toLoopback) == usually && isAllowed(.toMetadataAddresses) == forMachine)
  }

  @Test func `a POST without a type is given none`() throws {
    let server = LoopbackServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    _ = try Self.post(server, "x")
    #expect(!server.requests()[0].lowercased().contains("content-type"))
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func `a redirect is an answer, and nobody follows it`(status: Int) throws {
    let other = LoopbackServer()
    let server = LoopbackServer(
      answer: "HTTP/1.1 \(status) R\r\nLocation: http://127.0.0.1:\(other.port)/\r\nContent-Length: 0\r\n\r\n")
    let response = try Self.post(server, "Action=X")
    #expect(response.status == status)
    #expect(response.headers["location"] == "http://127.0.0.1:\(other.port)/")
    #expect(server.requests().count == 1)
    #expect(other.requests().isEmpty)
  }

  @Test(arguments: [200, 400, 403, 500, 503])
  func `any status comes back with headers in lower case and the body`(status: Int) throws {
    let server = LoopbackServer(
      answer: "HTTP/1.1 \(status) S\r\nDATE:  Sun, 06 Nov 1994 08:49:37 GMT \r\nX-A: 1\r\nx-a: 2\r\n"
        + "Content-Length: 3\r\n\r\nabc")
    let response = try Self.post(server, "x")
    let body = response.body.revealed()
    #expect(response.status == status)
    #expect(response.headers["date"] == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(response.headers["x-a"] == "2")
    #expect(body == "abc")
  }

  @Test func `an interim response is not the response, and a trailer is no header`() throws {
    let server = LoopbackServer(
      answer: "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nDate: then\r\nTransfer-Encoding: chunked\r\n"
        + "\r\n3\r\nabc\r\n0\r\nDate: trailer\r\n\r\n")
    let response = try Self.post(server, "x")
    let body = response.body.revealed()
    #expect(response.status == 200)
    #expect(response.headers == ["date": "then", "transfer-encoding": "chunked"])
    #expect(body == "abc")
  }

  @Test func `neither what was sent nor what came stays in memory`() throws {
    let body = String((0..<600).map { _ in "abcdefghijklmnopqrstuvwxyz".randomElement() ?? "a" })
    let server = LoopbackServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n\(body)")
    let outcome = try Launch(builtProgram("Probe"), ["residue-of-request", "\(server.port)"]).run()
    #expect(outcome.outputText == "left=(0, 0)\n", "\(outcome.errorText)")
    #expect(server.requests().count == 1)
  }

  @Test func `each request has a connection of its own`() throws {
    let answer = LoopbackServer.Step.answer(Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8))
    let server = LoopbackServer(answer, answer)
    let transport = CurlTransport(userAgent: "daypass/test")
    for _ in 1...2 { _ = try transport.send(HTTPRequest(method: .get, url: Self.url(server))) }
    #expect(server.requests().count == 2)
  }

  static func url(_ server: LoopbackServer, path: String = "/", query: String = "") -> URLText {
    URLText(scheme: .http, host: "127.0.0.1", port: server.port, path: path, query: query)
  }

  static func post(_ server: LoopbackServer, _ body: String) throws -> HTTPResponse {
    let request = HTTPRequest(method: .post, url: url(server), body: SecretBytes(copying: body))
    return try CurlTransport(userAgent: "daypass/test").send(request)
  }
}

// MARK: - Broken server tests

@Suite(.waiting)
struct BrokenServerTests {
  private static let host = "127.0.0.1"

  @Test func `a body of exactly the limit is taken`() throws {
    let size = 1 << 20
    let server = LoopbackServer(
      answer: "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n" + String(repeating: "x", count: size))
    let count = try CurlTransportTests.post(server, "x").body.count
    #expect(count == size)
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
  ])
  func `a body over 1 MiB is refused, announced or not`(head: String) {
    let chunk = "1000\r\n" + String(repeating: "x", count: 4096) + "\r\n"
    let server = LoopbackServer(.flood(head: head, Array(chunk.utf8)))
    #expect(throws: HTTPError.responseTooLarge(host: Self.host, limit: 1 << 20)) {
      _ = try CurlTransportTests.post(server, "x")
    }
    #expect(server.requests().count == 1)
  }

  @Test(arguments: [
    ("HTTP/1.1 200 OK\r\n", "X-Header: \(String(repeating: "x", count: 100))\r\n"),
    ("HTTP/1.1 200 OK\r\nX-Long: ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), ("", "HTTP/1.1 100 Continue\r\n\r\n"),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-Trailer: 1\r\n"),
  ])
  func `headers over 64 KiB are refused, interim ones and trailers among them`(head: String, more: String) {
    let server = LoopbackServer(.flood(head: head, Array(more.utf8)))
    #expect(throws: HTTPError.responseTooLarge(host: Self.host, limit: 64 << 10)) {
      _ = try CurlTransportTests.post(server, "x")
    }
    #expect(server.requests().count == 1)
  }

  @Test(arguments: [
    "Content-Encoding: gzip", "content-encoding: br", "Content-Encoding: identity, zstd",
    "Transfer-Encoding: gzip, chunked",
  ])
  func `an encoded response is refused`(header: String) {
    let server = LoopbackServer(answer: "HTTP/1.1 200 OK\r\n\(header)\r\nContent-Length: 3\r\n\r\nabc")
    #expect(throws: HTTPError.encoded(host: Self.host)) { _ = try CurlTransportTests.post(server, "x") }
  }

  @Test(arguments: [
    "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
  ])
  func `an answer that is cut was interrupted`(answer: String) {
    let server = LoopbackServer(answer: answer)
    #expect(throws: HTTPError.interrupted(host: Self.host)) { _ = try CurlTransportTests.post(server, "x") }
  }

  @Test func `a connection that is reset was interrupted, and the request is not sent again`() {
    let server = LoopbackServer(.reset(after: []))
    #expect(throws: HTTPError.interrupted(host: Self.host)) { _ = try CurlTransportTests.post(server, "x") }
    #expect(server.requests().count == 1)
  }

  @Test(arguments: ["garbage\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "<html></html>", "HTTP/7.0 200 OK\r\n\r\n"])
  func `what does not speak HTTP is distinguished from a broken connection`(answer: String) {
    let server = LoopbackServer(answer: answer)
    #expect(throws: HTTPError.notHTTP(host: Self.host)) { _ = try CurlTransportTests.post(server, "x") }
  }

  @Test func `a port where nobody listens cannot be connected to, and nothing was sent`() {
    let (descriptor, port) = LoopbackServer.listen(room: nil)
    defer { close(descriptor) }
    let error = #expect(throws: HTTPError.self) {
      let url = URLText(scheme: .http, host: Self.host, port: port)
      _ = try CurlTransport(userAgent: "daypass/test").send(HTTPRequest(method: .get, url: url))
    }
    #expect(error == .cannotConnect(host: Self.host))
  }
}

// MARK: - Refused request tests

/// What is refused before anything is opened.
struct RefusedRequestTests {
  @Test(arguments: [
    "http://sts.amazonaws.com/", "http://192.0.2.1/", "http://[2001:db8::1]:8080/", "http://localhost.example/",
    "http://127.0.0.1.example/", "http://[::ffff:127.0.0.1]/", "http://128.0.0.1/", "http://[::]/", "http://0.0.0.0/",
  ])
  func `plain http goes to loopback only`(text: String) throws {
    let url = try URLText(strictly: text)
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
