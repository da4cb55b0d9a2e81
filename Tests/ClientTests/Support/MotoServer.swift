import Foundation
import TestSupport

/// moto on loopback, with authentication enforced, and an account in it.
final class MotoServer {
  struct Account: Decodable {
    let url: String
    /// alice, by her ARN; her key may call STS, list buckets, and ask IAM about herself.
    let user: String
    let keyID: String
    let secret: String
    let device: String
    /// Trusts alice; may list buckets.
    let role: String
    /// Trusts alice; may do nothing.
    let powerlessRole: String
  }

  let account: Account
  private let server: ChildProcess
  private let scratch = ScratchFolder()

  init() throws {
    let file = scratch.path("account")
    let environment = ["HOME": scratch.path, "PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true"]
    let server = ChildProcess(
      ["env", Python.program("python3"), Python.script("moto_server"), file], environment: environment)
    let isReady = eventually(within: 60) { !server.isAlive || FileManager.default.fileExists(atPath: file) }
    guard isReady, server.isAlive else { throw SetupFailure("moto did not start: \(server.errors)") }
    account = try JSONDecoder().decode(Account.self, from: Data(try scratch.text(of: "account").utf8))
    self.server = server
  }

  deinit { server.end() }
}
