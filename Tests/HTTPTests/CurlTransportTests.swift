import Glibc
import HTTP
import Secrets
import TestSupport
import Testing

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

  static func post(_ server: LoopbackServer, _ body: String, total: Duration = .seconds(30)) throws -> HTTPResponse {
    var timeouts = CurlTransport.Timeouts()
    timeouts.total = total
    let request = HTTPRequest(method: .post, url: url(server), body: SecretBytes(copying: body))
    return try CurlTransport(userAgent: "daypass/test", timeouts: timeouts).send(request)
  }
}
