import AWSServices
import AWSValues
import Foundation
import HTTP
import Secrets
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

  let account: Account
  // Held for its life only, which is what makes us Sendable.
  private let server: ChildProcess

  /// For a test that looks at what moto keeps, which it does not tell once there is something of certain kinds.
  init() throws {
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

// MARK: - Calls

extension MotoServer.Account {
  func key() -> Credentials { key(secret: secret) }

  func key(secret: String) -> Credentials {
    Credentials(accessKeyID: keyID, secretAccessKey: SecretBytes(copying: secret))
  }

  func adminKey() -> Credentials {
    Credentials(accessKeyID: adminKeyID, secretAccessKey: SecretBytes(copying: adminSecret))
  }

  func client() -> AWSClient {
    let endpoints = Dictionary(uniqueKeysWithValues: Connection.Service.allCases.map { ($0, url) })
    return AWSClient(
      connection: Connection(region: "us-east-1", endpoints: endpoints),
      transport: CurlTransport(userAgent: "daypass/test"),
      dependencies: ClientDependencies(now: { Date() }, random: { 0 }, pause: { _ in }))
  }

  func code() throws -> MFACode? {
    guard let device = MFADevice(device) else { throw SetupFailure("no device: \(device)") }
    return MFACode(SecretBytes(copying: "123456"), of: device)
  }

  func duration(_ text: String) throws -> SessionDuration {
    guard let duration = SessionDuration(text) else { throw SetupFailure("no duration: \(text)") }
    return duration
  }

  func roleRequest(_ role: String) throws -> AssumeRoleRequest {
    guard let role = RoleARN(role), let name = RoleSessionName("tester") else { throw SetupFailure("no role: \(role)") }
    return AssumeRoleRequest(role: role, sessionName: name, duration: try duration("1h"))
  }

  /// What GetCallerIdentity, ListBuckets and GetUser answer to these credentials; nil if they are carried out.
  func refusals(of credentials: borrowing Credentials) throws -> [ServiceError.Meaning?] {
    var refusals: [ServiceError.Meaning?] = []
    for service in [Connection.Service.sts, .iam, .s3] { refusals.append(try refusal(by: service, of: credentials)) }
    return refusals
  }

  private func refusal(
    by service: Connection.Service, of credentials: borrowing Credentials
  ) throws -> ServiceError.Meaning? {
    do throws(AWSError) {
      switch service {
      case .sts: _ = try STS(client()).callerIdentity(signedBy: credentials)
      case .iam: _ = try IAM(client()).user(signedBy: credentials)
      case .s3: _ = try S3(client()).buckets(signedBy: credentials)
      case .sso, .ssoOIDC, .signIn: preconditionFailure("moto checks no tokens")
      }
      return nil
    } catch {
      guard case .service(let refusal) = error else { throw error }
      return refusal.meaning
    }
  }
}
