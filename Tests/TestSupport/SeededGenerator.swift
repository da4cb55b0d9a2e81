/// The same numbers at every run: SplitMix64.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

extension SeededGenerator {
  /// Text of `length` parts, each one of `parts`.
  package mutating func text(_ length: ClosedRange<Int>, of parts: [String]) -> String {
    (0..<Int.random(in: length, using: &self)).compactMap { _ in parts.randomElement(using: &self) }.joined()
  }

  package mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// True once in `count` times.
  package mutating func isOne(in count: Int) -> Bool { number(1...count) == 1 }
}
