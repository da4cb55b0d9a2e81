import Glibc
import TestSupport
import Testing

/// Endpoints that are not what they seem: a server on loopback would see every packet that is sent.
@Suite(.keyring)
struct EndpointTests {
  @Test func `an endpoint that is unsafe or misleading is refused before a packet is sent`() throws {
    let user = try TestUser()
    let server = LoopbackServer()
    let port = server.port
    for (endpoint, words) in Self.insecure(port) + Self.misleading(port) {
      let outcome = try user.run(["credential-process", "alice"], at: endpoint)
      Tally.record(endpoint, Verdict.refused(65, words).problems(of: outcome))
    }
    let requests = server.requests().count
    Tally.record("packets", requests == 0 ? [] : ["\(requests) connections"])
  }

  @Test func `plain http to loopback is allowed`() throws {
    let user = try TestUser()
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "127.8.9.10", "[::1]"] {
      let server = LoopbackServer(always: .answer(SessionAnswer().bytes))
      let outcome = try user.run(["credential-process", "alice"], at: "http://\(host):\(server.port)")
      _ = server.requests()
      // Only 127.0.0.1 is listened on; elsewhere nobody is found, which takes being asked.
      let isAsked = outcome.errorText.contains("cannot connect to") || outcome.status == .exited(0)
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
    ].map { ($0, "its host is neither a name") }
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

// MARK: - Terminal tests

/// Text of a server that would take over a terminal.
@Suite(.keyring)
struct TerminalTests {
  /// Set the title, clear, ask for the title, a link, the clipboard, a device string; C1; bidi; overwriting.
  private static let escapes = [
    "\u{1b}]0;owned\u{7}", "\u{1b}[2J", "\u{1b}[21t", "\u{1b}]8;;http://example.com\u{1b}\\here\u{1b}]8;;\u{1b}\\",
    "\u{1b}]52;c;cHduZWQ=\u{7}", "\u{1b}P$q\"p\u{1b}\\", "\u{9b}2J", "\u{9d}0;owned\u{9c}", "\u{202e}txt.exe",
    "\u{2066}a\u{2069}", "\rdaypass: all is well", "a\u{8}\u{8}\u{8}b", "\u{200b}\u{feff}\u{2028}\u{2029}", "\u{e0041}",
  ]

  @Test func `an error's words reach no terminal raw`() throws {
    let user = try TestUser()
    for text in Self.escapes {
      // What XML cannot hold breaks the document.
      let isXML = !text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\r" }
      let verdict = isXML ? Verdict.refused(77, "AWS denied access") : .refused(1, "is unusable: ErrorResponse")
      let answer = SessionAnswer.http(Self.denial(text), status: "403 Forbidden")
      try HostileCase("error with \(text.debugDescription)", .answer(answer), verdict).check(user)
    }
  }

  @Test func `a page's bytes and headers reach no terminal raw`() throws {
    let user = try TestUser()
    for text in Self.escapes {
      let isHeader = !text.contains("\r")
      let answer = SessionAnswer.http("\(text)<html>", type: isHeader ? "text/\(text)" : "text/html")
      try HostileCase(
        "page with \(text.debugDescription)", .answer(answer), .refused(75, "the reply did not come from AWS")
      ).check(user)
    }
  }

  @Test func `names and numbers of an identity reach no terminal raw`() throws {
    let user = try TestUser()
    for text in ["\u{9b}2J", "\u{202e}x", "\u{200b}", "\u{9d}0;x\u{9c}"] {
      let identity = """
        <GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/\(text)</Arn>\
        <UserId>AIDA\(text)</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
        """
      let refused = HostileCase("identity with \(text.debugDescription)", body: identity, .refused(1, "is unusable"))
      try refused.check(user, ["whoami", "alice", "--no-session"])
    }
  }

  @Test func `an error as long as an answer can be is one line of bounded length`() throws {
    let answer = SessionAnswer.http(Self.denial(String(repeating: "long ", count: 90_000)), status: "403 Forbidden")
    let server = LoopbackServer(always: .answer(answer))
    let outcome = try TestUser().run(["credential-process", "alice"], at: "http://127.0.0.1:\(server.port)")
    _ = server.requests()
    var problems = Verdict.refused(77, "AWS denied access").problems(of: outcome)
    if outcome.errors.count > 4_000 { problems.append("\(outcome.errors.count) bytes") }
    Tally.record("an error of 900 KB", problems)
  }

  @Test func `a terminal sees no byte of control but line ends`() throws {
    let user = try TestUser()
    for text in [Self.escapes.prefix(3), Self.escapes[3..<6], Self.escapes[6...]].map({ $0.joined() }) {
      let server = LoopbackServer(always: .answer(SessionAnswer.http("\(text)<html>", type: "text/html")))
      let seen = try user.runOnTerminal(["whoami", "alice"], at: "http://127.0.0.1:\(server.port)")
      _ = server.requests()
      let controls = seen.unicodeScalars.filter {
        $0.properties.generalCategory == .control && $0 != "\r" && $0 != "\n"
      }
      let problems = controls.isEmpty && seen.contains("did not come from AWS") ? [] : [seen.debugDescription]
      Tally.record("on a terminal: \(text.debugDescription)", problems)
    }
  }

  private static func denial(_ text: String) -> String {
    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>\(text)</Message></Error>"
      + "<RequestId>\(text)</RequestId></ErrorResponse>"
  }
}
