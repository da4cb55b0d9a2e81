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
    var tally = RotationTally()
    for extent in Mishap.Extent.allCases {
      for number in 1...30 {
        let bench = try RotationBench()
        let mishap = Mishap(at: number, kind, extent)
        _ = bench.rotate(with: mishap)
        guard mishap.count >= number else { break }
        try tally.count(bench, "\(kind) at \(number), \(extent)")
      }
    }
    #expect(tally.points >= 2 * KeyRotationTests.operations - 1)
    tally.publish("rotate with every call \(kind.rawValue)")
  }

  @Test func `a second interruption of the rotation that recovers loses nothing either`() throws {
    var tally = RotationTally()
    for first in 1...KeyRotationTests.operations {
      for second in 1...20 {
        let bench = try RotationBench()
        _ = bench.rotate(with: Mishap(at: first, .killedAfter, .once))
        _ = bench.rotate(with: Mishap(at: second, .killedAfter, .once))
        try tally.count(bench, "killed after \(first), then after \(second)")
      }
    }
    tally.publish("rotate killed twice")
  }
}
