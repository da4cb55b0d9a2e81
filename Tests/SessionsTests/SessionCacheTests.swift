import FoundationEssentials
import Glibc
import Hashing
import Keyring
import Secrets
import TestSupport
import Testing

@testable import Sessions

struct SessionCacheTests {
  let store = MemoryStore()
  static let start = Date(timeIntervalSince1970: 1_795_000_000)

  func cache(secondsLater: TimeInterval = 0) -> SessionCache {
    SessionCache(store: store.sessions, folder: store.folder) { Self.start + secondsLater }
  }

  func save(
    keyProfile: String = "base", role: String? = nil, life: TimeInterval = 3600, duration: Int = 3600,
    since position: ForgottenSessions.Position? = nil
  ) throws -> PlanDigest {
    let digest = PlanDigest(of: PlanDigestTests.session(seconds: duration), stsEndpoint: PlanDigestTests.here)
    let about = CachedSession.About(
      source: .key(of: keyProfile), role: role, device: nil, issued: Self.start, expiration: Self.start + life)
    try cache().save(
      CachedSession(credentials: .madeUpSession(until: about.expiration), about: about), of: digest,
      since: position ?? cache().logPosition())
    return digest
  }

  @Test func `a session comes back while it has enough time left`() throws {
    let digest = try save()
    let early = try cache(secondsLater: 3300).session(of: digest, margin: .command).exists
    let late = try cache(secondsLater: 3301).session(of: digest, margin: .command).exists
    #expect(early)
    #expect(!late)
    #expect(store.contents.count == 1, "it is still good for others")
  }

  @Test func `an expired session is removed when it is met`() throws {
    let digest = try save()
    let found = try cache(secondsLater: 3600).session(of: digest, margin: .nextStep).exists
    #expect(!found)
    #expect(store.contents.isEmpty)
  }

  @Test func `a session that was made while the clock was ahead is not handed out once it is right`() throws {
    let digest = try save(life: 86_400 + 900)
    let early = try cache(secondsLater: -86_400).session(of: digest, margin: .nextStep).exists
    #expect(!early)
    #expect(store.contents.isEmpty)
  }

  @Test func `a damaged session counts as none and is removed`() throws {
    let digest = try save()
    let item = ItemID(kind: .session, name: digest.text)
    store.contents[item]?[20] ^= 1
    let found = try cache().session(of: digest, margin: .nextStep).exists
    #expect(!found)
    #expect(store.contents.isEmpty)
  }

  @Test func `listing drops what has expired and sorts by time left`() throws {
    _ = try save(life: 900, duration: 900)
    _ = try save(life: 7200, duration: 7200)
    _ = try save(life: 3600, duration: 3600)
    let left = try cache(secondsLater: 1000).all().map { $0.expiration.timeIntervalSince(Self.start) }
    #expect(left == [3600, 7200])
    #expect(store.contents.count == 2)
  }

  @Test func `sessions of one key are forgotten without the others`() throws {
    _ = try save(keyProfile: "base", duration: 900)
    _ = try save(keyProfile: "other", duration: 901)
    #expect(try cache().forget(.from(.key(of: "base"))).map(\.source.name) == ["base"])
    #expect(try cache().all().map(\.source.name) == ["other"])
    #expect(try cache().forget(.all).count == 1)
    #expect(store.contents.isEmpty)
  }

  @Test func `one session is forgotten without the others of its key`() throws {
    _ = try save(duration: 900)
    _ = try save(role: "arn:aws:iam::123456789012:role/deploy", duration: 901)
    _ = try save(role: "arn:aws:iam::123456789012:role/other", duration: 902)
    let scope = ForgottenSessions.Scope.of(role: "arn:aws:iam::123456789012:role/deploy", from: .key(of: "base"))
    #expect(try cache().forget(scope).count == 1)
    #expect(try Set(cache().all().map(\.role)) == [nil, "arn:aws:iam::123456789012:role/other"])
  }

