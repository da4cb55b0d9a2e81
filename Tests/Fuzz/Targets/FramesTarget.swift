import Secrets

@testable import Keyring

/// Reads the input as what the keyring worker is asked and as what it answers; what is read is written the same.
enum FramesTarget {
  static func check(_ input: [UInt8]) throws {
    if let request = try? KeyringRequest(decoding: SecretBytes(copying: input.span)) {
      let rewritten = request.encoded().bytes
      try demand(rewritten == input, "a request came back as \(rewritten)")
    }
    if let reply = try? KeyringReply(decoding: SecretBytes(copying: input.span)) {
      let rewritten = Planted.bug(in: reply.encoded().bytes, when: input == [5, 8], [])
      try demand(rewritten == input, "a reply came back as \(rewritten)")
    }
  }
}
