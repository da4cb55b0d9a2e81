import TestSupport
import Testing

/// Answers that are not what STS writes.
@Suite(.keyring)
struct DocumentTests {
  private static let foreign = Verdict.refused(75, "the reply did not come from AWS")
  private static let malformed = Verdict.refused(1, "AWS's reply to GetSessionToken is unusable")
  private static let good = SessionAnswer().document

  @Test func `what others answer in AWS's place gives no credentials`() throws {
    let portal = "<!DOCTYPE html><html><body>Please log in<br></body></html>"
    try [
      HostileCase("captive portal", body: portal, type: "text/html", Self.foreign),
      HostileCase("captive portal as XML", body: portal, Self.foreign),
      HostileCase("XHTML portal", body: "<html><body><p>Please log in</p></body></html>", Self.foreign),
      HostileCase("empty", body: "", Self.foreign),
      HostileCase("blanks", body: "  \n", Self.foreign),
      HostileCase("JSON", body: #"{"GetSessionTokenResponse":{}}"#, type: "application/json", Self.foreign),
      HostileCase("text", body: "It works!", type: "text/plain", Self.foreign),
      HostileCase("binary", body: "\u{0}\u{1}\u{2}\u{7f}", Self.foreign),
      HostileCase("204", .answer(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)), Self.foreign),
      HostileCase("206", .answer(SessionAnswer.http("<x/>", status: "206 Partial Content")), Self.foreign),
      HostileCase("200 with an error", body: Self.refusal("AccessDenied"), .refused(77, "AWS denied access")),
      HostileCase(
        "403 with a session", .answer(SessionAnswer.http(Self.good, status: "403 Forbidden")), Self.malformed),
      HostileCase(
        "the answer to another call", body: Self.good.replacing("GetSessionToken", with: "GetCallerIdentity"),
        .refused(1, "is unusable: GetCallerIdentityResponse")),
      HostileCase("wrong content type", body: Self.good, type: "text/html", .served),
    ].check()
  }

  @Test func `a document that is broken, or attacks its reader, gives no credentials`() throws {
    let deep = String(repeating: "<a>", count: 100_000)
    let wide = "<GetSessionTokenResponse>" + String(repeating: "<a/>", count: 200_000) + "</GetSessionTokenResponse>"
    let bomb = #"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>"#
    let external = #"<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>"#
    try [
      HostileCase("cut", body: String(Self.good.prefix(400)), Self.malformed),
      HostileCase("cut before the end", body: String(Self.good.dropLast(5)), Self.malformed),
      HostileCase("two documents", body: Self.good + Self.good, Self.malformed),
      HostileCase("deep", body: "<GetSessionTokenResponse>" + deep, Self.malformed),
      HostileCase("wide", body: wide, Self.malformed),
      HostileCase("entity bomb", body: bomb + Self.with(key: "&c;"), Self.foreign),
      HostileCase("external entity", body: external + Self.with(key: "&a;"), Self.foreign),
      HostileCase("unknown entity", body: Self.with(key: "&a;"), Self.malformed),
      HostileCase("bytes that are no UTF-8", .answer(SessionAnswer.http(Self.invalidUTF8)), Self.malformed),
    ].check()
  }

  @Test func `elements that are doubled, missing or elsewhere give no credentials`() throws {
    let token = "<SessionToken>\(SessionAnswer.token)</SessionToken>"
    try [
      HostileCase(
        "a doubled session", body: Self.good.replacing(Self.session, with: Self.session + Self.session),
        Self.malformed),
      HostileCase("a doubled token", body: Self.good.replacing(token, with: token + token), Self.malformed),
      HostileCase("no token", body: Self.good.replacing(token, with: ""), Self.malformed),
      HostileCase("no session", body: Self.good.replacing(Self.session, with: ""), Self.malformed),
      HostileCase(
        "a session in place of its parent",
        body: "<GetSessionTokenResponse>\(Self.session)"
          + "</GetSessionTokenResponse>", Self.malformed),
      HostileCase("elements in a key", body: Self.with(key: "ASIA<b/>IOSFODNN7EXAMPLE"), Self.malformed),
    ].check()
  }

