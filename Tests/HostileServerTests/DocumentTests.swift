import TestSupport
import Testing

/// Answers that are not what STS writes (N7).
@Suite(.enabled(if: PrivateKeyring.isInstalled, "needs gnome-keyring and dbus"))
struct DocumentTests {
  private static let foreign = Verdict.refused(75, "the answer is not AWS's")
  private static let malformed = Verdict.refused(1, "AWS's answer to GetSessionToken is not usable")
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
        .refused(1, "is not usable: GetCallerIdentityResponse")),
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
