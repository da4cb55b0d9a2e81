import Foundation
import TestSupport
import Testing

/// Weak signatures, ciphers without encryption, and a handshake in mid-connection, with OpenSSL at the other side (N5).
@Suite(.enabled(if: PrivateKeyring.isInstalled && Installed.has("openssl"), "needs a keyring and openssl"))
struct OldTLSTests {
  @Test func `a certificate that is signed with SHA-1 or MD5 is refused`() throws {
    let customer = try Customer()
    for digest in ["sha1", "md5"] {
      let server = try OpenSSLServer(digest: digest, options: ["-cipher", "DEFAULT:@SECLEVEL=0"])
      let outcome = try customer.run(
        ["credential-process", "alice"], at: server.url, with: ["AWS_CA_BUNDLE": server.authority])
      Tally.record("signed with \(digest)", Verdict.refused(1, "cannot trust localhost").problems(of: outcome))
      let sawRequest = server.output.contains("POST")
      #expect(!sawRequest)
    }
  }

  @Test(arguments: ["eNULL", "aNULL", "PSK"])
  func `a server with weak ciphers only is refused`(ciphers: String) throws {
    let customer = try Customer()
    let server = try OpenSSLServer(options: ["-tls1_2", "-cipher", "\(ciphers):@SECLEVEL=0"])
    let outcome = try customer.run(
      ["credential-process", "alice"], at: server.url, with: ["AWS_CA_BUNDLE": server.authority])
    let problems =
      outcome.status == .exited(75)
      ? Verdict.refused(75, "localhost").problems(of: outcome) : Verdict.refused(1, "localhost").problems(of: outcome)
    Tally.record("ciphers \(ciphers)", problems)
    let sawRequest = server.output.contains("POST")
    #expect(!sawRequest)
  }

  @Test func `a server that renegotiates does no harm`() throws {
    let customer = try Customer()
    let server = try OpenSSLServer(options: ["-tls1_2"])
    server.renegotiate(thenAnswer: SessionAnswer.http(SessionAnswer().document, type: "text/xml"))
    let outcome = try customer.run(
      ["credential-process", "alice"], at: server.url, with: ["AWS_CA_BUNDLE": server.authority])
    let verdict = outcome.status == .exited(0) ? Verdict.served : .refused(75, "localhost")
    Tally.record("renegotiation", verdict.problems(of: outcome))
  }
}
