import AWSServices
import FoundationEssentials
import Keyring
import Secrets
import TestSupport
import Testing

@testable import Profiles
@testable import Sessions

struct CredentialResolverTests {
  static let key = "AKIAMADEUP0000000001"
  static let mfa = "ASIAMADEUPMFA0000001"
  static let role = "ASIAMADEUPROLE000001"
  static let other = "ASIAMADEUPOTHER00001"

  @Test func `a key without a role makes a session token, with MFA if the profile names a device`() throws {
    let fixture = try ResolverFixture([.session(Self.other), .session(Self.mfa)], codes: ["111111"])
    #expect(try fixture.credentials(for: "base") == Self.other)
    #expect(try fixture.credentials(for: "mfa") == Self.mfa)
    #expect(
      fixture.calls == [
        "GetSessionToken 43200, by \(Self.key)", "GetSessionToken 43200, code 111111, by \(Self.key)",
      ])
  }

  @Test func `a role without MFA is assumed from the key`() throws {
    let fixture = try ResolverFixture([.role(Self.role)])
    #expect(try fixture.credentials(for: "plain") == Self.role)
    #expect(fixture.calls == ["AssumeRole deploy 3600, by \(Self.key)"])
  }

  @Test func `a role with MFA is assumed from a session that other roles share, with one prompt`() throws {
    let fixture = try ResolverFixture(
      [.session(Self.mfa), .role(Self.role), .role(Self.other, name: "other")], codes: ["111111"])
    #expect(try fixture.credentials(for: "guarded") == Self.role)
    #expect(try fixture.credentials(for: "other") == Self.other)
    #expect(try fixture.credentials(for: "mfa") == Self.mfa)
    #expect(
      fixture.calls == [
        "GetSessionToken 43200, code 111111, by \(Self.key)", "AssumeRole deploy 3600, ID ext-1, by \(Self.mfa)",
        "AssumeRole other 3600, by \(Self.mfa)",
      ])
    #expect(fixture.transport.requests.map(\.token) == [nil, "made-up-token", "made-up-token"])
  }

  @Test func `a role for more than an hour takes its code straight from the key`() throws {
    let fixture = try ResolverFixture([.role(Self.role, seconds: 7200)], codes: ["111111"])
    #expect(try fixture.credentials(for: "long") == Self.role)
    #expect(fixture.calls == ["AssumeRole deploy 7200, code 111111, by \(Self.key)"])
  }

  @Test func `a chain of roles starts with one session and gives an hour each`() throws {
    let fixture = try ResolverFixture(
      [.session(Self.mfa), .role(Self.other, name: "other"), .role(Self.role)], codes: ["111111"])
    #expect(try fixture.credentials(for: "chain") == Self.role)
    #expect(
      fixture.calls == [
        "GetSessionToken 43200, code 111111, by \(Self.key)", "AssumeRole other 3600, by \(Self.mfa)",
        "AssumeRole deploy 3600, by \(Self.other)",
      ])
  }

  @Test func `without sessions the key itself comes back, or signs for the role`() throws {
    let fixture = try ResolverFixture([.role(Self.role)], codes: ["111111"])
    #expect(try fixture.credentials(for: "mfa", .skipped) == Self.key)
    #expect(fixture.calls.isEmpty)
    #expect(try fixture.credentials(for: "guarded", .skipped) == Self.role)
    #expect(fixture.calls == ["AssumeRole deploy 3600, ID ext-1, code 111111, by \(Self.key)"])
  }

  @Test(arguments: [
    (nil, "base", nil), (nil, "mfa", "123456789012"), (nil, "plain", "123456789012"),
    ("999999999999", "base", "999999999999"), ("999999999999", "mfa", "999999999999"),
    ("999999999999", "plain", "123456789012"),
  ])
  func `credentials name the account of the role, else of the key, else of the device`(
    ofKey: String?, profile: String, expected: String?
  ) throws {
    let script: [ScriptedTransport.Step] = profile == "plain" ? [.role(Self.role)] : [.session(Self.mfa)]
    let fixture = try ResolverFixture(script, codes: ["111111"])
    let key = Credentials(
      accessKeyID: Self.key, secretAccessKey: SecretBytes(copying: "made/up+secret"), account: ofKey)
    try LongTermKeys(store: fixture.store).save(
      LongTermKey(credentials: key, stored: TestClock.start), for: profile == "mfa" ? "mfa" : "base")
    for _ in ["new", "cached"] {
      let account = try fixture.resolver().credentials(for: fixture.plan(for: profile), margin: .command).account
      #expect(account == expected)
    }
    let without = try fixture.resolver().credentials(for: fixture.plan(for: "base", .skipped), margin: .command).account
    #expect(without == (profile == "mfa" ? nil : ofKey))
    #expect(fixture.calls.count == 1)
  }

  @Test(arguments: ["base", "mfa", "plain", "guarded", "long", "chain"])
  func `what is cached is asked for neither AWS nor a person nor the key`(profile: String) throws {
    let script: [ScriptedTransport.Step] =
      switch profile {
      case "base", "mfa": [.session(Self.role)]
      case "plain", "long": [.role(Self.role, seconds: 7200)]
      case "guarded": [.session(Self.mfa), .role(Self.role)]
      default: [.session(Self.mfa), .role(Self.other, name: "other"), .role(Self.role)]
      }
    let fixture = try ResolverFixture(script, codes: profile == "base" || profile == "plain" ? [] : ["111111"])
    #expect(try fixture.credentials(for: profile) == Self.role)
    fixture.store.removeKeys()
    #expect(try fixture.credentials(for: profile) == Self.role)
    #expect(fixture.transport.remaining == 0)
    #expect(fixture.prompter.remaining == 0)
  }

  @Test func `a plan is resumed from the furthest cached session`() throws {
    let fixture = try ResolverFixture(
      [.session(Self.mfa), .role(Self.other, name: "other"), .role(Self.role)], codes: ["111111"])
    try fixture.credentials(for: "other")
    fixture.store.removeKeys()
    #expect(try fixture.credentials(for: "chain") == Self.role)
    #expect(fixture.calls.last == "AssumeRole deploy 3600, by \(Self.other)")
  }

  @Test func `what is cached says what it was made with and how long it lasts`() throws {
    let fixture = try ResolverFixture([.session(Self.mfa), .role(Self.role)], codes: ["111111"])
    try fixture.credentials(for: "guarded")
    let start = TestClock.start
    let role = "arn:aws:iam::123456789012:role/deploy"
    #expect(
      try fixture.cache.all() == [
        .init(
          source: .key(of: "mfa"), role: role, device: ResolverFixture.device, issued: start, expiration: start + 3600),
        .init(
          source: .key(of: "mfa"), role: nil, device: ResolverFixture.device, issued: start, expiration: start + 43200),
      ])
  }

  @Test(arguments: [
    (SessionMargin.command, 3300, false), (.command, 3301, true), (.credentialProcess, 2640, false),
    (.credentialProcess, 2641, true), (SessionMargin(timeLeft: 1800, short: .refuse), 1801, true),
  ])
  func `a session with too little time left for its consumer is renewed`(
    margin: SessionMargin, after seconds: Int, isRenewed: Bool
  ) throws {
    let fixture = try ResolverFixture([.role(Self.role), .role(Self.other, seconds: 7200)])
    try fixture.credentials(for: "plain")
    fixture.clock.advance(by: TimeInterval(seconds))
    #expect(try fixture.credentials(for: "plain", margin: margin) == (isRenewed ? Self.other : Self.role))
  }

  @Test(arguments: [
    ScriptedTransport.Step.refusal("Throttling"), .answer(503, Answers.error("ServiceUnavailable")),
  ])
  func `a program that renews early gets what is left of the session if AWS is down`(answer: ScriptedTransport.Step)
    throws
  {
    let fixture = try ResolverFixture([.role(Self.role)] + Array(repeating: answer, count: 9))
    try fixture.credentials(for: "plain")
    fixture.clock.advance(by: 3540)
    #expect(try fixture.credentials(for: "plain", margin: .credentialProcess) == Self.role)
    #expect(fixture.notRenewed == 1)
    #expect(throws: AWSError.self) { try fixture.credentials(for: "plain", margin: .command) }
    fixture.clock.advance(by: 1)
    #expect(throws: AWSError.self) { try fixture.credentials(for: "plain", margin: .credentialProcess) }
  }

  @Test func `a program that renews early gets nothing if AWS refuses`() throws {
    let fixture = try ResolverFixture([.role(Self.role), .refusal("AccessDenied")])
    try fixture.credentials(for: "plain")
    fixture.clock.advance(by: 3000)
    #expect(throws: AWSError.self) { try fixture.credentials(for: "plain", margin: .credentialProcess) }
  }

  @Test func `a fresh session is made although one is cached, with the MFA session that is there`() throws {
    let fixture = try ResolverFixture([.session(Self.mfa), .role(Self.role), .role(Self.other)], codes: ["111111"])
    try fixture.credentials(for: "guarded")
    #expect(try fixture.credentials(for: "guarded", margin: .none) == Self.other)
    #expect(try fixture.credentials(for: "guarded") == Self.other)
  }

  @Test(arguments: [(43140, 1), (43141, 2)])
  func `a session that only has to make the next call needs a minute`(seconds: Int, prompts: Int) throws {
    let fixture = try ResolverFixture(
      [.session(Self.mfa), .role(Self.role)]
        + (prompts == 1 ? [] : [.session(Self.mfa, seconds: 86400)])
        + [.role(Self.other, name: "other", seconds: 46800)],
      codes: Array(["111111", "222222"].prefix(prompts)))
    try fixture.credentials(for: "guarded")
    fixture.clock.advance(by: TimeInterval(seconds))
    #expect(try fixture.credentials(for: "other", margin: .credentialProcess) == Self.other)
    #expect(fixture.prompter.questions.count == prompts)
  }
}