  @Test func `other ways to write the same are the same`() throws {
    let secret = SessionAnswer.secret
    var (other, prefixed) = (SessionAnswer(), SessionAnswer())
    other.namespace = "urn:example"
    prefixed.prologue = "\u{feff}"
    let renamed = other.document.replacing("<", with: "<x:").replacing("<x:/", with: "</x:")
      .replacing("xmlns=", with: "xmlns:x=")
    try [
      HostileCase("a byte order mark", body: prefixed.document, .served),
      HostileCase("another namespace", body: other.document, .served),
      HostileCase("a prefix", body: renamed, .served),
      HostileCase("CDATA", body: Self.good.replacing(secret, with: "<![CDATA[\(secret)]]>"), .served),
      HostileCase("a character reference", body: Self.good.replacing("CNRYs", with: "&#67;NRYs"), .served),
      HostileCase("UTF-16", .answer(SessionAnswer.http(Self.utf16)), .served),
    ].check()
  }

  private static var session: String {
    good.split(separator: "\n").first { $0.contains("<Credentials>") }.map(String.init) ?? ""
  }

  private static func with(key: String) -> String {
    var answer = SessionAnswer()
    answer.accessKeyID = key
    return answer.document
  }

  private static func refusal(_ code: String) -> String {
    "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>no</Message></Error></ErrorResponse>"
  }

  private static var invalidUTF8: [UInt8] {
    Array(good.utf8).flatMap { $0 == UInt8(ascii: "Y") ? [0xff, 0xc0] : [$0] }
  }

  private static var utf16: [UInt8] {
    [0xff, 0xfe] + good.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  }
}

// MARK: - Field tests

/// Sessions whose fields are odd.
@Suite(.keyring)
struct FieldTests {
  @Test func `an access key id that cannot be one is refused`() throws {
    let ids = [
      "", " ", "A", String(repeating: "A", count: 10_240), "ASIAIOSFODNN7&#10;EXAMPLE", "ASIAIOSFODNN7\u{202e}EXAMPLE",
      "ASIAIOSFODNN7\u{9b}2JEXAMPLE", "ASIAIOSFODNN7\u{200b}EXAMPLE", "ASIAIOSFODNN7 EXAMPLE", "АSIAIOSFODNN7EXAMPLE",
      "$(touch /tmp/x)ASIAIOSF", "ASIAIOSFODNN7EXAMPL'",
    ]
    try ids.map { id in Self.refused("key id '\(id.prefix(30))'", "AccessKeyId") { $0.accessKeyID = id } }.check()
  }

  @Test func `a secret or token that cannot be one is refused`() throws {
    let values = ["", " ", "two words", "line&#10;break", "a&#9;tab", "caf\u{e9}", "\u{9b}2J", "a\u{202e}b", "\u{7f}"]
    try values.flatMap { value in
      [
        Self.refused("secret '\(value)'", "SecretAccessKey") { $0.secretAccessKey = value },
        Self.refused("token '\(value)'", "SessionToken") { $0.sessionToken = value },
      ]
    }.check()
  }

  @Test func `a character that XML does not have breaks the answer`() throws {
    let verdict = Verdict.refused(1, "AWS's reply to GetSessionToken is unusable")
    try ["\u{1b}[2J", "&#27;", "\u{0}", "&#0;", "&#xD800;", "\u{8}"].map { value in
      var answer = SessionAnswer()
      answer.accessKeyID = value
      return HostileCase(value.debugDescription, body: answer.document, verdict)
    }.check()
  }

  @Test func `an expiry that is over, far away or no time is refused`() throws {
    let times = [
      "", "soon", "0", "-1", "1e400", "NaN", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
      "99999-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "1763683200000",
      SessionAnswer.time(secondsFromNow: -1), SessionAnswer.time(secondsFromNow: 300_000),
      String(SessionAnswer.time(secondsFromNow: 3600).dropLast()),
      SessionAnswer.time(secondsFromNow: 3600).replacing("T", with: " "),
    ]
    try times.map { time in Self.refused("expiry '\(time)'", "Expiration") { $0.expiration = time } }.check()
  }

  @Test func `what is long or written otherwise and can be right is taken`() throws {
    var (long, zoned) = (SessionAnswer(), SessionAnswer())
    long.sessionToken = String(repeating: "t", count: 65_536)
    zoned.expiration = zoned.expiration.replacing("Z", with: ".123+00:00")
    try [
      HostileCase("a token of 64 KiB", body: long.document, .served),
      HostileCase("an expiry with a zone and a fraction", body: zoned.document, .served),
    ].check()
  }

  private static func refused(
    _ name: String, _ field: String, _ change: (inout SessionAnswer) -> Void
  ) -> HostileCase {
    var answer = SessionAnswer()
    change(&answer)
    return HostileCase(name, body: answer.document, .refused(1, field))
  }
}

// MARK: - Other role tests

