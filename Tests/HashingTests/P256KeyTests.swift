import Secrets
import Testing

@testable import Hashing

/// One key, whose vectors python-cryptography made.
struct P256KeyTests {
  private static let sec1 = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIMaJg5O8Jy7ugsZdrOzrg5gu80w/RA6/wBPxbpBN8Z/foAoGCCqGSM49
    AwEHoUQDQgAEbW24Yon+QBW+yHtp47f4FVBJoCqWI6xvTuIOUXzoQBPrcb8Vrvhc
    3x0oLIvK1gjQGAgWaJTTTLfdF9FjSLpJBA==
    -----END EC PRIVATE KEY-----

    """
  private static let pkcs8 = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxomDk7wnLu6Cxl2s
    7OuDmC7zTD9EDr/AE/FukE3xn9+hRANCAARtbbhiif5AFb7Ie2njt/gVUEmgKpYj
    rG9O4g5RfOhAE+txvxWu+FzfHSgsi8rWCNAYCBZolNNMt90X0WNIukkE
    -----END PRIVATE KEY-----

    """

  @Test(arguments: [sec1, pkcs8])
  func `a key in either form has the same point, and is written as SEC 1`(text: String) throws {
    guard let key = try P256Key(pem: SecretBytes(copying: text)) else { throw HashingError.algorithmUnavailable("PEM") }
    let point = try key.point()
    #expect(Base64.urlText(point.x) == "bW24Yon-QBW-yHtp47f4FVBJoCqWI6xvTuIOUXzoQBM")
    #expect(Base64.urlText(point.y) == "63G_Fa74XN8dKCyLytYI0BgIFmiU00y33RfRY0i6SQQ")
    let pem = try key.pem().revealed()
    #expect(pem == Self.sec1)
  }

  @Test(arguments: ["", "no key", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", encrypted])
  func `what holds no key that can be read is none, and no password is asked for`(text: String) throws {
    let isKey = try P256Key(pem: SecretBytes(copying: text)).exists
    #expect(!isKey)
  }

  /// By a password that is not empty.
  private static let encrypted = """
    -----BEGIN EC PRIVATE KEY-----
    Proc-Type: 4,ENCRYPTED
    DEK-Info: AES-128-CBC,8B6A1C3F0D6E2B4A9C7D5E1F3A2B4C6D

    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    -----END EC PRIVATE KEY-----

    """

  @Test func `every key is another one`() throws {
    let (one, other) = (try P256Key().pem().revealed(), try P256Key().pem().revealed())
    #expect(one != other)
  }

  @Test func `a number that is shorter by a byte is padded`() throws {
    let r = try bytes("7a2a5512aa1ede24f8993c2865466bf18c195d1eb4a18dd9ba6aee881a31980c")
    let s = try bytes("cc0631437a53361b1e865d2eaf37bfd3000c39f8dae9845d47500e6ec5301a")
    let der: [UInt8] = [0x30, 0x44, 0x02, 0x20] + r + [0x02, 0x20, 0x00] + s
    #expect(try Libcrypto.open().halves(ofDER: der) == r + [0] + s)
    #expect(try Libcrypto.open().halves(ofDER: [0x30]) == nil)
  }

  private func bytes(_ digits: String) throws -> [UInt8] {
    let digits = Array(digits)
    return try stride(from: 0, to: digits.count, by: 2).map { index in
      try #require(UInt8(String(digits[index...(index + 1)]), radix: 16))
    }
  }
}
