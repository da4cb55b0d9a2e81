import AWSServices
import AWSValues
import FoundationEssentials
import Secrets
import TestSupport

@testable import Sessions

/// A user with one key, which is in the keyring as that of `alice`.
final class RotationBench {
  static let old = "AKIAMADEUP0000000001"

  let service = KeyServiceDouble()
  let store = InterruptedStore()
  let clock = TestClock()
  private(set) var events: [RotationEvent] = []
  private(set) var pauses = 0

  init() throws {
    let credentials = Credentials(accessKeyID: Self.old, secretAccessKey: SecretBytes(copying: "made/up+1"))
    try keys.save(LongTermKey(credentials: credentials, created: clock.now), for: "alice")
  }

  var keys: LongTermKeys { LongTermKeys(store: store) }
  var journals: RotationJournals { RotationJournals(store: store) }

  func rotate(_ wish: RotationWish = RotationWish()) throws -> RotationOutcome { try rotation(wish).run() }

  /// A run in which `mishap` happens; returns how many operations it had.
  func rotate(with mishap: Mishap) -> Result<RotationOutcome, any Error> {
    (service.mishap, store.mishap) = (mishap, mishap)
    defer { (service.mishap, store.mishap) = (.none, .none) }
    return Result { try rotate() }
  }

  func rotation(_ wish: RotationWish = RotationWish()) -> KeyRotation {
    let now: @Sendable () -> Date = { [clock] in clock.now }
    let client = AWSClient(
      connection: Connection(region: "eu-west-1"), transport: service,
      surroundings: Surroundings(now: now, random: { 1 }, pause: { _ in }))
    let services = RotationServices(
      keys: keys, journals: journals, sessions: SessionCache(store: NoSessions(), now: now), iam: IAM(client),
      sts: STS(client),
      userCredentials: { [keys] in
        guard let key = try keys.key(of: "alice") else { throw SessionError.noKey(profile: "alice", plainText: nil) }
        return key.credentials.clone()
      }, clockOffset: { client.clockOffset })
    let patience = IAMPatience { [unowned self] _ in pauses += 1 }
    return KeyRotation(of: "alice", wish, services, patience: patience, now: now) { [unowned self] in events.append($0)
    }
  }

  /// The id and secret in the keyring.
  func stored() throws -> String? {
    try keys.key(of: "alice").withValue { key in
      "\(key.credentials.accessKeyID) \(key.credentials.secretAccessKey.revealed() ?? "")"
    }
  }

  /// The key in the keyring, where AWS takes it and the secret is its own.
  func workingKey() throws -> String? {
    guard let parts = try stored()?.split(separator: " ").map(String.init), parts.count == 2 else { return nil }
    let works = service.keys.contains { $0.id == parts[0] && $0.isActive }
    return works && parts[1].last == parts[0].last ? parts[0] : nil
  }
}