/// Sessions of another role than the one asked for.
@Suite(.keyring)
struct OtherRoleTests {
  private static let asked = "arn:aws:sts::123456789012:assumed-role/Deploy/daypass"

  @Test func `credentials for anything but the role asked for are not used`() throws {
    let others = [
      "arn:aws:sts::210987654321:assumed-role/Deploy/daypass", "arn:aws:sts::123456789012:assumed-role/Admin/daypass",
      "arn:aws:sts::123456789012:assumed-role/Deploy/mallory",
      "arn:aws-cn:sts::123456789012:assumed-role/Deploy/daypass",
      "arn:aws:sts::123456789012:assumed-role/team/Deploy/daypass", "arn:aws:iam::123456789012:role/Deploy",
      "arn:aws:sts::123456789012:assumed-role/deploy/daypass", Self.asked + "/x", "x" + Self.asked, "daypass",
    ]
    try others.map {
      HostileCase("a session of \($0)", body: Self.answer($0), .refused(1, "asked for \(TestUser.role)"))
    }.check(["credential-process", "deploy"])
  }

  @Test func `an answer that names no role, or names it unreadably, is not used`() throws {
    let unusable = Verdict.refused(1, "AWS's reply to AssumeRole is unusable")
    try [
      HostileCase("no name", body: Self.answer(""), unusable),
      HostileCase("a name with bidi", body: Self.answer(Self.asked + "\u{202e}"), unusable),
      HostileCase("two names", body: Self.answer(Self.asked + "</Arn><Arn>" + Self.asked), unusable),
      HostileCase("the session of a user", body: SessionAnswer().document, unusable),
    ].check(["credential-process", "deploy"])
  }

  @Test func `the role asked for is used`() throws {
    try [HostileCase("the role asked for", body: Self.answer(Self.asked), .served)]
      .check(["credential-process", "deploy"])
  }

  @Test func `an identity that contradicts itself is refused`() throws {
    let identity = """
      <GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/alice</Arn>\
      <UserId>AIDA</UserId><Account>210987654321</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
      """
    try [HostileCase("another account", body: identity, .refused(1, "is unusable: Arn"))]
      .check(["whoami", "alice", "--no-session"])
  }

  private static func answer(_ arn: String) -> String {
    var answer = SessionAnswer()
    answer.assumedRole = arn
    return answer.document
  }
}

// MARK: - Hostile secret tests

/// Secrets and tokens that STS could answer and that would get the better of a shell.
@Suite(.keyring)
struct HostileSecretTests {
  /// The values by hand that the reader of answers takes: printable, without spaces.
  private static let values = HostileValues.crafted.filter { value in
    !value.isEmpty && value.allSatisfy { (0x21...0x7e).contains($0) }
  }.map { String(decoding: $0, as: UTF8.self) }

  /// Two by two; what is very long can be a token only.
  private static let pairs: [(secret: String, token: String)] = {
    let short = values.filter { $0.utf8.count <= 2_048 }
    let long = values.filter { $0.utf8.count > 2_048 }
    let pairs = stride(from: 0, to: short.count, by: 2).map { start in
      (secret: short[start], token: short[(start + 1) % short.count])
    }
    return pairs + long.map { (secret: "fine", token: $0) }
  }()

  @Test func `shells get back what a hostile server answers, and run none of it`() throws {
    let server = LoopbackServer(script: Self.pairs.map { .answer(Self.answer($0.secret, $0.token)) })
    let user = try TestUser()
    let documents = try Self.pairs.map { pair in
      let outcome = try user.run(
        ["export", "alice"], at: "http://127.0.0.1:\(server.port)", with: ["DAYPASS_CACHE": "none"])
      #expect(outcome.status == .exited(0), "\(pair.secret) \(pair.token.prefix(100)): \(outcome.errorText)")
      return ExportedDocument(
        outcome.outputText, holding: ["ASIAIOSFODNN7EXAMPLE", pair.secret, pair.token, "eu-west-1", "eu-west-1"])
    }
    for shell in Shell.installed where shell.syntax == .posix && shell.triesAll {
      let reading = try shell.read(documents)
      #expect(reading.difference == nil, "\(shell)")
      #expect(reading.effects == [], "\(shell)")
    }
    publish(figure: "hostile secrets and tokens from a server, through eval", Self.values.count)
  }

  private static func answer(_ secret: String, _ token: String) -> [UInt8] {
    var answer = SessionAnswer()
    answer.secretAccessKey = escaped(secret)
    answer.sessionToken = escaped(token)
    return answer.bytes
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
