import Glibc
import HTTP
import Secrets
import TestSupport
import Testing

@Suite(.waiting)
struct TLSTests {
  @Test(arguments: ["TLSv1_2", "TLSv1_3"], ["localhost", "127.0.0.1"])
  func `a certificate in the CA bundle is accepted`(version: String, host: String) throws {
    let folder = ScratchFolder()
    let server = try TLSServer(in: folder, version: version)
    let response = try Self.send(server, host: host, caBundle: server.certificate)
    let body = response.body.revealed()
    #expect(body == "hi")
  }

  @Test func `a certificate that nobody vouches for is refused`() throws {
    let folder = ScratchFolder()
    let server = try TLSServer(in: folder)
    try Self.expectRefusal(server, caBundle: nil, reason: "certificate")
  }

  @Test func `the CA bundle replaces the system's authorities and is no addition to them`() throws {
    let (folder, other) = (ScratchFolder(), ScratchFolder())
    let server = try TLSServer(in: folder)
    try Self.expectRefusal(server, caBundle: try TLSServer(in: other).certificate, reason: "certificate")
  }

  @Test func `a certificate for another name is refused`() throws {
    let folder = ScratchFolder()
    var other = Certificate()
    other.names = "DNS:sts.amazonaws.com"
    let server = try TLSServer(in: folder, other)
    try Self.expectRefusal(server, caBundle: server.certificate, reason: "subject")
  }

  @Test(arguments: ["TLSv1_1", "TLSv1"]) func `TLS before 1.2 is refused`(version: String) throws {
    let folder = ScratchFolder()
    let server = try TLSServer(in: folder, version: version)
    try Self.expectRefusal(server, caBundle: server.certificate, reason: "protocol version")
  }

  @Test func `no version before 1.2 is offered, and HTTP 1.1 only`() throws {
    let server = LoopbackServer(.listen)
    #expect(throws: HTTPError.self) { try Self.send(port: server.port) }
    let hello = server.requestBytes()[0]
    // Extension 43, supported_versions: 1.3 and 1.2 (RFC 8446, 4.2.1); extension 16, ALPN (RFC 7301).
    #expect(hello.contains([0, 43, 0, 5, 4, 3, 4, 3, 3]))
    #expect(hello.contains([0, 16, 0, 11, 0, 9, 8] + "http/1.1".utf8))
  }

  @Test(arguments: ["absent.pem", "empty.pem", "garbage.pem", ".", "pipe"])
  func `a CA bundle that cannot be used is an error, not a reason to trust others`(name: String) throws {
    let folder = ScratchFolder()
    let server = try TLSServer(in: folder)
    folder.write("", to: "empty.pem")
    folder.write("garbage\n", to: "garbage.pem")
    try #require(mkfifo(folder.path("pipe"), 0o600) == 0)
    #expect(throws: HTTPError.caBundleUnreadable(path: folder.path(name))) {
      _ = try Self.send(server, host: "localhost", caBundle: folder.path(name))
    }
  }

  @Test func `an answer in clear is no TLS`() throws {
    let server = LoopbackServer(.greet(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)))
    let error = #expect(throws: HTTPError.self) { try Self.send(port: server.port) }
    #expect(error?.isAboutTLS == true)
  }

  @Test func `a connection that ends during the handshake sent no request`() throws {
    let server = LoopbackServer(.listen)
    let error = #expect(throws: HTTPError.self) { try Self.send(port: server.port) }
    #expect(error == .cannotConnect(host: "localhost"))
  }

  @Test func `a handshake that never ends has the connect time, and sent no request`() throws {
    let server = LoopbackServer(.stall([]))
    let error = #expect(throws: HTTPError.self) { try Self.send(port: server.port, connect: .seconds(1)) }
    #expect(error == .connectTimedOut(host: "localhost", seconds: 1))
  }

  private static func expectRefusal(_ server: TLSServer, caBundle: String?, reason: String) throws {
    let error = #expect(throws: HTTPError.self) {
      _ = try send(server, host: "localhost", caBundle: caBundle)
    }
    guard case .tls(host: "localhost", let said) = error else {
      Issue.record("refused by \(String(describing: error))")
      return
    }
    #expect(said.contains(reason))
  }

  private static func send(_ server: TLSServer, host: String, caBundle: String?) throws -> HTTPResponse {
    let url = URLText(scheme: .https, host: host, port: server.port)
    return try CurlTransport(userAgent: "daypass/test", caBundle: caBundle).send(HTTPRequest(method: .get, url: url))
  }

  private static func send(port: Int, connect: Duration = .seconds(5)) throws {
    var timeouts = CurlTransport.Timeouts()
    timeouts.connect = connect
    let url = URLText(scheme: .https, host: "localhost", port: port)
    _ = try CurlTransport(userAgent: "daypass/test", timeouts: timeouts).send(HTTPRequest(method: .get, url: url))
  }
}

extension HTTPError {
  fileprivate var isAboutTLS: Bool {
    if case .tls = self { true } else { false }
  }
}
