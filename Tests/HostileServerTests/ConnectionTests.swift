import Foundation
import HTTP
import TestSupport
import Testing

@testable import AWSServices

/// Servers that stop, stall, break off or never end.
@Suite(.keyring)
struct BrokenConnectionTests {
  private static let good = SessionAnswer().bytes
  private static let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<GetSession".utf8)
  private static let page = [UInt8](repeating: 0x78, count: 65_536)
  private static let chunk = Array("10000\r\n".utf8) + page + Array("\r\n".utf8)

  @Test func `a server that breaks off in any way is reported in one line`() throws {
    let interrupted = Verdict.refused(75, "closed the connection before the reply was complete")
    try [
      HostileCase("closes without a byte", .answer([]), interrupted),
      HostileCase("stops in the head", .answer(Array(Self.good.prefix(20))), interrupted),
      HostileCase("stops in the body", .answer(Self.good.dropLast(100)), interrupted),
      HostileCase("resets without a byte", .reset(after: []), interrupted),
      HostileCase("resets in the body", .reset(after: Self.head), interrupted),
      HostileCase("half closes without a byte", .halfClose([]), interrupted),
      HostileCase("half closes in the head", .halfClose(Array(Self.good.prefix(20))), interrupted),
      HostileCase("half closes in the body", .halfClose(Self.head), interrupted),
      HostileCase("half closes after the answer", .halfClose(Self.good), .served),
      HostileCase("sends a byte at a time", .drip(Self.good), .served),
    ].check()
  }

  @Test func `a server that never ends its answer is cut at the limits`() throws {
    let body = Verdict.refused(1, "sent more than 1048576 bytes")
    let head = Verdict.refused(1, "sent more than 65536 bytes")
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    try [
      HostileCase("1 GB, announced", .flood(head: Self.announcing("1000000000"), Self.page), body),
      HostileCase("more than a number holds", .flood(head: Self.announcing("99999999999999999999"), Self.page), body),
      HostileCase("without a length", .flood(head: "HTTP/1.1 200 OK\r\n\r\n", Self.page), body),
      HostileCase("chunks for ever", .flood(head: chunked, Self.chunk), body),
      HostileCase("a header of 10 MB", .flood(head: "HTTP/1.1 200 OK\r\nX: ", Self.page), head),
      HostileCase("headers for ever", .flood(head: "HTTP/1.1 200 OK\r\n", Array("X-Header: 1\r\n".utf8)), head),
      HostileCase("interim answers for ever", .flood(head: "", Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)), head),
      HostileCase("trailers for ever", .flood(head: chunked + "0\r\n", Array("X-Trailer: 1\r\n".utf8)), head),
    ].check()
  }

  @Test func `what is packed or is no HTTP is refused`() throws {
    let packed = Verdict.refused(1, "compressed reply")
    let foreign = Verdict.refused(75, "the reply did not come from AWS")
    let notHTTP = Verdict.refused(1, "does not speak HTTP")
    let encodings = ["gzip", "br", "zstd", "deflate", "identity, gzip"].map { encoding in
      HostileCase(
        "Content-Encoding: \(encoding)",
        .answer(SessionAnswer.http(Self.gzip, headers: ["Content-Encoding: \(encoding)"])), packed)
    }
    let others = [
      HostileCase(
        "gzip as a transfer coding",
        .answer(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n".utf8)), packed),
      HostileCase("gzip without a word", .answer(SessionAnswer.http(Self.gzip)), foreign),
      HostileCase("SSH", .greet(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)), notHTTP),
      HostileCase("HTTP/0.9", .answer(Array("<html></html>".utf8)), notHTTP),
      HostileCase("HTTP/7", .answer(Array("HTTP/7.0 200 OK\r\n\r\n".utf8)), notHTTP),
    ]
    try (encodings + others).check()
  }

  @Test(.enabled(if: Installed.has("python3"), "python3 is not installed"))
  func `memory stays small whatever a server sends`() throws {
    let user = try TestUser()
    func peak(_ step: LoopbackServer.Step) -> Int {
      let server = LoopbackServer(always: step)
      defer { _ = server.requests() }
      return user.peakMemory(["credential-process", "alice"], at: "http://127.0.0.1:\(server.port)")
    }
    let usual = peak(.answer(SessionAnswer.http("<Error/>", status: "500 No")))
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    let hostile = peak(.flood(head: chunked, Self.chunk))
    publish(figure: "memory against an endless body, KiB above the usual", hostile - usual)
    Tally.record("memory", usual > 0 && hostile < usual + 16_384 ? [] : ["\(usual) KiB, then \(hostile) KiB"])
  }

  @Test(.enabled(if: Soak.isOn, "30 s each: make soak"))
  func `through the program the limit is 30 s`() throws {
    let user = try TestUser()
    for (name, step) in [("never answers", LoopbackServer.Step.stall([])), ("stalls", .trickle(after: Self.head))] {
      try HostileCase(name, step, .refused(75, "did not answer within 30 s")).check(user)
    }
  }

  @Test(.enabled(if: Soak.isOn, "5 s: make soak"))
  func `a proxy that refuses without end is given up like one that does not connect`() throws {
    let user = try TestUser()
    let head = "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 99999999999\r\n\r\n"
    let proxy = LoopbackServer(always: .flood(head: head, Self.page))
    let outcome = try user.run(
      ["whoami", "alice", "--no-session"], at: "https://sts.invalid",
      with: ["HTTPS_PROXY": "http://127.0.0.1:\(proxy.port)"])
    _ = proxy.requests()
    Tally.record("407 for ever", Verdict.refused(75, "cannot connect to sts.invalid within 5 s").problems(of: outcome))
  }

  @Test(.enabled(if: Soak.isOn, "30 s: make soak"))
  func `a terminal is told what is waited for`() throws {
    let server = LoopbackServer(always: .stall([]))
    let shown = try TestUser().runOnTerminal(
      ["whoami", "alice", "--no-session"], at: "http://127.0.0.1:\(server.port)")
    _ = server.requests()
    let isTold = shown.contains("daypass: waiting for 127.0.0.1")
    Tally.record("a long wait on a terminal", isTold ? [] : [shown])
  }

  private static func announcing(_ length: String) -> String { "HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n" }

  /// `hi`, by gzip(1).
  private static let gzip: [UInt8] = [
    0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0xcb, 0xc8, 0x04, 0, 0xac, 0x2a, 0x93, 0xd8, 0x02, 0, 0, 0,
  ]
}

