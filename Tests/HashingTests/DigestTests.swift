import Hashing
import Secrets
import Testing

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
