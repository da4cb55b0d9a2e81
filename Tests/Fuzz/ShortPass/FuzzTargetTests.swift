import Foundation
import Testing

struct FuzzTargetTests {
  @Test(arguments: FuzzTarget.allCases)
  func `nothing in its corpus, nor a mutation of it, shows a bug in a fuzz target`(target: FuzzTarget) throws {
    let seeds = try Corpus.seeds(of: target)
    try #require(!seeds.isEmpty)
    for seed in seeds { #expect(throws: Never.self) { try target.check(seed) } }
    var mutation = Mutation(of: seeds)
    for round in 0..<2000 {
      let input = mutation.next()
      #expect(throws: Never.self, "round \(round): \(String(decoding: input, as: UTF8.self))") {
        try target.check(input)
      }
    }
  }
}

/// The inputs kept beside the targets: what a fuzzer starts from, and what once showed a bug.
enum Corpus {
  static func seeds(of target: FuzzTarget, file: String = #filePath) throws -> [[UInt8]] {
    let folder = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Corpus/\(target.rawValue)")
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.path < $1.path }.map { [UInt8](try Data(contentsOf: $0)) }
  }
}

// MARK: - Mutation

/// Changes seeds a little, in the same way each time.
struct Mutation {
  private let seeds: [[UInt8]]
  private var state: UInt64 = 20_261_121

  init(of seeds: [[UInt8]]) {
    self.seeds = seeds
  }

  mutating func next() -> [UInt8] {
    var input = seeds[random(below: seeds.count)]
    for _ in 0...random(below: 4) { change(&input) }
    return input
  }

  private mutating func change(_ input: inout [UInt8]) {
    let place = random(below: input.count + 1)
    let byte = UInt8(random(below: 256))
    switch random(below: 6) {
    case 0 where place < input.count: input[place] ^= 1 << (byte & 7)
    case 1 where place < input.count: input[place] = byte
    case 2 where place < input.count: input.removeSubrange(place..<min(input.count, place + Int(byte & 15)))
    case 3: input.insert(contentsOf: input.suffix(Int(byte & 31)), at: place)
    case 4: input.insert(contentsOf: seeds[random(below: seeds.count)].prefix(Int(byte)), at: place)
    default: input.insert(byte, at: place)
    }
  }

  /// Knuth's linear congruential generator, of which the high bits are good.
  private mutating func random(below limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }
}
