import Foundation
import HTTP
import Hashing
import Secrets
import SigV4
import TestSupport
import Testing

/// A case of AWS's own suite (aws-c-auth, v4).
struct AWSSuiteCase {
  static let suite = ExternalSuite("sigv4/aws-c-auth/v4")
  let name: String
  let context: Context

  init(_ name: String) throws {
    self.name = name
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.dateDecodingStrategy = .iso8601
    context = try decoder.decode(Context.self, from: Data(Self.suite.text("\(name)/context.json").utf8))
  }

  func text(_ stage: String) throws -> String { try Self.suite.text("\(name)/\(stage).txt") }

  var signer: Signer {
    Signer(
      region: context.region, service: context.service, pathRule: context.normalize ? .normalized : .asIs,
      date: context.timestamp)
  }

  /// Without the token where the suite adds it after signing, which is no form that we use.
  func credentials() -> Credentials {
    let token = context.omitSessionToken == true ? nil : context.credentials.token
    return Credentials(
      accessKeyID: context.credentials.accessKeyId,
      secretAccessKey: SecretBytes(copying: context.credentials.secretAccessKey),
      sessionToken: token.map { SecretBytes(copying: $0) })
  }

  func request() throws -> HTTPRequest {
    var request = try #require(RawRequest(text("request"))).request()
    guard context.signBody else { return request }
    let digest = Digest.hex(try Digest.sha256(of: request.body))
    request.headers.append(HTTPRequest.Header("x-amz-content-sha256", digest))
    return request
  }

  struct Context: Decodable {
    let credentials: Keys
    let normalize: Bool
    let region: String
    let service: String
    let signBody: Bool
    let timestamp: Date
    let omitSessionToken: Bool?
  }

  struct Keys: Decodable {
    let accessKeyId: String
    let secretAccessKey: String
    let token: String?
  }
}
