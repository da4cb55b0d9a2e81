import TestSupport

/// When the keyring daemon is killed, counted from the moment a write begins.
enum Blow {
  case after(microseconds: UInt32)
  /// As soon as so many files in the daemon's folder have come, gone or changed their names; a write changes ten.
  case atChange(Int)

  init(using generator: inout SeededGenerator) {
    self =
      generator.isOne(in: 2)
      ? .after(microseconds: UInt32(generator.number(0...15_000))) : .atChange(generator.number(1...10))
  }
}