// MARK: - Session renewal tests

/// Sessions that AWS calls expired though our clock does not.
struct SessionRenewalTests {
  private static let mfa = CredentialResolverTests.mfa
  private static let role = CredentialResolverTests.role
  private static let other = CredentialResolverTests.other
  private static let renewed = "ASIAMADEUPRENEWED001"

  @Test func `an expired session is dropped and renewed, and so is nothing else`() throws {
    let fixture = try ResolverFixture(
      [
        .session(Self.mfa), .role(Self.other, name: "other"), .refusal("ExpiredToken"), .session(Self.renewed),
        .role(Self.role),
      ], codes: ["111111", "222222"])
    try fixture.credentials(for: "other")
    #expect(try fixture.credentials(for: "guarded") == Self.role)
    #expect(
      fixture.calls.suffix(3) == [
        "AssumeRole deploy 3600, ID ext-1, by \(Self.mfa)",
        "GetSessionToken 43200, code 222222, by \(CredentialResolverTests.key)",
        "AssumeRole deploy 3600, ID ext-1, by \(Self.renewed)",
      ])
    #expect(try fixture.credentials(for: "other") == Self.other, "its own session was not the expired one")
  }

  @Test func `a session that stays expired is renewed once`() throws {
    let fixture = try ResolverFixture(
      [.session(Self.mfa), .refusal("ExpiredToken"), .session(Self.renewed), .refusal("ExpiredToken")],
      codes: ["111111", "222222"])
    let error = #expect(throws: AWSError.self) { try fixture.credentials(for: "guarded") }
    #expect(error?.means(.expiredSession) == true)
    #expect(fixture.transport.remaining == 0)
  }

  @Test func `in a chain too, a session that stays expired costs one more code and not two`() throws {
    let fixture = try ResolverFixture(
      [.session(Self.mfa), .refusal("ExpiredToken"), .session(Self.renewed), .refusal("ExpiredToken")],
      codes: ["111111", "222222"])
    let error = #expect(throws: AWSError.self) { try fixture.credentials(for: "chain") }
    #expect(error?.means(.expiredSession) == true)
    #expect(fixture.prompter.questions.count == 2)
  }

  @Test func `a long-term key that is called expired is not asked for again`() throws {
    let fixture = try ResolverFixture([.refusal("ExpiredToken")])
    #expect(throws: AWSError.self) { try fixture.credentials(for: "plain") }
    #expect(fixture.calls.count == 1)
  }

  @Test func `a session is forgotten alone`() throws {
    let fixture = try ResolverFixture([.session(Self.mfa), .role(Self.role), .role(Self.renewed)], codes: ["111111"])
    try fixture.credentials(for: "guarded")
    try fixture.cache.remove(fixture.digest(of: "guarded"), accessKeyID: Self.role)
    #expect(try fixture.credentials(for: "guarded") == Self.renewed)
    #expect(fixture.calls.last == "AssumeRole deploy 3600, ID ext-1, by \(Self.mfa)")
  }

  @Test func `a session that somebody else has renewed already is not forgotten`() throws {
    let fixture = try ResolverFixture([.session(Self.mfa), .role(Self.role)], codes: ["111111"])
    try fixture.credentials(for: "guarded")
    try fixture.cache.remove(fixture.digest(of: "guarded"), accessKeyID: "ASIATHEONEBEFORE00001")
    #expect(try fixture.credentials(for: "guarded") == Self.role)
  }
}

