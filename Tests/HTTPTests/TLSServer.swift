import Foundation
import Glibc
import TestSupport

/// An https server on 127.0.0.1 with a self-signed certificate; ends with its owner.
final class TLSServer {
  let port: Int
  /// The PEM file a client has to trust.
  let certificate: String
  private let server: Process

  /// `names` is the certificate's subjectAltName, `version` the only one the server speaks.
  init(
    in folder: ScratchFolder, names: String = "DNS:localhost,IP:127.0.0.1", version: String = "TLSv1_3"
  ) throws {
    certificate = folder.path("certificate.pem")
    let key = folder.path("key.pem")
    try Self.run(
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
      "/CN=daypass test", "-days", "2",
      "-addext", "subjectAltName=\(names)", "-keyout", key, "-out", certificate)
    folder.write(Self.program, to: "server.py")
    server = Process()
    let output = Pipe()
    server.executableURL = URL(filePath: "/usr/bin/env")
    server.arguments = ["python3", folder.path("server.py"), certificate, key, version]
    server.standardOutput = output
    try server.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  deinit {
    // A test's thread can have SIGTERM blocked, and its children with it.
    kill(server.processIdentifier, SIGKILL)
    server.waitUntilExit()
  }

  private static func run(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
  }

  private static let program = """
    import http.server, ssl, sys
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"hi")
        def log_message(self, *arguments): pass
    class Server(http.server.HTTPServer):
        def handle_error(self, request, address): pass
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    version = getattr(ssl.TLSVersion, sys.argv[3])
    context.minimum_version = version
    context.maximum_version = version
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    server.serve_forever()
    """
}
