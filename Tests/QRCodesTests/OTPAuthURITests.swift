import Secrets
import Testing

@testable import QRCodes

struct OTPAuthURITests {
  @Test(
    arguments: [
      (.full, "Amazon%20Web%20Services:alice@123456789012?secret=SEED&issuer=Amazon%20Web%20Services"),
      (.issuerInLabel, "Amazon%20Web%20Services:alice@123456789012?secret=SEED"),
      (.accountOnly, "alice@123456789012?secret=SEED"),
    ] as [(OTPAuthURI.Form, String)])
  func `the URI is that of the key URI format`(form: OTPAuthURI.Form, expected: String) throws {
    let text = try MadeUp.uri().text(form).revealed()
    #expect(text == "otpauth://totp/" + expected.replacing("SEED", with: MadeUp.seed))
  }

  @Test(arguments: [
    ("a+b=c,d.e-f_g@1", "a%2Bb%3Dc%2Cd.e-f_g@1"),
    ("a:b/c?secret=X&issuer=Y#%", "a%3Ab%2Fc%3Fsecret%3DX%26issuer%3DY%23%25"),
    ("\u{1b}[2J\n\0", "%1B%5B2J%0A%00"), ("é😀\u{202e}", "%C3%A9%F0%9F%98%80%E2%80%AE"), ("", ""),
  ])
  func `a hostile account is data`(account: String, encoded: String) throws {
    let text = try MadeUp.uriText(account: account, .accountOnly)
    #expect(text == "otpauth://totp/\(encoded)?secret=\(MadeUp.seed)")
  }

  @Test func `the seed's padding is left out`() throws {
    let uri = try OTPAuthURI(seed: SecretBytes(copying: "MFRGG==="), account: "a", issuer: "b")
    let text = uri.text(.accountOnly).revealed()
    #expect(text == "otpauth://totp/a?secret=MFRGG")
  }

  @Test(arguments: ["", "====", "ABC0", "ABC1", "abc", "AB CD", "A&issuer=B", "AB=C", "AB\n", "ÀB"])
  func `what is not base32 is no seed`(seed: String) {
    #expect(throws: QRCodeError.seedNotBase32) {
      _ = try OTPAuthURI(seed: SecretBytes(copying: seed), account: "a", issuer: "b")
    }
  }
}
