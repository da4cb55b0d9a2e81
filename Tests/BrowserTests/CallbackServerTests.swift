import Foundation
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import Browser

struct CallbackServerTests {
  private let state = "4f2b1c6e-8a0e-4c3e-9b59-0f5a4a1f7f11"

  private var good: String { "/oauth/callback?code=the-code&state=\(state)" }

  @Test func `the code of the right sign-in ends the wait, and nothing listens after that`() throws {
    let waiting = try WaitingServer(for: state)
    let page = waiting.get(good)
    #expect(page.status == "HTTP/1.1 200 OK")
    #expect(try waiting.outcome() == .code("the-code"))
    #expect(waiting.get(good) == RawAnswer(""))
  }

  @Test func `the page is fixed text that nothing may be loaded into`() throws {
    let waiting = try WaitingServer(for: state)
    let page = waiting.get(good + "&x=<script>alert(1)</script>")
    #expect(
      page.headers == [
        "Cache-Control: no-store", "Connection: close", "Content-Length: 168",
        "Content-Security-Policy: default-src 'none'", "Content-Type: text/html; charset=utf-8",
        "Referrer-Policy: no-referrer", "X-Content-Type-Options: nosniff",
      ])
    #expect(page.body.utf8.count == 168)
    #expect(page.body.contains("You can close this window"))
    #expect(!page.body.contains("script"))
  }

  @Test func `parameters are decoded, in any order`() throws {
    let waiting = try WaitingServer(for: state)
    _ = waiting.get("/oauth/callback?state=4f2b1c6e%2D8a0e-4c3e-9b59-0f5a4a1f7f11&code=a%2Fb+c%")
    #expect(try waiting.outcome() == .code("a/b c%"))
  }

  @Test(arguments: [
    ("error=access_denied&error_description=%3Cb%3Eno%1b%5B2J", "access_denied", "<b>no\u{1b}[2J"),
    ("error=server_error", "server_error", ""),
    ("error=&code=x", "", ""),
  ])
  func `a refusal of the right sign-in ends the wait`(query: String, code: String, description: String) throws {
    let waiting = try WaitingServer(for: state)
    let page = waiting.get("/oauth/callback?\(query)&state=\(state)")
    #expect(page.status == "HTTP/1.1 200 OK")
    #expect(page.body.contains("was not completed") && !page.body.contains("<b>"))
    #expect(try waiting.outcome() == .failed(.refused(CallbackRefusal(code: code, description: description))))
  }

  @Test(arguments: [
    ("another sign-in's state", "GET /oauth/callback?code=x&state=4f2b1c6e-8a0e-4c3e-9b59-0f5a4a1f7f12", "400"),
    ("the start of the state", "GET /oauth/callback?code=x&state=4f2b1c6e", "400"),
    ("an empty state", "GET /oauth/callback?code=x&state=", "400"),
    ("no state", "GET /oauth/callback?code=x", "400"),
    ("two states", "GET /oauth/callback?code=x&state=STATE&state=STATE", "400"),
    ("two codes", "GET /oauth/callback?code=x&code=y&state=STATE", "400"),
    ("two codes, one of them in other letters", "GET /oauth/callback?code=x&c%6fde=y&state=STATE", "400"),
    ("no code", "GET /oauth/callback?state=STATE", "400"),
    ("a code that is no text", "GET /oauth/callback?code=%FF&state=STATE", "400"),
    ("an empty code", "GET /oauth/callback?code=&state=STATE", "400"),
    ("an error without a state", "GET /oauth/callback?error=access_denied", "400"),
    ("an error with another state", "GET /oauth/callback?error=access_denied&state=x", "400"),
    ("no query", "GET /oauth/callback", "400"),
    ("an icon", "GET /favicon.ico", "404"),
    ("the root", "GET /?code=x&state=STATE", "404"),
    ("a longer path", "GET /oauth/callback/?code=x&state=STATE", "404"),
    ("an encoded path", "GET /oauth%2fcallback?code=x&state=STATE", "404"),
    ("an absolute target", "GET http://HOST/oauth/callback?code=x&state=STATE", "404"),
    ("POST", "POST /oauth/callback?code=x&state=STATE", "405"),
    ("HEAD", "HEAD /oauth/callback?code=x&state=STATE", "405"),
    ("OPTIONS", "OPTIONS /oauth/callback?code=x&state=STATE", "405"),
  ])
  func `another request is refused, and the wait goes on`(name: String, line: String, status: String) throws {
    let waiting = try WaitingServer(for: state)
    let target = line.replacing("STATE", with: state).replacing("HOST", with: waiting.host)
    let page = waiting.send("\(target) HTTP/1.1\r\nHost: \(waiting.host)\r\n\r\n")
    #expect(page.status.hasPrefix("HTTP/1.1 \(status) "))
    #expect(!page.body.contains("x"))
    _ = waiting.get(good)
    #expect(try waiting.outcome() == .code("the-code"))
  }

  @Test(arguments: [
    "Host: localhost:PORT", "Host: 127.0.0.1", "Host: 127.0.0.1:1", "Host: evil.example:PORT", "Host: [::1]:PORT",
    "Host: 127.0.0.1:PORT\r\nHost: 127.0.0.1:PORT", "Host: evil.example\r\nhost: 127.0.0.1:PORT", "Host:", "X: y",
  ])
  func `a request to another name for this address is refused`(headers: String) throws {
    let waiting = try WaitingServer(for: state)
    let lines = headers.replacing("PORT", with: "\(waiting.port)")
    #expect(waiting.send("GET \(good) HTTP/1.1\r\n\(lines)\r\n\r\n").status == "HTTP/1.1 400 Bad Request")
    _ = waiting.get(good)
    #expect(try waiting.outcome() == .code("the-code"))
  }

  @Test(arguments: [
    "GARBAGE\r\n\r\n", "\r\n\r\n", "GET  /oauth/callback HTTP/1.1\r\n\r\n", "GET / HTTP/2\r\n\r\n",
    "GET /oauth/callback?code=x&state=STATE\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n",
  ])
  func `what is no request is refused`(text: String) throws {
    let waiting = try WaitingServer(for: state)
    #expect(waiting.send(text.replacing("STATE", with: state)).status == "HTTP/1.1 400 Bad Request")
    _ = waiting.get(good)
    #expect(try waiting.outcome() == .code("the-code"))
  }

  @Test func `a query that is too long is refused, and what it says is not read`() throws {
    let waiting = try WaitingServer(for: state)
    let head = "GET /oauth/callback?state=\(state)&code="
    #expect(waiting.send(head + String(repeating: "x", count: 8_193 - head.count)).status.contains(" 431 "))
    _ = waiting.send(
      "GET \(good)&x=\(String(repeating: "x", count: 1 << 20)) HTTP/1.1\r\nHost: \(waiting.host)\r\n\r\n")
    _ = waiting.get(good)
    #expect(try waiting.outcome() == .code("the-code"))
  }

  @Test func `a request that comes in pieces is put together`() throws {
    let waiting = try WaitingServer(for: state)
    let client = waiting.connect()
    for byte in "GET \(good) HTTP/1.1\r\nHost: \(waiting.host)\r\n\r\n".utf8 { client.write([byte]) }
    #expect(client.answer().status == "HTTP/1.1 200 OK")
    #expect(try waiting.outcome() == .code("the-code"))
  }

  @Test func `a client that sends nothing more is dropped after its time, and keeps nobody waiting`() throws {
    let waiting = try WaitingServer(for: state, requestTimeout: .milliseconds(50))
    let slow = waiting.connect()
    slow.write(Array("GET \(good)".utf8))
    #expect(slow.answer() == RawAnswer(""))
    // On a busy machine its time may be too short for this one too.
    #expect(eventually { waiting.get(good).status == "HTTP/1.1 200 OK" })
    #expect(try waiting.outcome() == .code("the-code"))
  }

  @Test func `of too many connections the oldest has to go`() throws {
    let waiting = try WaitingServer(for: state)
    let idle = (0..<9).map { _ in waiting.connect() }
    #expect(idle[0].answer() == RawAnswer(""))
    _ = waiting.get(good)
    #expect(try waiting.outcome() == .code("the-code"))
  }

  @Test func `of two sign-ins at once each gets its own code`() throws {
    let other = "00000000-0000-4000-8000-000000000000"
    let first = try WaitingServer(for: state)
    let second = try WaitingServer(for: other)
    #expect(first.get("/oauth/callback?code=b&state=\(other)").status.contains(" 400 "))
    #expect(second.get("/oauth/callback?code=a&state=\(state)").status.contains(" 400 "))
    _ = first.get("/oauth/callback?code=a&state=\(state)")
    _ = second.get("/oauth/callback?code=b&state=\(other)")
    #expect(try first.outcome() == .code("a"))
    #expect(try second.outcome() == .code("b"))
  }

  @Test func `a code that comes too late finds nobody`() throws {
    let waiting = try WaitingServer(for: state, timeout: .zero)
    #expect(try waiting.outcome() == .failed(.timedOut))
    #expect(waiting.get(good) == RawAnswer(""))
  }

  @Test func `the redirect URI names the address and the port that listens`() throws {
    let server = try CallbackServer()
    #expect(server.url.wholeMatch(of: /http:\/\/127\.0\.0\.1:\d+\/oauth\/callback/) != nil)
  }
}

