import FoundationEssentials
import Secrets
import TestSupport
import Testing

@testable import AWSServices

struct CodeTests {
  /// RFC 6238, appendix B, for SHA-1; the seed is "12345678901234567890".
  @Test(arguments: [
    (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
  ])
  func `codes are those of RFC 6238`(seconds: Int, code: String) throws {
    let text = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    guard let seed = MFASeed(base32: SecretBytes(copying: text)) else { throw SetupFailure("no seed") }
    let step = TimeStep(at: Date(timeIntervalSince1970: Double(seconds)))
    let six = try seed.code(of: step).revealed()
    #expect(six == String(code.suffix(6)))
  }

  @Test(arguments: [(0.0, 0), (29.999, 0), (30, 1), (59, 1), (-0.5, -1), (-30, -1), (-30.5, -2)])
  func `a step is half a minute`(seconds: Double, number: Int) {
    let step = TimeStep(at: Date(timeIntervalSince1970: seconds))
    #expect(step.number == number)
    #expect(step.end.timeIntervalSince1970 == Double(number + 1) * 30)
    #expect(step < step.next && TimeStep(at: step.end) == step.next)
  }

  @Test func `a seed of no bytes is none, and another is kept as it came`() throws {
    let empty = MFASeed(base32: SecretBytes()).exists
    #expect(!empty)
    guard let seed = MFASeed(base32: SecretBytes(copying: "mzxw6ytb")) else { throw SetupFailure("no seed") }
    let text = seed.base32.revealed()
    #expect(text == "mzxw6ytb")
  }
}
