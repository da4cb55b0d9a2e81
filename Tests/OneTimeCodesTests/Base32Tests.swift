import Secrets
import TestSupport
import Testing

@testable import OneTimeCodes

struct Base32Tests {
  /// RFC 4648, 10, with and without padding and in either case.
  @Test(arguments: [
    ("", ""), ("MY======", "f"), ("MZXQ", "fo"), ("MZXW6===", "foo"), ("MZXW6YQ=", "foob"), ("mzxw6ytb", "fooba"),
    ("MZXW6YTBOI======", "foobar"), ("mZxW6yTbOi", "foobar"),
  ])
  func `base32 is that of RFC 4648`(text: String, plain: String) {
    #expect(decode(text) == plain)
  }

  @Test(arguments: [
    "M", "MZX", "MZXW6Y", "MZXW1", "MZXW8", "MZXW0", "MZ XQ", "MZXQ\n", "MZ=XQ", "=", "========", "MZXQ=", "MZXQ=====",
    "MZXW6YTB========", "MZXQ-", "ÄZXQ", "MZX\u{0}",
  ])
  func `anything else is refused`(text: String) {
    #expect(decode(text) == nil)
  }

  @Test func `a seed of no bytes is none, and another is kept as it came`() throws {
    let empty = MFASeed(base32: SecretBytes()).exists
    #expect(!empty)
    guard let seed = MFASeed(base32: SecretBytes(copying: "mzxw6ytb")) else { throw SetupFailure("no seed") }
    let text = seed.base32.revealed()
    #expect(text == "mzxw6ytb")
  }

  private func decode(_ text: String) -> String? {
    Base32.decode(SecretBytes(copying: text)).withValue { $0.revealed() } ?? nil
  }
}
