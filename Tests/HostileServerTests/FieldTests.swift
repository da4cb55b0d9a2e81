import TestSupport
import Testing

/// Sessions whose fields are odd (N8).
@Suite(.enabled(if: PrivateKeyring.isInstalled, "needs gnome-keyring and dbus"))
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
    let verdict = Verdict.refused(1, "AWS's answer to GetSessionToken is not usable")
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
