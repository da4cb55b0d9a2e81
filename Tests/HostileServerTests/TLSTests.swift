import Foundation
import Synchronization
import TestSupport
import Testing

/// Servers that cannot prove who they are, or speak old TLS.
@Suite(.keyring, .enabled(if: Installed.has("openssl", "python3"), "openssl or python3 is not installed"))
struct TLSServerTests {
  @Test func `a server without a certificate to trust is refused, and sees no request`() throws {
    let user = try TestUser()
    func refuse(
      _ name: String, trusted: Bool = true, _ words: String = "cannot trust localhost",
      _ change: (inout Certificate) -> Void
    ) throws {
      var certificate = Certificate()
      change(&certificate)
      let folder = ScratchFolder()
      let server = try TLSServer(in: folder, certificate, version: "TLSv1_2", answer: SessionAnswer().document)
      try Self.call(user, server, bundle: trusted ? server.certificate : nil, name, .refused(1, words))
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
    let (folder, user) = (ScratchFolder(), try TestUser())
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
        user, server, bundle: server.certificate, "\(version) \(variables.isEmpty ? "" : "by OPENSSL_CONF")",
        .refused(1, "cannot trust localhost"), variables)
    }
  }

  @Test(arguments: ["TLSv1_2", "TLSv1_3"]) func `TLS from 1.2 on works`(version: String) throws {
    let folder = ScratchFolder()
    let server = try TLSServer(in: folder, version: version, answer: SessionAnswer().document)
    try Self.call(try TestUser(), server, bundle: server.certificate, version, .served)
  }

  @Test func `variables that other programs heed neither add trust nor write keys`() throws {
    let (folder, user) = (ScratchFolder(), try TestUser())
    let server = try TLSServer(in: folder, answer: SessionAnswer().document)
    let untrusted = Verdict.refused(1, "cannot trust localhost")
    for name in ["CURL_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"] {
      try Self.call(user, server, bundle: nil, name, untrusted, [name: server.certificate])
      try Self.call(user, server, bundle: server.certificate, name + " absent", .served, [name: "/nonexistent"])
    }
    try Self.call(user, server, bundle: nil, "SSL_CERT_DIR", untrusted, ["SSL_CERT_DIR": folder.path])
    let log = folder.path("keys")
    try Self.call(user, server, bundle: server.certificate, "SSLKEYLOGFILE", .served, ["SSLKEYLOGFILE": log])
    let names = try folder.names()
    Tally.record("no key log", names.contains("keys") ? ["keys were logged"] : [])
  }

  @Test func `a peer that speaks no TLS, or stops in the handshake, is reported`() throws {
    let user = try TestUser()
    for (name, step, status, words) in [
      ("http in clear", LoopbackServer.Step.greet(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)), Int32(1), "cannot trust"),
      ("closes in the handshake", .listen, 75, "cannot connect to localhost"),
    ] {
      let server = LoopbackServer(always: step)
      let outcome = try user.run(["credential-process", "alice"], at: "https://localhost:\(server.port)")
      _ = server.requests()
      Tally.record(name, Verdict.refused(status, words).problems(of: outcome))
    }
  }

  private static func call(
    _ user: TestUser, _ server: TLSServer, bundle: String?, _ name: String, _ verdict: Verdict,
    _ variables: [String: String] = [:]
  ) throws {
    var variables = variables
    variables["AWS_CA_BUNDLE"] = bundle
    let endpoint = "https://localhost:\(server.port)"
    let outcome = try user.run(["credential-process", "alice"], at: endpoint, with: variables)
    Tally.record(name, verdict.problems(of: outcome))
    // A session that was served must not serve the next case.
    if outcome.status == .exited(0) { _ = try user.run(["clear", "--all"]) }
  }
}

// MARK: - Old TLS tests

/// Weak signatures, ciphers without encryption, and a handshake in mid-connection, with OpenSSL at the other side.
@Suite(.keyring, .enabled(if: Installed.has("openssl"), "openssl is not installed"))
struct OldTLSTests {
  @Test func `a certificate that is signed with SHA-1 or MD5 is refused`() throws {
    let user = try TestUser()
    for digest in ["sha1", "md5"] {
      let server = try OpenSSLServer(digest: digest, options: ["-cipher", "DEFAULT:@SECLEVEL=0"])
      let outcome = try user.run(
        ["credential-process", "alice"], at: server.url, with: ["AWS_CA_BUNDLE": server.authority])
      Tally.record("signed with \(digest)", Verdict.refused(1, "cannot trust localhost").problems(of: outcome))
      let sawRequest = server.output.contains("POST")
      #expect(!sawRequest)
    }
  }

