import Foundation
import Hashing
import Secrets
import Testing

@testable import Browser

struct PKCETests {
  /// RFC 7636, appendix B, and one of Python's hashlib.
  @Test(arguments: [
    ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
    (
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.",
      "0yYmnP4bO4rGE_A5t7N38moWM6-SEO0vHhtepQ3V1eY"
    ),
  ])
  func `a challenge is the verifier's SHA-256 in base64url`(verifier: String, challenge: String) {
    let proof = PKCE(verifier: SecretBytes(copying: verifier))
    #expect(proof.challenge == challenge)
  }

  @Test func `a verifier is 64 of the allowed characters, each of which comes`() {
    var seen: Set<Character> = []
    for _ in 0..<100 {
      let proof = PKCE()
      let text = proof.verifier.revealed() ?? ""
      #expect(text.wholeMatch(of: /[A-Za-z0-9_-]{64}/) != nil)
      seen.formUnion(text)
    }
    #expect(seen.count == 64)
  }
}

// MARK: - Form

struct SecretFormTests {
  @Test(arguments: [
    ("a=1&b=2", "b", "2"), ("a", "a", ""), ("a=", "a", ""), ("", "a", nil), ("a=1&a=1", "a", nil),
    ("a=b=c", "a", "b=c"),
    ("%61=%41%zz%4", "a", "A%zz%4"), ("a=x+y%2B", "a", "x y+"), ("&&a=1&", "a", "1"), ("A=1", "a", nil),
  ])
  func `a value is that of the one parameter of its name`(text: String, name: String, value: String?) {
    let found = SecretForm(SecretBytes(copying: text)).value(of: name).withValue { $0.revealed() ?? "?" }
    #expect(found == value)
  }
}