  @Test func `what was forgotten while it was asked for is not kept, and what has nothing to do with it is`() throws {
    for (scope, isKept) in [
      (ForgottenSessions.Scope.all, false), (.from(.key(of: "base")), false),
      (.of(role: nil, from: .key(of: "base")), false),
      (.from(.key(of: "bas")), true), (.of(role: "arn", from: .key(of: "base")), true),
    ] {
      let position = cache().logPosition()
      try cache().forget(scope)
      let error = Result { try save(since: position) }.failure as? SessionError
      #expect(error == (isKept ? nil : .forgottenMeanwhile), "\(scope)")
      #expect(store.contents.count == (isKept ? 1 : 0), "\(scope)")
      _ = try save()
      #expect(store.contents.count == 1)
      try cache().forget(.all)
    }
  }

  @Test func `a log that was begun anew forgets what was asked for before`() throws {
    let position = cache().logPosition()
    for _ in 0..<20_000 { try cache().forget(.all) }
    let late = cache().logPosition()
    for _ in 0..<1_000 { try cache().forget(.all) }
    #expect(throws: SessionError.forgottenMeanwhile) { _ = try save(since: position) }
    #expect(throws: SessionError.forgottenMeanwhile) { _ = try save(since: late) }
    #expect(store.contents.isEmpty)
  }
}

extension Result {
  fileprivate var failure: Failure? {
    switch self {
    case .success: nil
    case .failure(let failure): failure
    }
  }
}

// MARK: - Session margin tests

struct SessionMarginTests {
  @Test(arguments: [
    (SessionMargin.command, 43200, 300, true),
    (.command, 43200, 299, false),
    (.credentialProcess, 3600, 960, true),
    (.credentialProcess, 3600, 959, false),
    (.credentialProcess, 900, 300, true),
    (.credentialProcess, 900, 299, false),
    (.command, 900, 300, true),
    (SessionMargin(timeLeft: 1800, short: .refuse), 900, 900, false),
    (SessionMargin(timeLeft: 0, short: .refuse), 900, 0, true),
  ])
  func `a session is handed out with enough time left`(margin: SessionMargin, life: Int, left: Int, allowed: Bool) {
    let issued = Date(timeIntervalSince1970: 1_795_000_000)
    let expiration = issued + TimeInterval(life)
    #expect(margin.allows(issued: issued, expiration: expiration, at: expiration - TimeInterval(left)) == allowed)
  }
}

// MARK: - Payload tests

struct PayloadTests {
  static let created = Date(timeIntervalSince1970: 1_795_000_000)

  static func keyPayload() -> [UInt8] {
    let credentials = Credentials(
      accessKeyID: "AKIAMADEUP0000000001", secretAccessKey: SecretBytes(copying: "made/up+secret"))
    return LongTermKey(credentials: credentials, stored: created).payload().array
  }

  /// What a payload holds, as a test can compare it.
  static func read(_ payload: [UInt8]) throws -> [String] {
    let key = try LongTermKey(payload: SecretBytes(copying: payload.span))
    let secret = key.credentials.secretAccessKey.revealed() ?? ""
    return [key.credentials.accessKeyID, secret, "\(Int(key.stored.timeIntervalSince1970))"]
  }

  @Test func `a key comes back whole from its payload`() throws {
    #expect(try Self.read(Self.keyPayload()) == ["AKIAMADEUP0000000001", "made/up+secret", "1795000000"])
  }

  @Test func `a key comes back with the account that AWS named`() throws {
    let credentials = Credentials(
      accessKeyID: "AKIAMADEUP0000000001", secretAccessKey: SecretBytes(copying: "made/up+secret"),
      account: "123456789012")
    let payload = LongTermKey(credentials: credentials, stored: Self.created).payload()
    #expect(try LongTermKey(payload: payload).credentials.account == "123456789012")
    #expect(try LongTermKey(payload: SecretBytes(copying: Self.keyPayload().span)).credentials.account == nil)
  }

