import Glibc
import HTTP
import Secrets
import TestSupport
import Testing

/// Requests to a host that does not exist, by a proxy on loopback.
struct ProxyTests {
  @Test func `a proxy is asked for a tunnel and told nothing but the host`() throws {
    let proxy = LoopbackServer(answer: "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
    let error = #expect(throws: HTTPError.self) { try Self.send("http://user:p%40ss@127.0.0.1:\(proxy.port)") }
    #expect(error == .proxy(reason: "CONNECT tunnel failed, response 403"))
    #expect(error?.mayHaveBeenSent == false)
    #expect(
      proxy.requests() == [
        "CONNECT sts.invalid:443 HTTP/1.1\r\nHost: sts.invalid:443\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n"
          + "User-Agent: daypass/test\r\nProxy-Connection: Keep-Alive\r\n\r\n"
      ])
  }

  @Test(arguments: ["", "HTTP/1.1 200", "garbage\r\n\r\n"])
  func `a proxy that gives up is told from the host`(answer: String) {
    let proxy = LoopbackServer(answer: answer)
    let error = #expect(throws: HTTPError.self) { try Self.send("127.0.0.1:\(proxy.port)") }
    #expect(error?.isAboutProxy == true)
    #expect(error?.mayHaveBeenSent == false)
  }

  @Test func `a proxy that nobody runs is told from the host`() {
    let (descriptor, port) = LoopbackServer.listen()
    close(descriptor)
    let error = #expect(throws: HTTPError.self) { try Self.send("127.0.0.1:\(port)") }
    #expect(error?.isAboutProxy == true)
  }

  private static func send(_ proxy: String) throws {
    let proxies = ProxySettings(environment: ["HTTPS_PROXY": proxy])
    let secret = HTTPRequest.SecretHeader("X-Amz-Security-Token", SecretBytes(copying: "TOKEN"))
    let url = URLText(scheme: .https, host: "sts.invalid")
    let request = HTTPRequest(
      method: .post, url: url, headers: [HTTPRequest.Header("Authorization", "made-up")], secretHeader: secret)
    _ = try CurlTransport(userAgent: "daypass/test", proxies: proxies).send(request)
  }
}

extension HTTPError {
  fileprivate var isAboutProxy: Bool {
    if case .proxy = self { true } else { false }
  }
}
