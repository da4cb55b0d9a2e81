import AWSServices
import AWSValues
import FoundationEssentials
import HTTP
import Secrets

/// Calls STS in this process, with limits small enough to be waited for.
struct Caller {
  let port: Int
  var limit = Duration.seconds(20)
  var attempts = 1
  var pauses = Pauses()

  /// Asks for a session; nil where one came, else the reason why not.
  func failure() -> AWSError? { failure(with: client) }

  func failure(with client: AWSClient) -> AWSError? {
    do throws(AWSError) {
      let session = try STS(client).sessionToken(duration: .roleChainingLimit, signedBy: Self.key())
      return session.accessKeyID == "ASIAIOSFODNN7EXAMPLE" ? nil : .malformed(call: "test", element: "AccessKeyId")
    } catch {
      return error
    }
  }

  var client: AWSClient {
    var timeouts = CurlTransport.Timeouts()
    timeouts.total = limit
    let connection = Connection(
      region: "eu-west-1", endpoints: [.sts: "http://127.0.0.1:\(port)"], maxAttempts: attempts)
    return AWSClient(
      connection: connection, transport: CurlTransport(userAgent: "daypass/test", timeouts: timeouts),
      surroundings: Surroundings(now: { Date() }, random: { 1 }, pause: { [pauses] in pauses.record($0) }))
  }

  private static func key() -> Credentials {
    Credentials(
      accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: SecretBytes(copying: Customer.longTermSecret))
  }
}
