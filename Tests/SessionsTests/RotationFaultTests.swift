import AWSServices
import Keyring
import Secrets
import TestSupport
import Testing

@testable import Sessions

/// Every call of AWS and of the keyring in a rotation goes wrong in every way, once and from there on.
struct RotationFaultTests {
  @Test func `the count of operations is that of an undisturbed run`() throws {
    let fault = InjectedFault.none
    let fixture = try RotationFixture()
    _ = try fixture.rotate(with: fault).get()
    #expect(fault.count == KeyRotationTests.operations)
  }

  @Test(arguments: Interruption.allCases)
  func `no fault loses the key, and the next rotations leave one key`(kind: Interruption) throws {
    var tally = RotationTally()
    for extent in InjectedFault.Extent.allCases {
      for number in 1...30 {
        let fixture = try RotationFixture()
        let fault = InjectedFault(at: number, kind, extent)
        _ = fixture.rotate(with: fault)
        guard fault.count >= number else { break }
        try tally.count(fixture, "\(kind) at \(number), \(extent)")
      }
    }
    #expect(tally.points >= 2 * KeyRotationTests.operations - 1)
    tally.publish("rotate with every call \(kind.rawValue)")
  }

  @Test func `a second interruption of the rotation that recovers loses nothing either`() throws {
    var tally = RotationTally()
    for first in 1...KeyRotationTests.operations {
      for second in 1...20 {
        let fixture = try RotationFixture()
        _ = fixture.rotate(with: InjectedFault(at: first, .killedAfter, .once))
        _ = fixture.rotate(with: InjectedFault(at: second, .killedAfter, .once))
        try tally.count(fixture, "killed after \(first), then after \(second)")
      }
    }
    tally.publish("rotate killed twice")
  }
}

// MARK: - Rotation tally

/// What was left after interrupted rotations, and after the next one.
struct RotationTally {
  private(set) var points = 0
  private var lost = 0
  private var stray = 0

  /// Counts a fixture on which a rotation was interrupted, and has another one end well, once the user has deleted a key that
  /// it named.
  mutating func count(_ fixture: RotationFixture, _ place: String) throws {
    points += 1
    let key = try fixture.workingKey()
    if key == nil { lost += 1 }
    #expect(key != nil, "no working key: \(place)")
    #expect(throws: Never.self, "\(place)") { try fixture.rotateToTheEnd() }
    #expect(try fixture.workingKey() != nil, "no working key in the end: \(place)")
    stray += fixture.service.keys.count - 1
    #expect(fixture.service.keys.count == 1, "stray keys: \(place)")
    #expect(try fixture.journals.newKey(of: "alice") == nil, "\(place)")
  }

  func publish(_ name: String) {
    TestSupport.publish(figure: "\(name): points, keys lost, stray keys", "\(points), \(lost), \(stray)")
  }
}

// MARK: - InjectedFault

/// Counts the operations of a run and has one of them, or all from there on, go wrong.
final class InjectedFault {
  enum Extent: CaseIterable { case once, fromThereOn }

  private let number: Int
  private let kind: Interruption
  private let extent: Extent
  private(set) var count = 0

  init(at number: Int, _ kind: Interruption, _ extent: Extent) {
    self.number = number
    self.kind = kind
    self.extent = extent
  }

  static var none: InjectedFault { InjectedFault(at: .max, .failing, .once) }

  /// What happens to the next operation.
  func next() -> Interruption? {
    count += 1
    if count == number { return kind }
    guard count > number else { return nil }
    if kind.endsTheProcess { return .killedBefore }
    return extent == .fromThereOn ? kind : nil
  }
}

// MARK: - Interruption

/// What goes wrong with an operation of a rotation: a call of AWS or of the keyring.
enum Interruption: String, CaseIterable, Sendable {
  /// The process ends before the operation, or right after it.
  case killedBefore, killedAfter
  /// It fails and has no effect: no answer, a locked keyring.
  case failing
  /// It fails although it had its effect: an answer that is lost, a keyring that ends.
  case failingAfterwards
  /// AWS answers 500.
  case serverError
  /// AWS asks to slow down.
  case throttled
  /// AWS answers for another account.
  case otherAccount

  var endsTheProcess: Bool { self == .killedBefore || self == .killedAfter }
}

// MARK: - Interrupted store

/// A keyring in memory whose operations go wrong as a fault says.
final class InterruptedStore: SecretStore {
  let store = MemoryStore()
  var fault = InjectedFault.none

  func secret(for item: ItemID) throws(SecretStoreError) -> SecretBytes? {
    try operate { () throws(SecretStoreError) in try store.secret(for: item) }
  }

  func save(_ secret: borrowing SecretBytes, for item: ItemID) throws(SecretStoreError) {
    let secret = secret.clone()
    try operate { () throws(SecretStoreError) in try store.save(secret, for: item) }
  }

  func remove(_ item: ItemID) throws(SecretStoreError) {
    try operate { () throws(SecretStoreError) in try store.remove(item) }
  }

  func items(ofKind kind: ItemID.Kind) throws(SecretStoreError) -> [ListedItem] {
    try operate { () throws(SecretStoreError) in try store.items(ofKind: kind) }
  }

  private func operate<Result: ~Copyable>(
    _ body: () throws(SecretStoreError) -> Result
  ) throws(SecretStoreError) -> Result {
    switch fault.next() {
    case .killedBefore: throw .secretService(.changed)
    case .failing: throw .locked
    case .killedAfter, .failingAfterwards:
      _ = try body()
      throw .secretService(.serviceEnded)
    case .serverError, .throttled, .otherAccount, nil: return try body()
    }
  }
}
