import TestSupport
import Testing

@testable import Sessions

/// What was left after interrupted rotations, and after the next one.
struct RotationTally {
  private(set) var points = 0
  private var lost = 0
  private var stray = 0

  /// Counts a bench on which a rotation was interrupted, and has another one end well.
  mutating func count(_ bench: RotationBench, _ place: String) throws {
    points += 1
    let key = try bench.workingKey()
    if key == nil { lost += 1 }
    #expect(key != nil, "no working key: \(place)")
    #expect(throws: Never.self, "\(place)") { try bench.rotate() }
    #expect(try bench.workingKey() != nil, "no working key in the end: \(place)")
    stray += bench.service.keys.count - 1
    #expect(bench.service.keys.count == 1, "stray keys: \(place)")
    #expect(try !bench.journals.isOpen(of: "alice"), "\(place)")
  }

  func publish(_ name: String) {
    TestSupport.publish(figure: "\(name): points, keys lost, stray keys", "\(points), \(lost), \(stray)")
  }
}
