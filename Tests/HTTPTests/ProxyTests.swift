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
    #expect(
      proxy.requests() == [
        "CONNECT sts.invalid:443 HTTP/1.1\r\nHost: sts.invalid:443\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n"
          + "User-Agent: daypass/test\r\nProxy-Connection: Keep-Alive\r\n\r\n"
      ])
  }

  @Test(arguments: ["", "HTTP/1.1 200", "garbage\r\n\r\n"])
  func `a proxy that gives up is distinguished from the host`(answer: String) {
    let proxy = LoopbackServer(answer: answer)
    let error = #expect(throws: HTTPError.self) { try Self.send("127.0.0.1:\(proxy.port)") }
    #expect(error?.isAboutProxy == true)
  }

  @Test func `a proxy that nobody runs is distinguished from the host`() {
    let (descriptor, port) = LoopbackServer.listen(room: nil)
    defer { close(descriptor) }
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

// MARK: - Proxy settings tests

struct ProxySettingsTests {
  @Test(arguments: [
    (["https_proxy": "http://p.example:3128"], "http://p.example:3128"),
    (["HTTPS_PROXY": "p.example:3128"], "http://p.example:3128"), (["HTTPS_PROXY": "p.example"], "http://p.example:80"),
    (["https_proxy": "http://a.example", "HTTPS_PROXY": "http://b.example"], "http://a.example:80"),
    (["https_proxy": "", "HTTPS_PROXY": "http://b.example"], "http://b.example:80"),
    (["ALL_PROXY": "socks5h://p.example"], "socks5h://p.example:1080"),
    (["all_proxy": "http://a.example", "HTTPS_PROXY": "http://b.example/"], "http://b.example:80"),
    (["https_proxy": "http://user:p%40ss@[2001:db8::1]:1"], "http://[2001:db8::1]:1"),
    (["http_proxy": "http://p.example", "HTTP_PROXY": "http://p.example"], nil), ([:], nil),
  ])
  func `the proxy is the first that the environment names`(environment: [String: String], origin: String?) throws {
    let proxy = try ProxySettings(environment: environment).proxy(for: Self.url("sts.amazonaws.com"))
    #expect(proxy?.origin == origin)
  }

  @Test(arguments: [
    ("*", "h.example", true), ("h.example", "h.example", true), ("h.example", "a.h.example", true),
    (".h.example", "a.h.example", true), (".h.example", "h.example", true), ("h.example", "ah.example", false),
    ("H.EXAMPLE", "h.example", true), ("x.example, h.example", "h.example", true),
    ("x.example h.example", "h.example", true),
    ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/8", "11.1.2.3", false), ("10.1.2.3", "10.1.2.3", true),
    ("0.0.0.0/0", "10.1.2.3", true), ("10.0.0.0/33", "10.1.2.3", false), ("10.0.0.0/", "10.1.2.3", false),
    ("2001:db8::/32", "[2001:db8::7]", true), ("[2001:db8::7]", "[2001:db8::7]", true),
    ("2001:db8::/32", "[2001:db9::7]", false), ("2.3", "10.1.2.3", false), ("", "h.example", false),
    (".", "h.example", false),
  ])
  func `exceptions are names, addresses, networks or all`(exceptions: String, host: String, isDirect: Bool) throws {
    for variable in ["no_proxy", "NO_PROXY"] {
      let settings = ProxySettings(environment: ["ALL_PROXY": "http://p.example", variable: exceptions])
      #expect(try (settings.proxy(for: Self.url(host)) == nil) == isDirect)
    }
  }

  @Test(arguments: ["127.0.0.1", "127.9.9.9", "localhost", "[::1]"])
  func `loopback is never proxied`(host: String) throws {
    let settings = ProxySettings(environment: ["ALL_PROXY": "http://p.example"])
    #expect(try settings.proxy(for: Self.url(host)) == nil)
  }

  @Test(arguments: [
    "ftp://p.example", "http://", "p.example:x", "http://u:p@", "http://p .example", "http://p.example\n",
  ])
  func `a proxy that is none is an error that keeps its value to itself`(value: String) {
    let settings = ProxySettings(environment: ["HTTPS_PROXY": value])
    #expect(throws: HTTPError.invalidProxy(variable: "HTTPS_PROXY")) {
      try settings.proxy(for: Self.url("sts.amazonaws.com"))
    }
  }

  private static func url(_ host: String) -> URLText { URLText(scheme: .https, host: host) }
}
