internal import Foundation
import Glibc

/// An https server on 127.0.0.1 with a self-signed certificate; ends with its owner.
package final class TLSServer {
  package let port: Int
  /// The PEM file a client has to trust.
  package let certificate: String
  private let server: ChildProcess

  /// The server speaks TLS `version` only, answers a GET with `hi` and a POST with the document `answer`.
  package init(
    in folder: ScratchFolder, _ properties: Certificate = Certificate(), version: String = "TLSv1_3",
    answer: String = "hi"
  ) throws {
    certificate = folder.path("certificate.pem")
    try properties.make(in: folder)
    folder.write(answer, to: "answer")
    let program = folder.write(Self.program, to: "server.py")
    let server = ChildProcess(["python3", program, folder.path, version], environment: [:])
    guard eventually({ server.output.hasSuffix("\n") || !server.isAlive }), let port = Int(server.output.dropLast())
    else { throw SetupFailure(server.errors) }
    (self.server, self.port) = (server, port)
  }

  private static let program = """
    import http.server, ssl, sys
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"hi")
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            answer = open(sys.argv[1] + "/answer", "rb").read()
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        def log_message(self, *arguments): pass
    class Server(http.server.HTTPServer):
        def handle_error(self, request, address): pass
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    version = getattr(ssl.TLSVersion, sys.argv[2])
    context.minimum_version = version
    context.maximum_version = version
    context.load_cert_chain(sys.argv[1] + "/certificate.pem", sys.argv[1] + "/key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    server.serve_forever()
    """
}

// MARK: - Certificate

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
