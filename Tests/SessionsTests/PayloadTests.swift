import FoundationEssentials
import Secrets
import Testing

@testable import Sessions

struct PayloadTests {
  static let created = Date(timeIntervalSince1970: 1_795_000_000)

  static func keyPayload() -> [UInt8] {
    let credentials = Credentials(
      accessKeyID: "AKIAMADEUP0000000001", secretAccessKey: SecretBytes(copying: "made/up+secret"))
    return LongTermKey(credentials: credentials, created: created).payload().array
  }

  /// What a payload holds, as a test can compare it.
  static func read(_ payload: [UInt8]) throws -> [String] {
    let key = try LongTermKey(payload: SecretBytes(copying: payload.span))
    let secret = key.credentials.secretAccessKey.revealed() ?? ""
    return [key.credentials.accessKeyID, secret, "\(Int(key.created.timeIntervalSince1970))"]
  }

  @Test func `a key comes back whole from its payload`() throws {
    #expect(try Self.read(Self.keyPayload()) == ["AKIAMADEUP0000000001", "made/up+secret", "1795000000"])
  }

  @Test func `every bit flip of a payload is refused`() throws {
    let payload = Self.keyPayload()
    for index in payload.indices {
      for bit in 0..<8 {
        var damaged = payload
        damaged[index] ^= 1 << bit
        #expect(throws: PayloadError.self) { try Self.read(damaged) }
      }
    }
  }

  @Test func `every truncation of a payload is refused`() throws {
    let payload = Self.keyPayload()
    for length in payload.indices {
      #expect(throws: PayloadError.self) { try Self.read(Array(payload[..<length])) }
    }
  }

  @Test func `a payload with one field too many is refused`() throws {
    let payload = Self.payload(version: 1, ["AKIAMADEUP0000000001", "secret", "1795000000", "more"])
    #expect(throws: PayloadError.malformed) { try Self.read(payload) }
  }

  @Test(arguments: ["9223372036854775807", "253402300800", "-1", "", "1e9"])
  func `a payload whose time is in no year up to 9999 is refused`(seconds: String) throws {
    let payload = Self.payload(version: 1, ["AKIAMADEUP0000000001", "secret", seconds])
    #expect(throws: PayloadError.malformed) { try Self.read(payload) }
  }

  @Test func `a payload of another version is told by its number`() throws {
    let payload = Self.payload(version: 9, ["whatever"])
    #expect(throws: PayloadError.unknownVersion(9)) { try Self.read(payload) }
  }

  @Test func `a session comes back with what is known of it`() throws {
    let about = CachedSession.About(
      keyProfile: "base", role: nil, device: "arn:aws:iam::123456789012:mfa/me", issued: Self.created,
      expiration: Self.created + 3600)
    let session = CachedSession(credentials: .madeUpSession(until: about.expiration), about: about)
    let copy = try CachedSession(payload: session.payload())
    let (read, expiration) = (copy.about, copy.credentials.expiration)
    #expect(read == about)
    #expect(expiration == about.expiration)
  }

  private static func payload(version: UInt8, _ fields: [String]) -> [UInt8] {
    var writer = PayloadWriter(version: version)
    for field in fields { writer.append(field) }
    return writer.sealed().array
  }
}

extension Credentials {
  /// Temporary credentials nobody issued.
  static func madeUpSession(until expiration: Date) -> Credentials {
    Credentials(
      accessKeyID: "ASIAMADEUP0000000001", secretAccessKey: SecretBytes(copying: "s"),
      sessionToken: SecretBytes(copying: "t"), expiration: expiration)
  }
}
