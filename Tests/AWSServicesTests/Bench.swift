import AWSValues
import FoundationEssentials
import HTTP
import Secrets
import Synchronization
import TestSupport

@testable import AWSServices

/// A client on a scripted transport, at 2026-11-21T08:00:00Z unless the test says otherwise.
final class Bench {
  let transport: ScriptedTransport
  let client: AWSClient
  private let recorder = PauseRecorder()

  static let now = Date(timeIntervalSince1970: 1_795_248_000)

  init(
    _ script: [ScriptedTransport.Step], connection: Connection = Connection(region: "eu-west-1"), random: Double = 1,
    now: Date = Bench.now
  ) {
    transport = ScriptedTransport(script)
    client = AWSClient(
      connection: connection, transport: transport,
      surroundings: Surroundings(now: { now }, random: { random }, pause: { [recorder] in recorder.record($0) }))
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
