import Secrets
import Testing

@testable import Hashing

struct DigestTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ])
  func `a digest is SHA-256's, in lower-case digits`(text: String, digest: String) throws {
    let found = Digest.hex(try Digest.sha256(of: SecretBytes(copying: text)))
    #expect(found == digest)
  }
}

// MARK: - Base64 tests

struct Base64Tests {
  /// RFC 4648, 10, and the two characters in which the alphabets differ.
  @Test(arguments: [
    ([], ""), ([0x66], "Zg"), ([0x66, 0x6f], "Zm8"), ([0x66, 0x6f, 0x6f], "Zm9v"),
    ([0x66, 0x6f, 0x6f, 0x62], "Zm9vYg"),
    ([0xfb, 0xff, 0xbf], "-_-_"), ([0x00], "AA"), ([0xff, 0xff], "__8"),
  ])
  func `text for URLs has no padding`(bytes: [UInt8], text: String) {
    #expect(Base64.urlText(bytes) == text)
  }

  @Test(arguments: [
    ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYg", "foob"), (" Zm9v\n Yg = =\r\n", "foob"), ("", ""),
    ("_-8gPw", nil), ("Zm9v*", nil), ("Zm9vY", nil),
  ])
  func `pasted text is decoded without padding and with white space`(text: String, decoded: String?) {
    let bytes = Base64.decodeLeniently(SecretBytes(copying: text))
    let found = bytes.withValue { $0.revealed() } ?? nil
    #expect(found == decoded)
  }
}

// MARK: - Base32 tests

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

  private func decode(_ text: String) -> String? {
    Base32.decode(SecretBytes(copying: text)).withValue { $0.revealed() } ?? nil
  }
}

// MARK: - SHA256 tests

struct SHA256Tests {
  /// FIPS 180-4's examples, and lengths around the end of a block, which Python's hashlib judged.
  @Test(arguments: [
    ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    ("a", 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
    ("a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func `a digest is the standard's`(text: String, times: Int, digest: String) {
    var hash = SHA256()
    for _ in 0..<times { hash.append(text.utf8.span) }
    let bytes = hash.finish()
    #expect(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == digest)
  }
}