  @Test(arguments: ["eNULL", "aNULL", "PSK"])
  func `a server with weak ciphers only is refused`(ciphers: String) throws {
    let user = try TestUser()
    let server = try OpenSSLServer(options: ["-tls1_2", "-cipher", "\(ciphers):@SECLEVEL=0"])
    let outcome = try user.run(
      ["credential-process", "alice"], at: server.url, with: ["AWS_CA_BUNDLE": server.authority])
    let problems =
      outcome.status == .exited(75)
      ? Verdict.refused(75, "localhost").problems(of: outcome) : Verdict.refused(1, "localhost").problems(of: outcome)
    Tally.record("ciphers \(ciphers)", problems)
    let sawRequest = server.output.contains("POST")
    #expect(!sawRequest)
  }

  @Test func `a server that renegotiates does no harm`() throws {
    let user = try TestUser()
    let server = try OpenSSLServer(options: ["-tls1_2"])
    server.renegotiate(thenAnswer: SessionAnswer.http(SessionAnswer().document, type: "text/xml"))
    let outcome = try user.run(
      ["credential-process", "alice"], at: server.url, with: ["AWS_CA_BUNDLE": server.authority])
    let verdict = outcome.status == .exited(0) ? Verdict.served : .refused(75, "localhost")
    Tally.record("renegotiation", verdict.problems(of: outcome))
  }
}

// MARK: - Open SSL server

/// `openssl s_server` on loopback, with a certificate from an authority of its own; ends with its owner.
final class OpenSSLServer {
  let url: String
  /// The PEM file of the authority.
  let authority: String
  private let folder = ScratchFolder()
  private let process: ChildProcess
  private let input: Int32

  /// The server's certificate is signed with `digest`; `options` are those of openssl-s_server(1).
  init(digest: String = "sha256", options: [String]) throws {
    authority = folder.path("authority.pem")
    folder.write(Self.making, to: "make")
    let made = ChildProcess.run(
      ["sh", folder.path("make"), folder.path, digest], environment: ["PATH": "/usr/bin:/bin"])
    guard made.status == 0 else { throw SetupFailure(made.errors) }
    mkfifo(folder.path("keyboard"), 0o600)
    // Open at both ends, so that the server never sees its end.
    input = open(folder.path("keyboard"), O_RDWR | O_CLOEXEC)
    let command = "exec openssl s_server \"$@\" <\(folder.path)/keyboard"
    process = ChildProcess(
      [
        "sh", "-c", command, "sh", "-accept", "127.0.0.1:0", "-cert", folder.path("certificate.pem"), "-key",
        folder.path("key.pem"),
      ] + options, environment: ["PATH": "/usr/bin:/bin"])
    var port: Substring?
    _ = eventually { [process] in
      port = process.output.firstMatch(of: /ACCEPT .*:(\d+)\n/)?.1
      return port != nil
    }
    guard let port else { throw SetupFailure(process.errors) }
    url = "https://localhost:\(port)"
  }

  deinit {
    process.end()
    close(input)
  }

  var output: String { process.output }

  /// Once a request has come, starts another handshake, and answers when it is over or was refused.
  func renegotiate(thenAnswer answer: [UInt8]) {
    Thread.detachNewThread { [folder, process = UnsafeProcess(process), input] in
      _ = eventually { process.value.output.contains("POST") }
      _ = write(input, "R\n", 2)
      _ = eventually(within: 3) { process.value.output.contains("SSL_do_handshake") }
      _ = answer.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      _ = folder
    }
  }

  /// Read only, while its owner waits.
  private struct UnsafeProcess: @unchecked Sendable {
    let value: ChildProcess
    init(_ value: ChildProcess) { self.value = value }
  }

  private static let making = """
    set -e; cd "$1"
    openssl req -x509 -newkey rsa:2048 -nodes -keyout authority.key -out authority.pem -subj /CN=authority -days 9
    openssl req -newkey rsa:2048 -nodes -keyout key.pem -out request.pem -subj /CN=localhost
    echo subjectAltName=DNS:localhost >names
    openssl x509 -req "-$2" -in request.pem -CA authority.pem -CAkey authority.key -CAcreateserial -days 9 \\
      -extfile names -out certificate.pem
    """
}