  @Test(arguments: [-86_400 * 365 * 40, -1, 0])
  func `a key that was added while the clock was before 1970 comes back whole`(seconds: Int) throws {
    let credentials = Credentials(accessKeyID: "AKIAMADEUP0000000001", secretAccessKey: SecretBytes(copying: "s"))
    let created = Date(timeIntervalSince1970: TimeInterval(seconds))
    let payload = LongTermKey(credentials: credentials, stored: created).payload().array
    #expect(try Self.read(payload) == ["AKIAMADEUP0000000001", "s", "\(seconds)"])
  }

  @Test func `a person can read a key's payload`() {
    let text = String(decoding: Self.keyPayload(), as: UTF8.self)
    let members =
      #"{"format":2,"access_key_id":"AKIAMADEUP0000000001","secret_access_key":"made/up+secret","#
      + #""created":"2026-11-18T11:06:40Z","checksum":""#
    #expect(text.hasPrefix(members) && text.hasSuffix(#""}"#))
    #expect(text.utf8.count == members.utf8.count + 64 + 2)
  }

  @Test func `a key that version 0_1 stored comes back whole`() throws {
    let payload = Self.payload(version: 1, ["AKIAMADEUP0000000001", "made/up+secret", "1795000000"])
    #expect(try Self.read(payload) == ["AKIAMADEUP0000000001", "made/up+secret", "1795000000"])
  }

  @Test(arguments: ["\"", "\\", "a\"b\\c\\\"", "\u{1}\u{1f}\n", "ü🔑", ",\"checksum\":\"\"}"])
  func `a secret with any characters comes back whole`(secret: String) throws {
    let credentials = Credentials(accessKeyID: "AKIAMADEUP0000000001", secretAccessKey: SecretBytes(copying: secret))
    let payload = LongTermKey(credentials: credentials, stored: Self.created).payload().array
    #expect(try Self.read(payload)[1] == secret)
  }

  @Test func `a payload of a later format is recognized by its number`() throws {
    var payload = SecretBytes(copying: #"{"format":3,"x":"y""#)
    let checksum = payload.withBytes { SHA256.digest($0) }
    payload.append(#","checksum":"\#(Digest.hex(checksum))"}"#)
    #expect(throws: PayloadError.unknownVersion(3)) { try Self.read(payload.array) }
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

  @Test func `a payload with a member too many, or of another name, is refused`() throws {
    for names in [["access_key_id", "secret_access_key", "created", "more"], ["access_key_id", "secret", "created"]] {
      var writer = JSONPayloadWriter()
      for name in names { writer.append(name, "2026-11-18T11:06:40Z") }
      let payload = writer.sealed().array
      #expect(throws: PayloadError.malformed) { try Self.read(payload) }
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

  @Test func `a payload of another version is recognized by its number`() throws {
    let payload = Self.payload(version: 9, ["whatever"])
    #expect(throws: PayloadError.unknownVersion(9)) { try Self.read(payload) }
  }

  @Test func `a session comes back with what is known of it`() throws {
    let about = CachedSession.About(
      source: .key(of: "base"), role: nil, device: "arn:aws:iam::123456789012:mfa/me", issued: Self.created,
      expiration: Self.created + 3600)
    let session = CachedSession(credentials: .madeUpSession(until: about.expiration), about: about)
    let copy = try CachedSession(payload: session.payload())
    let (read, expiration) = (copy.about, copy.credentials.expiration)
    #expect(read == about)
    #expect(expiration == about.expiration)
  }

  static func payload(version: UInt8, _ fields: [String]) -> [UInt8] {
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

// MARK: - Runtime folder tests

struct RuntimeFolderTests {
  private let scratch = ScratchFolder()

  @Test(arguments: ["", "relative"])
  func `a cache folder that is empty or not absolute counts as unset, and locks are made below HOME`(cache: String)
    throws
  {
    let folder = RuntimeFolder(environment: ["XDG_CACHE_HOME": cache, "HOME": scratch.path])
    _ = try folder.file("lock")
    #expect(access(scratch.path + "/.cache/daypass/lock", F_OK) == 0)
  }
}