// MARK: - Keyring trouble tests

/// What a resolver makes of a keyring that does not do as it should.
struct KeyringTroubleTests {
  private static let role = CredentialResolverTests.role
  private static let key = ItemID(kind: .longTermKey, name: "base")

  @Test func `credentials are delivered even if they cannot be cached, with a warning`() throws {
    let fixture = try ResolverFixture([.session(CredentialResolverTests.mfa), .role(Self.role)], codes: ["111111"])
    fixture.store.saving = .secretService(.serviceEnded)
    #expect(try fixture.credentials(for: "guarded") == Self.role)
    #expect(fixture.warnings == [.secretService(.serviceEnded), .secretService(.serviceEnded)])
  }

  @Test(arguments: [
    SecretStoreError.secretService(.noBus), .locked, .timedOut(seconds: 2), .damaged(Self.key),
  ])
  func `a keyring that cannot be read is not taken for an empty one`(error: SecretStoreError) throws {
    let fixture = try ResolverFixture()
    fixture.store.reading[Self.key] = error
    #expect(throws: error) { try fixture.credentials(for: "base") }
    #expect(throws: error) { try fixture.credentials(for: "plain") }
  }

  @Test func `a keyring that fails for sessions is reported before anything is asked`() throws {
    let fixture = try ResolverFixture()
    let item = ItemID(kind: .session, name: try fixture.digest(of: "base").text)
    fixture.store.reading[item] = .secretService(.noService)
    #expect(throws: SecretStoreError.secretService(.noService)) { try fixture.credentials(for: "base") }
  }

