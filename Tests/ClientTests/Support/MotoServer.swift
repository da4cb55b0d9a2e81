import Foundation
import TestSupport

/// moto on loopback, with authentication enforced, and an account in it.
///
/// One serves all tests, which remove from it what they make; it ends when we do.
struct MotoServer: @unchecked Sendable {
  private static let shared = Result { try MotoServer() }

  static func account() throws -> Account { try shared.get().account }

  struct Account: Decodable, Sendable {
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
    /// May do everything in IAM.
    let adminKeyID: String
    let adminSecret: String
  }

  private let account: Account
  // Held for its life only, which is what makes us Sendable.
  private let server: ChildProcess

  private init() throws {
    let scratch = ScratchFolder()
    let file = scratch.path("account")
    let environment = ["HOME": scratch.path, "PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true"]
    let server = ChildProcess(
      ["env", Python.program("python3"), Python.script("moto_server"), file], environment: environment)
    let isReady = eventually(within: 60) { !server.isAlive || FileManager.default.fileExists(atPath: file) }
    guard isReady, server.isAlive else { throw SetupFailure("moto did not start: \(server.errors)") }
    account = try JSONDecoder().decode(Account.self, from: Data(try scratch.text(of: "account").utf8))
    self.server = server
  }
}
