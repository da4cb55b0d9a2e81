import TestSupport
import Testing

/// Variables and files that redirect other programs (N6).
@Suite(.enabled(if: PrivateKeyring.isInstalled, "needs gnome-keyring and dbus"))
struct RedirectingEnvironmentTests {
  @Test func `loopback is never proxied`() throws {
    let customer = try Customer()
    let proxy = LoopbackServer()
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
      let server = LoopbackServer(always: .answer(SessionAnswer().bytes))
      let outcome = try customer.run(
        ["credential-process", "alice"], at: "http://127.0.0.1:\(server.port)",
        with: [name: "http://127.0.0.1:\(proxy.port)", "NO_PROXY": "", "no_proxy": ""])
      _ = server.requests()
      Tally.record(name, Verdict.served.problems(of: outcome))
    }
    let proxied = proxy.requests().count
    Tally.record("requests to the proxy", proxied == 0 ? [] : ["\(proxied)"])
  }

  @Test func `a proxy learns nothing but the host, and http_proxy is not asked`() throws {
    let customer = try Customer()
    let proxy = LoopbackServer(always: .answer(Array("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n".utf8)))
    let url = "http://127.0.0.1:\(proxy.port)"
    let asked = try customer.run(
      ["credential-process", "alice"], at: "https://sts.invalid",
      with: ["ALL_PROXY": url, "http_proxy": "http://x.invalid"])
    let unasked = try customer.run(
      ["credential-process", "alice"], at: "https://sts.invalid", with: ["http_proxy": url])
    let requests = proxy.requests()
    let isSilent = requests.count == 1 && !requests[0].contains("Authorization:") && !requests[0].contains("AKIA")
    Tally.record("ALL_PROXY", Verdict.refused(75, "the proxy failed").problems(of: asked))
    Tally.record("http_proxy for https", Verdict.refused(75, "no address is known").problems(of: unasked))
    Tally.record("what the proxy sees", isSilent ? [] : requests)
  }

  @Test func `netrc, curlrc and OpenSSL's configuration are not read`() throws {
    let customer = try Customer()
    customer.write("default login made-up password made-up\n", to: ".netrc")
    customer.write("header = \"X-Curlrc: 1\"\nproxy = \"http://127.0.0.1:1\"\n", to: ".curlrc")
    customer.write(
      "openssl_conf = init\n[init]\nengines = e\n[e]\nx = y\n[y]\ndynamic_path = /nonexistent.so\ninit = 1\n", to: "ssl"
    )
    for variables in [[:], ["CURL_HOME": customer.home], ["OPENSSL_CONF": customer.home + "/ssl"]] {
      let server = LoopbackServer(always: .answer(SessionAnswer().bytes))
      let outcome = try customer.run(
        ["credential-process", "alice"], at: "http://127.0.0.1:\(server.port)", with: variables)
      let request = server.requests().first ?? ""
      let isClean = !request.contains("Basic ") && !request.contains("X-Curlrc")
      Tally.record("files, \(variables)", Verdict.served.problems(of: outcome) + (isClean ? [] : [request]))
    }
  }
}
