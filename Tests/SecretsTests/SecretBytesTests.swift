import Glibc
import TestSupport
import Testing

@testable import Secrets

struct SecretBytesTests {
  @Test func `bytes appended beyond one page come back unchanged`() {
    var secret = SecretBytes()
    let chunk = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for _ in 0..<9 { secret.append(chunk.span) }
    #expect(secret.count == 9000)
    let read = secret.array
    #expect(read == Array(repeating: chunk, count: 9).flatMap { $0 })
  }

  @Test(arguments: [("0123456789", true), ("0123456780", false), ("x123456789", false), ("012345678", false)])
  func `equality looks at every byte`(other: String, equal: Bool) {
    let secret = SecretBytes(copying: "0123456789")
    let answer = secret.equals(SecretBytes(copying: other))
    #expect(answer == equal)
  }

  /// Otherwise the time that a comparison takes would tell how much of a guess is right.
  @Test func `equality reads what comes after a difference`() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      let size = 2 * Int(getpagesize())
      let secret = SecretBytes(copying: [UInt8](repeating: 1, count: size).span)
      let other = SecretBytes(copying: ([2] + [UInt8](repeating: 1, count: size - 1)).span)
      secret.withBytes { bytes in
        bytes.withUnsafeBytes { memory in
          let start = UnsafeMutableRawPointer(mutating: memory.baseAddress)
          precondition(mprotect(start.map { $0 + size / 2 }, size / 2, PROT_NONE) == 0)
        }
        // Ends here, before the memory is wiped.
        _exit(secret.equals(other) ? 1 : 0)
      }
    }
  }

  @Test func `memory that is used again holds nothing of the secret before`() throws {
    for _ in 0..<20 {
      let pages = LockedPages.taken(for: 1)
      try #require(pages.bytes.allSatisfy { $0 == 0 })
      let start = try #require(pages.bytes.baseAddress)
      memset(start, 0xa5, pages.bytes.count)
      pages.giveBack()
    }
  }

  @Test func `text that is not UTF-8 is not revealed`() {
    let bytes: [UInt8] = [0x41, 0xff]
    let invalid = SecretBytes(copying: bytes.span).revealed()
    let valid = SecretBytes(copying: "é").revealed()
    #expect(invalid == nil)
    #expect(valid == "é")
  }

  @Test func `a clone of a range owns its bytes`() {
    let secret = SecretBytes(copying: "AKIA:secret")
    let clone = secret.clone(5..<11).revealed()
    #expect(clone == "secret")
  }
}
