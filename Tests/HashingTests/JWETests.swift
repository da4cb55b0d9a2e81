import Secrets
import TestSupport
import Testing

@testable import Hashing

struct JWETests {
  private func text(of token: String, _ passphrase: String = VaultEntry.passphrase) throws -> String? {
    try JWE.decrypted(SecretBytes(copying: token), with: SecretBytes(copying: passphrase)).revealed()
  }

  @Test func `a file that aws-vault encrypted is read`() throws {
    let token = VaultEntry.file
    let digest = Digest.hex(try Digest.sha256(of: SecretBytes(copying: token)))
    #expect(digest == "64dd3450ca4c9af3611b6cd77af8423755e878ddb70345102cfa70b0b63ef187")
    let item = try #require(try text(of: token))
    #expect(item.hasPrefix("{\"Key\":\"work\",\"Data\":\"eyJBY2Nlc3NLZXlJRCI6IkFLSUFJT1NGT0ROTjdFWEFNUExFIiwi"))
    #expect(item.hasSuffix("\"KeychainNotSynchronizable\":false}"))
    #expect(try text(of: token + "\n") == item)
    #expect(try text(of: VaultEntry.fileWithoutPassphrase, "") == item)
  }

  @Test(arguments: ["", "correct hors", "correct horse ", "Correct horse"])
  func `a wrong passphrase is distinguished from damage`(passphrase: String) {
    #expect(throws: JWEError.wrongPassphrase) { try text(of: VaultEntry.file, passphrase) }
  }

  /// The header is authenticated, too: a changed one is another passphrase's or damage.
  @Test func `no byte can be changed without notice`() throws {
    let token = Array(VaultEntry.file.utf8)
    let whole = try text(of: VaultEntry.file)
    for index in stride(from: 0, to: token.count, by: 7) {
      var changed = token
      changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      let read = Result { try text(of: String(decoding: changed, as: UTF8.self)) }
      // The last letter of a part has bits that stand for nothing.
      if case .success(let text) = read { #expect(text == whole) }
    }
  }

  @Test func `a file that is cut off anywhere is refused`() {
    let token = VaultEntry.file
    for length in stride(from: 0, to: token.count, by: 11) {
      #expect(throws: JWEError.self) { try text(of: String(token.prefix(length))) }
    }
  }

  @Test(arguments: [
    ("\"PBES2-HS256+A128KW\"", "\"dir\""), ("\"A256GCM\"", "\"A128CBC-HS256\""), ("8192", "999"),
    ("8192", "1300001"), ("8192", "99999999999999999999"), ("8192", "-1"), ("8192", "\"x\""), ("\"p2s\"", "\"x\""),
    ("\"enc\"", "\"x\""), ("{", "["),
  ])
  func `another algorithm, and a passphrase that would cost too much, are refused`(old: String, new: String) throws {
    var parts = VaultEntry.file.split(separator: ".").map(String.init)
    let header = try #require(
      Base64.decodeLeniently(SecretBytes(copying: parts[0])).withValue { $0.revealed() } ?? nil)
    let bytes = Array(header.replacing(old, with: new).utf8)
    parts[0] = Base64.urlText(bytes)
    let error = #expect(throws: JWEError.self) { try text(of: parts.joined(separator: ".")) }
    #expect([.malformed, .unsupported].contains(error))
  }
}
