internal import Foundation

/// What is in the self-signed certificate of a TLS server.
package struct Certificate: Sendable {
  /// subjectAltName.
  package var names = "DNS:localhost,IP:127.0.0.1"
  package var subject = "/CN=daypass test"
  /// As openssl-ca(1) takes it: `20200101000000Z`; nil is now.
  package var notBefore: String?
  package var notAfter = "20991231235959Z"
  /// Options of openssl-req(1).
  package var key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]

  package init() {}

  /// Writes `key.pem` and `certificate.pem`.
  func make(in folder: ScratchFolder) throws {
    let configuration = folder.write(configuration(in: folder), to: "ca.conf")
    folder.write("", to: "index.txt")
    let (key, request) = (folder.path("key.pem"), folder.path("request.pem"))
    try Self.openssl(["req", "-new", "-nodes", "-utf8", "-subj", subject, "-keyout", key, "-out", request] + self.key)
    try Self.openssl([
      "ca", "-batch", "-notext", "-selfsign", "-utf8", "-config", configuration, "-keyfile", key, "-in", request,
      "-out", folder.path("certificate.pem"), "-startdate", notBefore ?? Self.yesterday, "-enddate", notAfter,
    ])
  }

  private func configuration(in folder: ScratchFolder) -> String {
    """
    [ca]
    default_ca = test
    [test]
    database = \(folder.path("index.txt"))
    new_certs_dir = \(folder.path)
    rand_serial = yes
    default_md = sha256
    policy = policy
    x509_extensions = extensions
    [policy]
    commonName = supplied
    [extensions]
    subjectAltName = \(names)
    basicConstraints = CA:TRUE
    """
  }

  private static var yesterday: String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "yyyyMMddHHmmss'Z'"
    return formatter.string(from: Date(timeIntervalSinceNow: -86_400))
  }

  private static func openssl(_ arguments: [String]) throws {
    let outcome = ChildProcess.run(["openssl"] + arguments, environment: ["PATH": "/usr/bin:/bin"])
    guard outcome.status == 0 else { throw SetupFailure(outcome.errors) }
  }
}
