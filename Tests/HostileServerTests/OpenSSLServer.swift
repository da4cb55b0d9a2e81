import Foundation
import Synchronization
import TestSupport

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
    let port = Self.freePort()
    url = "https://localhost:\(port)"
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
        "sh", "-c", command, "sh", "-accept", "127.0.0.1:\(port)", "-cert", folder.path("certificate.pem"), "-key",
        folder.path("key.pem"),
      ] + options, environment: ["PATH": "/usr/bin:/bin"])
    let isReady = eventually { [process] in process.output.contains("ACCEPT") }
    guard isReady else { throw SetupFailure(process.errors) }
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

  private static func freePort() -> Int {
    let (descriptor, port) = LoopbackServer.listen()
    close(descriptor)
    return port
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
