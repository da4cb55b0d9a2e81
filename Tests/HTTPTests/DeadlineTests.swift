import CTestSupport
import Glibc
import HTTP
import Secrets
import Synchronization
import TestSupport
import Testing

/// Requests that are held in one phase for ever, by whoever can.
@Suite(.timeLimit(.minutes(1)))
struct DeadlineTests {
  @Test(arguments: HeldPhase.allCases)
  func `a request held in any phase ends at its deadline`(phase: HeldPhase) throws {
    let held = HeldRequest(in: phase)
    defer { held.release() }
    var timeouts = CurlTransport.Timeouts()
    // What is expected of a connection depends on its having come about in time.
    timeouts.total = phase.isConnected ? .seconds(1) : .milliseconds(200)
    timeouts.connect = timeouts.total
    let expected: HTTPError =
      phase.isConnected ? .timedOut(host: held.host, seconds: 1) : .connectTimedOut(host: held.host, seconds: 1)
    #expect(throws: expected) { try held.send(timeouts) }
  }

  @Test(arguments: HeldPhase.allCases)
  func `a request held in any phase ends when it is interrupted`(phase: HeldPhase) throws {
    let held = HeldRequest(in: phase)
    defer { held.release() }
    let looks = Atomic(0)
    #expect(throws: HTTPError.givenUp(host: held.host)) {
      try held.send { looks.add(1, ordering: .relaxed).oldValue >= 2 }
    }
  }

  @Test(arguments: HeldPhase.allCases)
  func `a long wait is noticed once in any phase, with its host`(phase: HeldPhase) throws {
    let held = HeldRequest(in: phase)
    defer { held.release() }
    var timeouts = CurlTransport.Timeouts()
    timeouts.notice = .milliseconds(1)
    let hosts = Mutex<[String]>([])
    let looks = Atomic(0)
    #expect(throws: HTTPError.givenUp(host: held.host)) {
      try held.send(timeouts) {
        looks.add(1, ordering: .relaxed).oldValue >= 4
      } noticeLongWait: { host in
        hosts.withLock { $0.append(host) }
      }
    }
    #expect(hosts.withLock { $0 } == [held.host])
  }

  @Test func `a request may be given less time than the transport has`() {
    let held = HeldRequest(in: .head)
    defer { held.release() }
    #expect(throws: HTTPError.timedOut(host: held.host, seconds: 1)) { try held.send(timeout: .seconds(1)) }
  }

  @Test func `an answer that comes soon is no long wait`() throws {
    let server = LoopbackServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    let transport = CurlTransport(
      userAgent: "daypass/test", noticeLongWait: { Issue.record("noticed a wait for \($0)") })
    let response = try transport.send(HTTPRequest(method: .get, url: CurlTransportTests.url(server)))
    #expect(response.status == 200)
  }
}

// MARK: - Held request

/// Where a request hangs.
enum HeldPhase: CaseIterable {
  case resolve, connect
  case tunnel, tunnelRefusal, tunnelRefusalInChunks, slowTunnelRefusal
  case handshake, handshakeInTunnel
  case head, partialHead, slowHead, body, slowBody, trailers

  /// Whether the request can have been sent.
  var isConnected: Bool {
    switch self {
    case .resolve, .connect, .tunnel, .tunnelRefusal, .tunnelRefusalInChunks, .slowTunnelRefusal, .handshake,
      .handshakeInTunnel:
      false
    case .head, .partialHead, .slowHead, .body, .slowBody, .trailers: true
    }
  }
}

/// A request, and the server that holds it.
final class HeldRequest {
  private let url: URLText
  private let server: LoopbackServer?
  private let listener: FullListener?
  private var proxies = ProxySettings.none

  private static let refusal = "HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic realm=x\r\n"
  private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
  private static let page = [UInt8](repeating: 0x78, count: 65_536)

  init(in phase: HeldPhase) {
    let step = Self.step(phase)
    server = step.map { LoopbackServer(always: $0) }
    listener = phase == .connect ? FullListener() : nil
    let port = server?.port ?? listener?.port
    switch phase {
    case .resolve: url = URLText(scheme: .https, host: String(cString: test_held_host()))
    case .handshake: url = URLText(scheme: .https, host: "127.0.0.1", port: port)
    case .tunnel, .tunnelRefusal, .tunnelRefusalInChunks, .slowTunnelRefusal, .handshakeInTunnel:
      url = URLText(scheme: .https, host: "sts.invalid")
      proxies = ProxySettings(environment: ["https_proxy": "http://127.0.0.1:\(port ?? 0)"])
    case .connect, .head, .partialHead, .slowHead, .body, .slowBody, .trailers:
      url = URLText(scheme: .http, host: "127.0.0.1", port: port)
    }
  }

  private static func step(_ phase: HeldPhase) -> LoopbackServer.Step? {
    func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    return switch phase {
    case .resolve, .connect: nil
    case .tunnel, .head: .stall([])
    case .tunnelRefusal: .flood(head: refusal + "Content-Length: 99999999999\r\n\r\n", page)
    case .tunnelRefusalInChunks:
      .flood(head: refusal + "Transfer-Encoding: chunked\r\n\r\n", bytes("10000\r\n") + page + bytes("\r\n"))
    case .slowTunnelRefusal: .trickle(after: bytes(refusal + "Content-Length: 99999999999\r\n\r\n"))
    case .handshake: .hold
    case .handshakeInTunnel: .stall(bytes("HTTP/1.1 200 OK\r\n\r\n"))
    case .partialHead: .stall(bytes("HTTP/1.1 200 OK\r\nConte"))
    case .slowHead: .trickle(after: bytes("HTTP/1.1 200 OK\r\nX: "))
    case .body: .stall(bytes("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"))
    case .slowBody: .trickle(after: bytes("HTTP/1.1 200 OK\r\n\r\nhalf"))
    case .trailers: .trickle(after: bytes(chunked + "4\r\nhalf\r\n0\r\nX: "))
    }
  }

  var host: String { url.host }

  func send(
    _ timeouts: CurlTransport.Timeouts = CurlTransport.Timeouts(), timeout: Duration? = nil,
    until isGivenUp: @escaping @Sendable () -> Bool = { false },
    noticeLongWait: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    let transport = CurlTransport(
      userAgent: "daypass/test", proxies: proxies, timeouts: timeouts, isGivenUp: isGivenUp,
      noticeLongWait: noticeLongWait)
    var request = HTTPRequest(method: .post, url: url, body: SecretBytes(copying: "Action=X"))
    request.timeout = timeout
    _ = try transport.send(request)
  }

  /// Ends the server.
  func release() { _ = server?.requests() }
}

/// A socket on 127.0.0.1 that listens and has no room for another connection.
private final class FullListener {
  let port: Int
  private var sockets: [Int32]

  init() {
    let (listener, port) = LoopbackServer.listen(room: 0)
    (self.port, sockets) = (port, [listener])
    for _ in 0..<4 { sockets.append(LoopbackServer.beginConnection(to: port)) }
  }

  deinit {
    for socket in sockets { close(socket) }
  }
}
