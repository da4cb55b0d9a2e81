import TestSupport

extension SeededGenerator {
  /// Text of `length` parts, each one of `parts`.
  mutating func text(_ length: ClosedRange<Int>, of parts: [String]) -> String {
    (0..<Int.random(in: length, using: &self)).compactMap { _ in parts.randomElement(using: &self) }.joined()
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// True once in `count` times.
  mutating func isOne(in count: Int) -> Bool { number(1...count) == 1 }
}
