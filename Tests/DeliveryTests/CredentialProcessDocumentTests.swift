import Foundation
import Secrets
import Testing

@testable import Delivery

struct CredentialProcessDocumentTests {
  @Test func `a session is one line with token and expiration`() throws {
    let text = try CredentialProcessDocument.render(.session()).revealed()
    #expect(
      text == """
        {"Version": 1, "AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "made-up/secret+key=", \
        "Expiration": "2026-11-21T08:00:00Z", "SessionToken": "made-up-token=="}

        """)
  }

  @Test func `a long-term key has neither token nor expiration`() throws {
    let text = try CredentialProcessDocument.render(.key()).revealed()
    #expect(
      text == #"{"Version": 1, "AccessKeyId": "AKIAEXAMPLE", "SecretAccessKey": "made-up/secret+key="}"# + "\n")
  }

  @Test(arguments: [
    #"quote " and \ backslash"#, "\n\r\t\u{8}\u{c}\0\u{1f}\u{7f}", "é漢字🙂\u{2028}\u{10ffff}", "</script>'`$(x)", "%s%n",
  ])
  func `a JSON reader gets every value back`(secret: String) throws {
    let text = try CredentialProcessDocument.render(.session(secret: secret, token: secret)).revealed() ?? ""
    let members = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(members["SecretAccessKey"] as? String == secret)
    #expect(members["SessionToken"] as? String == secret)
    #expect(members["Version"] as? Int == 1)
    #expect(text.filter { $0 == "\n" }.count == 1)
  }

  @Test func `an empty secret is refused`() {
    #expect(throws: DeliveryError.unusableValue(name: "SecretAccessKey", problem: .empty)) {
      try CredentialProcessDocument.render(.session(secret: "")).count
    }
  }

  @Test func `bytes that are not UTF-8 are refused`() {
    let bytes: [UInt8] = [0x41, 0xed, 0xa0, 0x80]
    let credentials = Credentials(accessKeyID: "AKIAEXAMPLE", secretAccessKey: SecretBytes(copying: bytes.span))
    var caught: DeliveryError?
    do { _ = try CredentialProcessDocument.render(credentials).count } catch { caught = error }
    #expect(caught == .unusableValue(name: "SecretAccessKey", problem: .notUTF8))
  }
}
