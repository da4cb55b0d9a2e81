import Foundation
import OneTimeCodes
import Secrets
import TestSupport
import Testing

@Suite(.enabled(if: Python.isInstalled, Python.isMissing))
struct CodeDifferentialTests {
  @Test func `10000 random seeds make the codes that Python makes of them`() throws {
    var random = SeededGenerator(seed: 6238)
    let cases = (0..<10_000).map { _ in RandomSeed(&random) }
    let expected = try Python.answers(to: cases, from: "totp", as: Code.self)
    try #require(expected.count == cases.count)
    let wrong = try zip(cases, expected).filter { try $0.code() != $1.code }
    #expect(wrong.isEmpty, "\(wrong.count) differ, such as \(wrong.prefix(3))")
    #expect(expected.contains { $0.code == nil } && expected.contains { $0.code?.hasPrefix("0") == true })
  }
}

private struct Code: Decodable {
  let code: String?
}

/// A seed, mostly base32, and a time.
private struct RandomSeed: Encodable {
  let seed: String
  let seconds: Int

  init(_ random: inout SeededGenerator) {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".map(String.init)
    let strange = random.isOne(in: 20) ? ["0", "1", "8", "9", "=", "-", " ", "a", "z", "é"] : []
    var text = random.text(1...80, of: letters + strange + strange)
    if random.isOne(in: 3) { text = text.lowercased() }
    if random.isOne(in: 3) { text += String(repeating: "=", count: (8 - text.utf8.count % 8) % 8) }
    seed = text
    seconds = random.number(0...(random.isOne(in: 2) ? 4_102_444_800 : 253_402_300_799))
  }

  func code() throws -> String? {
    guard let seed = MFASeed(base32: SecretBytes(copying: seed)) else { return nil }
    return try seed.code(of: TimeStep(at: Date(timeIntervalSince1970: TimeInterval(seconds)))).revealed()
  }
}
