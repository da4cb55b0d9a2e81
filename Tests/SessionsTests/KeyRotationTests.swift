import AWSServices
import AWSValues
import FoundationEssentials
import Hashing
import Keyring
import Secrets
import TestSupport
import Testing

@testable import Sessions

struct KeyRotationTests {
  private static let new = "AKIAMADEUP0000000002"
  private let fixture: RotationFixture

  init() throws { fixture = try RotationFixture() }

  @Test func `a key is made, proved, put in the place of the old one, which is deactivated and deleted`() throws {
    let outcome = try fixture.rotate()
    #expect(outcome == .rotated(old: try Self.id(RotationFixture.old), new: try Self.id(Self.new), .delete))
    #expect(
      fixture.service.calls == [
        "ListAccessKeys by 0001", "GetCallerIdentity by 0001", "CreateAccessKey by 0001", "GetCallerIdentity by 0002",
        "UpdateAccessKey by 0002", "GetCallerIdentity by 0002", "DeleteAccessKey by 0002",
      ])
    #expect(try fixture.stored() == "\(Self.new) made/up+2")
    #expect(try fixture.journals.newKey(of: "alice") == nil)
    let account = try fixture.keys.key(of: "alice").withValue { $0.credentials.account }
    #expect(account == "123456789012")
  }

  @Test func `the old key can be left, inactive`() throws {
    let outcome = try fixture.rotate(RotationRequest(disposal: .keep))
    #expect(outcome == .rotated(old: try Self.id(RotationFixture.old), new: try Self.id(Self.new), .keep))
    #expect(fixture.service.keys.map(\.isActive) == [false, true])
  }

  @Test func `a user with two keys is shown both, and nothing is touched`() throws {
    fixture.service.keys.append(.init(id: "AKIAMADEUPOTHER00009"))
    let before = try fixture.stored()
    #expect {
      try fixture.rotate()
    } throws: { error in
      guard case RotationError.twoKeys(let keys) = error else { return false }
      return keys.map(\.profiles) == [["alice"], []] && keys[1].lastUse == .never && keys[0].lastUse != .never
    }
    #expect(try fixture.stored() == before)
    #expect(try fixture.journals.newKey(of: "alice") == nil)
    #expect(
      !fixture.service.calls.contains { $0.hasPrefix("Create") || $0.hasPrefix("Delete") || $0.hasPrefix("Update") })
  }

  @Test(arguments: [1, 5, 25])
  func `a key that IAM knows late is waited for`(calls: Int) throws {
    fixture.service.delay = calls
    _ = try fixture.rotate()
    #expect(try fixture.workingKey() == Self.new)
    #expect(fixture.pauses > 0 || calls == 1)
  }

  @Test func `a key that never works is deleted, and the old one stays`() throws {
    fixture.service.delay = 1_000
    #expect(throws: RotationError.neverWorked(try Self.id(Self.new), seconds: 60)) { try fixture.rotate() }
    #expect(fixture.service.keys.map(\.id) == [RotationFixture.old])
    #expect(try fixture.workingKey() == RotationFixture.old)
    #expect(try fixture.journals.newKey(of: "alice") == nil)
    #expect(fixture.pauses == 30)
  }

  @Test func `a key younger than asked for is left alone`() throws {
    let outcome = try fixture.rotate(RotationRequest(olderThan: 90 * 86_400))
    #expect(outcome == .tooYoung(try Self.id(RotationFixture.old), created: TestClock.start))
    fixture.clock.advance(by: 91 * 86_400)
    _ = try fixture.rotate(RotationRequest(olderThan: 90 * 86_400))
    #expect(try fixture.workingKey() == Self.new)
  }

  @Test(arguments: [-86_400.0, 86_400])
  func `a clock that jumps decides nothing`(jump: TimeInterval) throws {
    for number in 1...Self.operations {
      let fixture = try RotationFixture()
      _ = fixture.rotate(with: InjectedFault(at: number, .killedAfter, .once))
      fixture.clock.advance(by: jump)
      try fixture.rotateToTheEnd()
      #expect(try fixture.workingKey() != nil && fixture.service.keys.count == 1, "operation \(number)")
    }
  }

  @Test(arguments: [true, false])
  func `a key that appears beside an unanswered CreateAccessKey is named, and stays`(isUsed: Bool) throws {
    _ = fixture.rotate(with: InjectedFault(at: Self.creation, .killedBefore, .once))
    fixture.service.keys.append(.init(id: "AKIAMADEUPOTHER00009", isUsed: isUsed))
    let spare = try #require(throws: RotationError.self) { try fixture.rotate() }.spareKey
    #expect(spare == "AKIAMADEUPOTHER00009")
    #expect(fixture.service.keys.count == 2)
  }

  @Test func `a key that AWS's lost answer was about is named at once, if its list shows it`() throws {
    let outcome = fixture.rotate(with: InjectedFault(at: Self.creation, .failingAfterwards, .once))
    #expect(throws: RotationError.unanswered(seen: try Self.id(Self.new))) { try outcome.get() }
    #expect(fixture.service.keys.count == 2)
  }

  @Test func `a key that IAM's list shows late is named once AWS counts it`() throws {
    _ = fixture.rotate(with: InjectedFault(at: Self.creation, .killedAfter, .once))
    fixture.service.listDelay = 3
    let spare = try #require(throws: RotationError.self) { try fixture.rotate() }.spareKey
    #expect(spare == Self.new)
    #expect(fixture.service.keys.count == 2)
  }

  @Test func `a user who does not agree keeps the key, and AWS makes none`() throws {
    fixture.confirm = { key in
      #expect(key.profiles == ["alice"] && key.lastUse != .never)
      throw SessionError.promptCancelled
    }
    #expect(throws: SessionError.promptCancelled) { try fixture.rotate() }
    #expect(fixture.service.calls == ["ListAccessKeys by 0001", "GetAccessKeyLastUsed by 0001"])
    #expect(fixture.service.keys.count == 1)
  }

  @Test func `a rotation that was interrupted is finished without a question`() throws {
    _ = fixture.rotate(with: InjectedFault(at: Self.creation + 1, .killedAfter, .once))
    fixture.confirm = { _ in throw SessionError.promptCancelled }
    _ = try fixture.rotate()
    #expect(try fixture.workingKey() == Self.new && fixture.service.keys.count == 1)
  }

  @Test func `every profile that holds the key has the new one, wherever the rotation is killed`() throws {
    for number in 1...Self.operations + 6 {
      let fixture = try RotationFixture()
      try fixture.storeKey(as: "alice2")
      _ = fixture.rotate(with: InjectedFault(at: number, .killedAfter, .once))
      #expect(try fixture.workingKey() != nil && fixture.workingKey(of: "alice2") != nil, "operation \(number)")
      try fixture.rotateToTheEnd()
      #expect(try fixture.workingKey() == fixture.workingKey(of: "alice2"), "operation \(number)")
      #expect(try fixture.workingKey() != nil && fixture.service.keys.count == 1, "operation \(number)")
    }
  }

  @Test func `a key item that was damaged when it was replaced is restored from the journal`() throws {
    _ = fixture.rotate(with: InjectedFault(at: Self.creation + 2, .killedAfter, .once))
    fixture.store.store.contents[ItemID(kind: .longTermKey, name: "alice")] = [1, 2, 3]
    _ = try fixture.rotate()
    #expect(try fixture.workingKey() == Self.new)
    #expect(fixture.service.keys.count == 1)
  }

  @Test func `a stored key that was deleted in AWS meanwhile is replaced by another`() throws {
    _ = fixture.rotate(with: InjectedFault(at: Self.creation + 1, .killedAfter, .once))
    fixture.service.keys.removeLast()
    _ = try fixture.rotate()
    #expect(try fixture.workingKey() == "AKIAMADEUP0000000003")
    #expect(fixture.service.keys.count == 1)
  }

  @Test func `a key that replaced the old one meanwhile is rotated, and what the interrupted rotation made is named`()
    throws
  {
    _ = fixture.rotate(with: InjectedFault(at: Self.creation + 1, .killedAfter, .once))
    fixture.service.keys = [.init(id: "AKIAMADEUPOTHER00009")]
    let credentials = Credentials(
      accessKeyID: "AKIAMADEUPOTHER00009", secretAccessKey: SecretBytes(copying: "made/up+9"))
    try fixture.keys.save(LongTermKey(credentials: credentials, stored: fixture.clock.now), for: "alice")
    _ = try fixture.rotate()
    #expect(fixture.events.contains(.abandoned(try Self.id(Self.new))))
    #expect(try fixture.workingKey() == "AKIAMADEUP0000000003")
  }

  @Test func `a journal that was cut off when it was opened is no hindrance`() throws {
    fixture.store.store.reading[ItemID(kind: .rotation, name: "alice")] = .damaged(
      ItemID(kind: .rotation, name: "alice"))
    _ = try? fixture.rotate()
    fixture.store.store.reading = [:]
    _ = try fixture.rotate()
    #expect(try fixture.workingKey() != nil && fixture.service.keys.count == 1)
  }

  /// Which operation of a run CreateAccessKey is.
  private static let creation = 6
  /// The operations of an undisturbed run.
  static let operations = 17

  static func id(_ text: String) throws -> AccessKeyID { try #require(AccessKeyID(text)) }

  @Test func `a journal of a later format is left alone, and so is the key`() throws {
    var payload = SecretBytes(copying: #"{"format":3,"x":"y""#)
    let checksum = payload.withBytes { SHA256.digest($0) }
    payload.append(#","checksum":"\#(Digest.hex(checksum))"}"#)
    let journal = ItemID(kind: .rotation, name: "alice")
    try fixture.store.save(payload, for: journal)
    #expect(throws: RotationError.unknownJournal(version: 3)) { try fixture.rotate() }
    #expect(fixture.service.calls == [])
    let isKept = try fixture.store.secret(for: journal).exists
    #expect(isKept)
  }
}

// MARK: - Rotation fixture

/// A user with one key, which is in the keyring as that of `alice`.
final class RotationFixture {
  static let old = "AKIAMADEUP0000000001"

  let service = KeyServiceDouble()
  let store = InterruptedStore()
  let clock = TestClock()
  private(set) var events: [RotationEvent] = []
  private(set) var pauses = 0

  var confirm: ((ListedKey) throws -> Void)?

  init() throws { try storeKey(as: "alice") }

  func storeKey(as profile: String) throws {
    let credentials = Credentials(accessKeyID: Self.old, secretAccessKey: SecretBytes(copying: "made/up+1"))
    try keys.save(LongTermKey(credentials: credentials, stored: clock.now), for: profile)
  }

  var keys: LongTermKeys { LongTermKeys(store: store) }
  var journals: RotationJournals { RotationJournals(store: store) }

  func rotate(_ wish: RotationRequest = RotationRequest()) throws -> RotationOutcome { try rotation(wish).run() }

  /// A run in which `fault` happens; returns how many operations it had.
  func rotate(with fault: InjectedFault) -> Result<RotationOutcome, any Error> {
    (service.fault, store.fault) = (fault, fault)
    defer { (service.fault, store.fault) = (.none, .none) }
    return Result { try rotate() }
  }

  /// Rotates until it is done. A key that nobody can prove to be ours is named first, and deleted by the user.
  func rotateToTheEnd() throws {
    do {
      _ = try rotate()
    } catch let error as RotationError {
      guard let spare = error.spareKey else { throw error }
      service.keys.removeAll { $0.id == spare }
      _ = try rotate()
    }
  }

  private func rotation(_ wish: RotationRequest = RotationRequest()) -> KeyRotation {
    let now: @Sendable () -> Date = { [clock] in clock.now }
    let client = AWSClient(
      connection: Connection(region: "eu-west-1"), transport: service,
      dependencies: ClientDependencies(now: now, random: { 1 }, pause: { _ in }))
    let services = RotationServices(
      keys: keys, journals: journals, sessions: SessionCache(store: NoSessions(), folder: nil, now: now),
      locks: KeyLocks(folder: store.store.folder), client: client,
      userCredentials: { [keys] in
        guard let key = try keys.key(of: "alice") else { throw SessionError.noKey(profile: "alice", plainText: nil) }
        return key.credentials.clone()
      }, confirm: confirm)
    let polling = PollingPolicy { [unowned self] _ in pauses += 1 }
    return KeyRotation(of: "alice", wish, services, polling: polling, now: now) { [unowned self] in events.append($0) }
  }

  /// The id and secret in the keyring.
  func stored(as profile: String = "alice") throws -> String? {
    try keys.key(of: profile).withValue { key in
      "\(key.credentials.accessKeyID) \(key.credentials.secretAccessKey.revealed() ?? "")"
    }
  }

  /// The key in the keyring, if AWS takes it and the secret is its own.
  func workingKey(of profile: String = "alice") throws -> String? {
    guard let parts = try stored(as: profile)?.split(separator: " ").map(String.init), parts.count == 2 else {
      return nil
    }
    let works = service.keys.contains { $0.id == parts[0] && $0.isActive }
    return works && parts[1].last == parts[0].last ? parts[0] : nil
  }
}

extension RotationError {
  /// The key that the user is told to delete, if nobody uses it.
  var spareKey: String? {
    guard case .twoKeys(let keys) = self else { return nil }
    return keys.first { $0.profiles.isEmpty }?.key.id.text
  }
}
