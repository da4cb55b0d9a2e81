import TestSupport
import Testing

/// Servers that cannot prove who they are, or speak old TLS (N5).
@Suite(
  .enabled(if: PrivateKeyring.isInstalled && Installed.has("openssl", "python3"), "needs a keyring, openssl, python3"))
struct TLSServerTests {
  @Test func `a server without a certificate to trust is refused, and sees no request`() throws {
    let customer = try Customer()
    func refuse(
      _ name: String, trusted: Bool = true, _ words: String = "cannot trust localhost",
      _ change: (inout Certificate) -> Void
    ) throws {
      var certificate = Certificate()
      change(&certificate)
      let folder = ScratchFolder()
      let server = try TLSServer(in: folder, certificate, version: "TLSv1_2", answer: SessionAnswer().document)
      try Self.call(customer, server, bundle: trusted ? server.certificate : nil, name, .refused(1, words))
    }
    try refuse("self-signed", trusted: false, "certificate") { _ in }
    try refuse("wrong name") { $0.names = "DNS:sts.amazonaws.com" }
    try refuse("wild card") { $0.names = "DNS:*" }
    try refuse("a name with escapes") {
      $0.subject = "/CN=\u{1b}[2J\u{202e}localhost"
      $0.names = "DNS:example.com"
    }
    try refuse("expired", "expired") {
      $0.notBefore = "20200101000000Z"
      $0.notAfter = "20200102000000Z"
    }
    try refuse("not yet valid", "not yet valid") { $0.notBefore = "20980101000000Z" }
    try refuse("a key of 1024 bits", "too weak") { $0.key = ["-newkey", "rsa:1024"] }
  }

  @Test(arguments: ["TLSv1", "TLSv1_1"])
  func `TLS before 1.2 is refused, whatever OPENSSL_CONF allows`(version: String) throws {
    let (folder, customer) = (ScratchFolder(), try Customer())
    let server = try TLSServer(in: folder, version: version, answer: SessionAnswer().document)
    let lax = """
      openssl_conf = init
      [init]
      ssl_conf = ssl
      [ssl]
      system_default = lax
      [lax]
      MinProtocol = TLSv1
      CipherString = ALL:@SECLEVEL=0
      """
    for variables in [[:], ["OPENSSL_CONF": folder.write(lax, to: "openssl.cnf")]] {
      try Self.call(
        customer, server, bundle: server.certificate, "\(version) \(variables.isEmpty ? "" : "by OPENSSL_CONF")",
        .refused(1, "cannot trust localhost"), variables)
    }
  }

  @Test(arguments: ["TLSv1_2", "TLSv1_3"]) func `TLS from 1.2 on works`(version: String) throws {
    let folder = ScratchFolder()
    let server = try TLSServer(in: folder, version: version, answer: SessionAnswer().document)
    try Self.call(try Customer(), server, bundle: server.certificate, version, .served)
  }

  @Test func `variables that other programs heed neither add trust nor write keys`() throws {
    let (folder, customer) = (ScratchFolder(), try Customer())
    let server = try TLSServer(in: folder, answer: SessionAnswer().document)
    let untrusted = Verdict.refused(1, "cannot trust localhost")
    for name in ["CURL_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"] {
      try Self.call(customer, server, bundle: nil, name, untrusted, [name: server.certificate])
      try Self.call(customer, server, bundle: server.certificate, name + " absent", .served, [name: "/nonexistent"])
    }
    try Self.call(customer, server, bundle: nil, "SSL_CERT_DIR", untrusted, ["SSL_CERT_DIR": folder.path])
    let log = folder.path("keys")
    try Self.call(customer, server, bundle: server.certificate, "SSLKEYLOGFILE", .served, ["SSLKEYLOGFILE": log])
    let names = try folder.names()
    Tally.record("no key log", names.contains("keys") ? ["keys were logged"] : [])
  }

  @Test func `a peer that speaks no TLS, or stops in the handshake, is told`() throws {
    let customer = try Customer()
    for (name, step, status, words) in [
      ("http in clear", LoopbackServer.Step.greet(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)), Int32(1), "cannot trust"),
      ("closes in the handshake", .listen, 75, "no connection to localhost"),
    ] {
      let server = LoopbackServer(always: step)
      let outcome = try customer.run(["credential-process", "alice"], at: "https://localhost:\(server.port)")
      _ = server.requests()
      Tally.record(name, Verdict.refused(status, words).problems(of: outcome))
    }
  }

  private static func call(
    _ customer: Customer, _ server: TLSServer, bundle: String?, _ name: String, _ verdict: Verdict,
    _ variables: [String: String] = [:]
  ) throws {
    var variables = variables
    variables["AWS_CA_BUNDLE"] = bundle
    let endpoint = "https://localhost:\(server.port)"
    let outcome = try customer.run(["credential-process", "alice"], at: endpoint, with: variables)
    Tally.record(name, verdict.problems(of: outcome))
    // A session that was served must not serve the next case.
    if outcome.status == .exited(0) { _ = try customer.run(["clear"]) }
  }
}
