import Foundation
import Glibc
import HTTP
import Secrets
import TestSupport
import Testing

/// Each test is a process of its own, because libcurl reads the environment when it is first used.
struct HostileEnvironmentTests {
  @Test func `no TLS key is written where SSLKEYLOGFILE says`() async throws {
    let folder = ScratchFolder()
    let keyLog = folder.path("keys")
    let server = try TLSServer(in: folder)
    let (port, bundle) = (server.port, server.certificate)
    await #expect(processExitsWith: .success) {
      [keyLog = keyLog as String, port = port as Int, bundle = bundle as String] in
      setenv("SSLKEYLOGFILE", keyLog, 1)
      let transport = CurlTransport(userAgent: "daypass/test", caBundle: bundle)
      let url = URLText(scheme: .https, host: "localhost", port: port)
      let response = try transport.send(HTTPRequest(method: .get, url: url))
      #expect(response.status == 200)
    }
    #expect(!FileManager.default.fileExists(atPath: keyLog))
  }

  @Test func `loopback is never proxied, whatever the environment says`() async throws {
    await #expect(processExitsWith: .success) {
      let proxy = LoopbackServer()
      let server = LoopbackServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        setenv(name, "http://127.0.0.1:\(proxy.port)", 1)
      }
      setenv("no_proxy", "", 1)
      let proxies = ProxySettings(environment: ProcessInfo.processInfo.environment)
      let transport = CurlTransport(userAgent: "daypass/test", proxies: proxies)
      let response = try transport.send(HTTPRequest(method: .get, url: CurlTransportTests.url(server)))
      #expect(response.status == 200)
      #expect(proxy.requests().isEmpty)
    }
  }

  @Test func `what netrc and curlrc hold is not used`() async throws {
    let folder = ScratchFolder()
    folder.write("default login made-up password made-up\n", to: ".netrc")
    folder.write("header = \"X-Curlrc: 1\"\n", to: ".curlrc")
    let home = folder.path
    await #expect(processExitsWith: .success) { [home = home as String] in
      setenv("HOME", home, 1)
      setenv("CURL_HOME", home, 1)
      let server = LoopbackServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      _ = try CurlTransportTests.post(server, "x")
      #expect(!server.requests()[0].contains("Authorization"))
      #expect(!server.requests()[0].contains("X-Curlrc"))
    }
  }
}