// MARK: - Cut answer tests

/// A right answer that ends at each of its bytes.
@Suite(.waiting)
struct CutAnswerTests {
  @Test func `a reset at any byte is an interruption and never a session`() {
    let answer = SessionAnswer().bytes
    let cuts = answer.indices.map { LoopbackServer.Step.reset(after: Array(answer[..<$0])) }
    Self.expect(.http(.interrupted(host: "127.0.0.1")), cuts, "reset")
  }

  @Test func `an end at any byte is an interruption and never a session`() {
    let answer = SessionAnswer().bytes
    let cuts = answer.indices.map { LoopbackServer.Step.answer(Array(answer[..<$0])) }
    Self.expect(.http(.interrupted(host: "127.0.0.1")), cuts, "end")
  }

  @Test func `an answer without a length that ends at any byte of its body is never a session`() {
    let head = Array("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n".utf8)
    let document = SessionAnswer().document.trimmingSuffix { $0.isNewline }
    let body = Array(document.utf8)
    let server = LoopbackServer(script: body.indices.map { .answer(head + body[..<$0]) })
    var strange: [String] = []
    for end in body.indices {
      switch Caller(port: server.port).failure() {
      case .notAWS, .malformed: continue
      case let other: strange.append("at \(end): \(String(describing: other))")
      }
    }
    _ = server.requests()
    Tally.record("end without a length, at each of \(body.count) bytes", strange)
  }

  private static func expect(_ error: AWSError, _ cuts: [LoopbackServer.Step], _ name: String) {
    let server = LoopbackServer(script: cuts)
    var strange: [String] = []
    for end in cuts.indices {
      let failure = Caller(port: server.port).failure()
      if failure != error { strange.append("at \(end): \(String(describing: failure))") }
    }
    _ = server.requests()
    Tally.record("\(name) at each of \(cuts.count) bytes", strange)
  }
}

