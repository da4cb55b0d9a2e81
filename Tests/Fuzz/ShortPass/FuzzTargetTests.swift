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
