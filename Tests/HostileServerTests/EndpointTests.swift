import Glibc
import TestSupport
import Testing

/// Endpoints that are not what they seem (N15): a server on loopback would see every packet that is sent.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "needs gnome-keyring and dbus"))
struct EndpointTests {
  @Test func `an endpoint that is unsafe or misleading is refused before a packet is sent`() throws {
    let customer = try Customer()
    let server = LoopbackServer()
    let port = server.port
    for (endpoint, words) in Self.insecure(port) + Self.misleading(port) {
      let outcome = try customer.run(["credential-process", "alice"], at: endpoint)
      Tally.record(endpoint, Verdict.refused(65, words).problems(of: outcome))
    }
    let requests = server.requests().count
    Tally.record("packets", requests == 0 ? [] : ["\(requests) connections"])
  }

  @Test func `plain http to loopback is allowed`() throws {
    let customer = try Customer()
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "127.8.9.10", "[::1]"] {
      let server = LoopbackServer(always: .answer(SessionAnswer().bytes))
      let outcome = try customer.run(["credential-process", "alice"], at: "http://\(host):\(server.port)")
      _ = server.requests()
      // Only 127.0.0.1 is listened on; elsewhere nobody is found, which takes being asked.
      let isAsked = outcome.errorText.contains("no connection to") || outcome.status == .exited(0)
      Tally.record("http://\(host)", isAsked ? [] : [outcome.errorText])
    }
  }

  private static func insecure(_ port: Int) -> [(String, String)] {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count)
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return [
      "http://0.0.0.0:\(port)", "http://192.0.2.1:\(port)", "http://169.254.169.254", "http://sts.amazonaws.com",
      "http://\(host):\(port)", "http://127.0.0.1.example.com:\(port)", "http://localhost.example:\(port)",
      "http://[::]:\(port)", "http://[::ffff:127.0.0.1]:\(port)", "http://[2001:db8::1]",
    ].map { ($0, "plain http") }
  }

  private static func misleading(_ port: Int) -> [(String, String)] {
    let hosts = [
      "http://2130706433:\(port)", "http://0x7f000001:\(port)", "http://0177.0.0.1:\(port)", "http://127.1:\(port)",
      "http://0x7f.1:\(port)", "https://2130706433:\(port)", "https://st\u{455}.amazonaws.com",
      "https://127.0.0.1\u{3002}example", "https://[127.0.0.1]", "https://[::1%25lo]", "https://", "https://a..b",
      "https://-x.example",
    ].map { ($0, "its host is no name") }
    let users = [
      "https://user:secret@127.0.0.1:\(port)", "https://sts.amazonaws.com@127.0.0.1:\(port)",
      "https://sts.amazonaws.com:443@127.0.0.1:\(port)",
    ].map { ($0, "names a user") }
    let schemes = ["ftp://127.0.0.1:\(port)", "file:///etc/passwd", "127.0.0.1:\(port)", "//127.0.0.1:\(port)"]
      .map { ($0, "neither http nor https") }
    let rest = [
      ("https://127.0.0.1:\(port)/?x=1", "it has a query"), ("https://127.0.0.1:\(port)/#x", "fragment"),
      ("https://127.0.0.1:99999", "its port"), ("https://127.0.0.1:\(port)/\u{1b}[2J", "percent-encoded"),
      ("https://127.0.0.1:\(port)/ x", "percent-encoded"), ("https://127.0.0.1:", "its port"),
    ]
    return hosts + users + schemes + rest
  }
}
