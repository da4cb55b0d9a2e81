import AWSDouble
import Foundation
import Testing

struct TOTPTests {
  @Test(arguments: [
    (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
  ])
  func `codes are those of RFC 6238`(seconds: Int, code: String) {
    let totp = TOTP(seed: Array("12345678901234567890".utf8))
    let step = TOTP.step(at: Date(timeIntervalSince1970: Double(seconds)))
    #expect(totp.code(step: step, digits: 8) == code)
    #expect(totp.code(step: step) == String(code.suffix(6)))
  }

  @Test(arguments: [
    ("", ""), ("MY======", "f"), ("MZXQ", "fo"), ("MZXW6===", "foo"), ("MZXW6YQ=", "foob"), ("mzxw6ytb", "fooba"),
    ("MZXW6YTBOI======", "foobar"),
  ])
  func `base32 is that of RFC 4648`(text: String, plain: String) {
    #expect(Base32.decode(text) == Array(plain.utf8))
  }

  @Test func `a seed with a character outside the alphabet is refused`() {
    #expect(Base32.decode("MZXW1") == nil)
  }
}
