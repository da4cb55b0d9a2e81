import FoundationEssentials
import Hashing
import Secrets

@testable import Sessions

/// Reads keyring payloads, as they are and with the magic number and a checksum that is right.
enum PayloadTarget {
  static func check(_ input: [UInt8]) throws {
    try read(input)
    var sealed = PayloadWriter.magic + input
    let checksum = try Digest.sha256(of: SecretBytes(copying: sealed.span))
    sealed += checksum
    try read(sealed)
    guard !input.isEmpty else { return }
    sealed[Int(input[0]) % sealed.count] ^= 1 << (input[input.count - 1] & 7)
    try demand(key(in: sealed) == nil && session(in: sealed) == nil, "a payload with a flipped bit was read")
  }

  /// What is read is written and read again, the same.
  private static func read(_ payload: [UInt8]) throws {
    if let found = key(in: payload) { try demand(key(in: found.rewritten) == found, "a key came back changed") }
    if let found = session(in: payload) {
      try demand(session(in: found.rewritten) == found, "a session came back changed")
    }
  }

  private struct Found: Equatable {
    let fields: [String]
    let rewritten: [UInt8]
  }

  private static func key(in payload: [UInt8]) -> Found? {
    guard let key = try? LongTermKey(payload: SecretBytes(copying: payload.span)) else { return nil }
    let rewritten = key.payload().bytes
    let secret = key.credentials.secretAccessKey.bytes
    let isRare = key.created.timeIntervalSince1970.truncatingRemainder(dividingBy: 10) != 0
    let created = Planted.bug(in: key.created.rfc3339, when: isRare, "\(payload.count) \(payload.last ?? 0)")
    return Found(fields: [key.credentials.accessKeyID, "\(secret)", created], rewritten: rewritten)
  }

  private static func session(in payload: [UInt8]) -> Found? {
    guard let session = try? CachedSession(payload: SecretBytes(copying: payload.span)) else { return nil }
    let rewritten = session.payload().bytes
    let token = session.credentials.sessionToken.withValue { $0.bytes }
    let secrets = [session.credentials.secretAccessKey.bytes, token]
    return Found(fields: [session.credentials.accessKeyID, "\(secrets)", "\(session.about)"], rewritten: rewritten)
  }
}
