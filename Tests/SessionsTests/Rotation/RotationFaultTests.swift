import AWSServices
import TestSupport
import Testing

@testable import Sessions

/// Every call of AWS and of the keyring in a rotation goes wrong in every way, once and from there on.
struct RotationFaultTests {
  @Test func `the count of operations is that of an undisturbed run`() throws {
    let mishap = Mishap.none
    let bench = try RotationBench()
    _ = try bench.rotate(with: mishap).get()
    #expect(mishap.count == KeyRotationTests.operations)
  }

  @Test(arguments: Interruption.allCases)
  func `no fault loses the key, and the next rotations leave one key`(kind: Interruption) throws {
    var points = 0
    for extent in Mishap.Extent.allCases {
      for number in 1...30 {
        let bench = try RotationBench()
        let mishap = Mishap(at: number, kind, extent)
        _ = bench.rotate(with: mishap)
        guard mishap.count >= number else { break }
        points += 1
        try expectRecovery(of: bench, "\(kind) at \(number), \(extent)")
      }
    }
    #expect(points >= 2 * KeyRotationTests.operations - 1)
    publish(figure: "rotate with every call \(kind.rawValue): points, keys lost, stray keys", "\(points), 0, 0")
  }

  @Test func `a second interruption of the rotation that recovers loses nothing either`() throws {
    for first in 1...KeyRotationTests.operations {
      for second in 1...20 {
        let bench = try RotationBench()
        _ = bench.rotate(with: Mishap(at: first, .killedAfter, .once))
        _ = bench.rotate(with: Mishap(at: second, .killedAfter, .once))
        try expectRecovery(of: bench, "killed after \(first), then after \(second)")
      }
    }
  }

  private func expectRecovery(of bench: RotationBench, _ place: String) throws {
    #expect(try bench.workingKey() != nil, "no working key: \(place)")
    #expect(throws: Never.self, "\(place)") { try bench.rotate() }
    #expect(try bench.workingKey() != nil, "no working key in the end: \(place)")
    #expect(bench.service.keys.count == 1, "stray keys: \(place)")
    #expect(try !bench.journals.isOpen(of: "alice"), "\(place)")
  }
}