  @Test func `a missing key is reported with the place where a file still holds one`() throws {
    let fixture = try ResolverFixture()
    fixture.store.removeKeys()
    var plan = try fixture.plan(for: "plain")
    #expect(throws: SessionError.noKey(profile: "base", plainText: nil)) {
      try fixture.resolver().credentials(for: plan, margin: .command).accessKeyID
    }
    let place = SourceLocation(file: "/credentials", line: 2)
    plan.source = .longTermKey(.init(profile: "base", plainText: place))
    #expect(throws: SessionError.noKey(profile: "base", plainText: place)) {
      try fixture.resolver().credentials(for: plan, margin: .command).accessKeyID
    }
  }

  @Test func `a damaged key is not taken for a missing one`() throws {
    let fixture = try ResolverFixture()
    fixture.store.contents[Self.key]?[12] ^= 1
    #expect(throws: SessionError.damagedKey(profile: "base", .checksum)) { try fixture.credentials(for: "base") }
  }

  @Test(arguments: [SecretStoreError.damaged(Self.key), .ambiguous(Self.key, paths: ["/a/1", "/a/2"])])
  func `a cached session that the keyring finds damaged or twice counts as none and can be cleared`(
    error: SecretStoreError
  ) throws {
    let fixture = try ResolverFixture([.role(Self.role), .role(Self.role)])
    try fixture.credentials(for: "plain")
    let item = try #require(fixture.store.items(ofKind: .session).first).id
    fixture.store.reading[item] = error
    #expect(try fixture.cache.forget(.all) == [])
    #expect(fixture.store.contents[item] == nil)
    #expect(try fixture.credentials(for: "plain") == Self.role)
  }

  @Test func `an expired session that cannot be removed is no reason to withhold a new one`() throws {
    let fixture = try ResolverFixture([.role(Self.role), .role(CredentialResolverTests.other, seconds: 9000)])
    try fixture.credentials(for: "plain")
    fixture.clock.advance(by: 3600)
    fixture.store.removing = .secretService(.other("no"))
    #expect(try fixture.credentials(for: "plain") == CredentialResolverTests.other)
  }
}
