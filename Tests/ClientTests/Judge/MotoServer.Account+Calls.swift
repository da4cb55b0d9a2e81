import AWSServices
import AWSValues
import Foundation
import HTTP
import Secrets
import TestSupport

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
      surroundings: Surroundings(now: { Date() }, random: { 0 }, pause: { _ in }))
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

  /// What GetCallerIdentity, ListBuckets and GetUser answer to these credentials; nil where they are carried out.
  func refusals(of credentials: borrowing Credentials) throws -> [ServiceError.Meaning?] {
    var refusals: [ServiceError.Meaning?] = []
    for service in Connection.Service.allCases { refusals.append(try refusal(by: service, of: credentials)) }
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
      }
      return nil
    } catch {
      guard case .service(let refusal) = error else { throw error }
      return refusal.meaning
    }
  }
}