// MARK: - Clients

/// A callback server that waits in a thread of its own.
private final class WaitingServer: Sendable {
  enum Outcome: Equatable {
    case code(String?)
    case failed(CallbackError)
  }

  let port: Int
  private let end = DispatchSemaphore(value: 0)
  private let result = Mutex<Outcome?>(nil)

  init(
    for state: String, timeout: Duration = .seconds(60), requestTimeout: Duration = .seconds(60)
  ) throws {
    let server = try CallbackServer(requestTimeout: requestTimeout)
    port = try #require(Int(server.url.dropFirst(17).prefix { $0 != "/" }))
    let box = Box(server)
    Thread.detachNewThread { [self] in
      let outcome: Outcome
      do {
        outcome = .code(try box.take()?.code(for: state, until: .now + timeout).revealed())
      } catch {
        outcome = (error as? CallbackError).map { .failed($0) } ?? .code(nil)
      }
      result.withLock { $0 = outcome }
      end.signal()
    }
  }

  var host: String { "127.0.0.1:\(port)" }

  func outcome() throws -> Outcome {
    try #require(end.wait(timeout: .now() + 60) == .success)
    return try #require(result.withLock { $0 })
  }

  func connect() -> RawClient { RawClient(port: port) }

  func get(_ target: String) -> RawAnswer { send("GET \(target) HTTP/1.1\r\nHost: \(host)\r\nAccept: */*\r\n\r\n") }

  func send(_ text: String) -> RawAnswer {
    let client = connect()
    client.write(Array(text.utf8))
    return client.answer()
  }
}

/// Hands a value that cannot be copied to another thread.
private final class Box: @unchecked Sendable {
  private var value: CallbackServer?

  init(_ value: consuming CallbackServer) { self.value = consume value }

  func take() -> CallbackServer? { value.take() }
}
