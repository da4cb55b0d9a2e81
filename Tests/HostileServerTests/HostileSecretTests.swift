import TestSupport
import Testing

/// Secrets and tokens that STS could answer and that would get the better of a shell (E1).
@Suite(.enabled(if: PrivateKeyring.isInstalled, "needs gnome-keyring and dbus"))
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
    let customer = try Customer()
    let documents = try Self.pairs.map { pair in
      let outcome = try customer.run(
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