extension String {
  fileprivate func trimmingSuffix(while isUnwanted: (Character) -> Bool) -> String {
    String(dropLast(reversed().prefix(while: isUnwanted).count))
  }
}

// MARK: - Redirect tests

/// Redirects are not followed.
@Suite(.keyring)
struct RedirectTests {
  @Test func `no redirect is followed, and nobody else sees a request`() throws {
    let user = try TestUser()
    let other = LoopbackServer()
    let targets = [
      "http://127.0.0.1:\(other.port)/", "https://127.0.0.1:\(other.port)/", "http://localhost:\(other.port)/?x=1",
      "//127.0.0.1:\(other.port)/", "/", "file:///etc/passwd", "dict://127.0.0.1:\(other.port)/", "",
    ]
    for (index, status) in [301, 302, 303, 307, 308].enumerated() {
      for target in targets[index...] + targets[..<index].prefix(1) {
        let answer = SessionAnswer.http("", status: "\(status) Moved", headers: ["Location: \(target)"])
        try HostileCase("\(status) to \(target)", .answer(answer), .refused(75, "status \(status)")).check(user)
      }
    }
    let followed = other.requests().count
    Tally.record("requests elsewhere", followed == 0 ? [] : ["\(followed)"])
  }
}

// MARK: - Redirecting environment tests

/// Variables and files that redirect other programs.
@Suite(.keyring)
struct RedirectingEnvironmentTests {
  @Test func `loopback is never proxied`() throws {
    let user = try TestUser()
    let proxy = LoopbackServer()
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
      let server = LoopbackServer(always: .answer(SessionAnswer().bytes))
      let outcome = try user.run(
        ["credential-process", "alice"], at: "http://127.0.0.1:\(server.port)",
        with: [name: "http://127.0.0.1:\(proxy.port)", "NO_PROXY": "", "no_proxy": ""])
      _ = server.requests()
      Tally.record(name, Verdict.served.problems(of: outcome))
    }
    let proxied = proxy.requests().count
    Tally.record("requests to the proxy", proxied == 0 ? [] : ["\(proxied)"])
  }

  @Test func `a proxy learns nothing but the host, and http_proxy is not asked`() throws {
    let user = try TestUser()
    let proxy = LoopbackServer(always: .answer(Array("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n".utf8)))
    let url = "http://127.0.0.1:\(proxy.port)"
    let asked = try user.run(
      ["credential-process", "alice"], at: "https://sts.invalid",
      with: ["ALL_PROXY": url, "http_proxy": "http://x.invalid"])
    let unasked = try user.run(
      ["credential-process", "alice"], at: "https://sts.invalid", with: ["http_proxy": url])
    let requests = proxy.requests()
    let isSilent = requests.count == 1 && !requests[0].contains("Authorization:") && !requests[0].contains("AKIA")
    Tally.record("ALL_PROXY", Verdict.refused(75, "the proxy failed").problems(of: asked))
    Tally.record("http_proxy for https", Verdict.refused(75, "no address found").problems(of: unasked))
    Tally.record("what the proxy sees", isSilent ? [] : requests)
  }

  @Test func `netrc, curlrc and OpenSSL's configuration are not read`() throws {
    let user = try TestUser()
    user.write("default login made-up password made-up\n", to: ".netrc")
    user.write("header = \"X-Curlrc: 1\"\nproxy = \"http://127.0.0.1:1\"\n", to: ".curlrc")
    user.write(
      "openssl_conf = init\n[init]\nengines = e\n[e]\nx = y\n[y]\ndynamic_path = /nonexistent.so\ninit = 1\n", to: "ssl"
    )
    for variables in [[:], ["CURL_HOME": user.home], ["OPENSSL_CONF": user.home + "/ssl"]] {
      let server = LoopbackServer(always: .answer(SessionAnswer().bytes))
      let outcome = try user.run(
        ["credential-process", "alice"], at: "http://127.0.0.1:\(server.port)", with: variables)
      let request = server.requests().first ?? ""
      let isClean = !request.contains("Basic ") && !request.contains("X-Curlrc")
      Tally.record("files, \(variables)", Verdict.served.problems(of: outcome) + (isClean ? [] : [request]))
    }
  }
}
