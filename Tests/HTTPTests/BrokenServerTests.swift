import Glibc
import HTTP
import Secrets
import TestSupport
import Testing

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
  func `what does not speak HTTP is told from a broken connection`(answer: String) {
    let server = LoopbackServer(answer: answer)
    #expect(throws: HTTPError.notHTTP(host: Self.host)) { _ = try CurlTransportTests.post(server, "x") }
  }

  @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
  func `a server that stops has the time it was given and no more`(answer: String) {
    let server = LoopbackServer(.stall(Array(answer.utf8)))
    let error = #expect(throws: HTTPError.self) {
      _ = try CurlTransportTests.post(server, "x", total: .seconds(1))
    }
    #expect(error == .timedOut(host: Self.host, seconds: 1))
    #expect(error?.mayHaveBeenSent == true)
  }

  @Test func `a port where nobody listens cannot be connected to, and nothing was sent`() {
    let (descriptor, port) = LoopbackServer.listen()
    close(descriptor)
    let error = #expect(throws: HTTPError.self) {
      let url = URLText(scheme: .http, host: Self.host, port: port)
      _ = try CurlTransport(userAgent: "daypass/test").send(HTTPRequest(method: .get, url: url))
    }
    #expect(error == .cannotConnect(host: Self.host))
    #expect(error?.mayHaveBeenSent == false)
  }
}
