import AWSValues
import Foundation
import FoundationEssentials
import HTTP
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import AWSServices

/// A client on a scripted transport, at 2026-11-21T08:00:00Z unless the test says otherwise.
final class Fixture {
  let transport: ScriptedTransport
  let client: AWSClient
  private let recorder = PauseRecorder()

  static let now = Date(timeIntervalSince1970: 1_795_248_000)

  init(
    _ script: [ScriptedTransport.Step], connection: Connection = Connection(region: "eu-west-1"), random: Double = 1,
    now: Date = Fixture.now
  ) {
    transport = ScriptedTransport(script)
    client = AWSClient(
      connection: connection, transport: transport,
      dependencies: ClientDependencies(now: { now }, random: { random }, pause: { [recorder] in recorder.record($0) }))
  }

  var pauses: [Duration] { recorder.pauses }

  static func longTermKey() -> Credentials {
    Credentials(accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: SecretBytes(copying: "made/up/secret"))
  }

  static func session() -> Credentials {
    Credentials(
      accessKeyID: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: SecretBytes(copying: "made/up/secret"),
      sessionToken: SecretBytes(copying: "made-up-token"), expiration: now.addingTimeInterval(3600))
  }

  /// The error that `call` throws.
  func error(_ call: (AWSClient) throws -> Void) -> AWSError? {
    do { try call(client) } catch { return error as? AWSError }
    return nil
  }
}

private final class PauseRecorder: Sendable {
  private let recorded = Mutex<[Duration]>([])

  var pauses: [Duration] { recorded.withLock { $0 } }

  func record(_ pause: Duration) {
    recorded.withLock { $0.append(pause) }
  }
}

// MARK: - Suites

extension JSONDecoder {
  /// Reads JSON whose names begin with a capital, as AWS's do.
  static var ofSuites: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in
      let name = path.last?.stringValue ?? ""
      return Key(stringValue: name.prefix(1).lowercased() + name.dropFirst())
    }
    return decoder
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
      self.stringValue = stringValue
    }

    init?(intValue: Int) { nil }
  }
}

// MARK: - Query output

/// An operation of the Query protocol's suite, with the cases of its answers.
struct QueryOutput: Decodable {
  let cases: [Case]

  struct Case: Decodable {
    struct Response: Decodable {
      let statusCode: Int
      let body: String?

      enum CodingKeys: String, CodingKey {
        case statusCode = "status_code"
        case body
      }
    }
    let id: String
    let result: [String: Value]?
    let errorCode: String?
    let response: Response

    var expectedTimestamp: Date? {
      guard case .number(let seconds)? = result?.values.first else { return nil }
      return Date(timeIntervalSince1970: seconds)
    }

    /// The only value of the answer.
    func timestamp() throws -> Date? {
      let document = try SecretDocument(xml: SecretBytes(copying: response.body ?? ""))
      let result = try #require(document.children(of: SecretDocument.root).first)
      let value = try #require(document.children(of: result).first)
      return Date(timestamp: document.text(at: value))
    }

    func error() throws -> ServiceError? {
      let answer = HTTPResponse(status: response.statusCode, body: SecretBytes(copying: response.body ?? ""))
      return ServiceError(xml: try SecretDocument(xml: answer.body), of: answer, receivedAt: Fixture.now)
    }
  }

  enum Value: Decodable {
    case number(Double)
    case other

    init(from decoder: any Decoder) throws {
      let number = try? decoder.singleValueContainer().decode(Double.self)
      self = number.map { .number($0) } ?? .other
    }
  }
}
