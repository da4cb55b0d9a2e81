package import FoundationEssentials

/// The half minute for which a code holds, counted from 1970 (RFC 6238, 4).
package struct TimeStep: Equatable, Comparable, Sendable {
  package let number: Int

  /// Seconds.
  package static let length: TimeInterval = 30

  package init(number: Int) {
    self.number = number
  }

  package init(at time: Date) {
    self.number = Int((time.timeIntervalSince1970 / TimeStep.length).rounded(.down))
  }

  package var next: TimeStep { TimeStep(number: number + 1) }

  /// When the code of the next step is shown.
  package var end: Date { Date(timeIntervalSince1970: Double(next.number) * TimeStep.length) }

  package static func < (left: TimeStep, right: TimeStep) -> Bool { left.number < right.number }
}
