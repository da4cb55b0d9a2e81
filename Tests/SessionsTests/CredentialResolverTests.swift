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

  @Test func `a key without a role makes a session token, with MFA where the profile names a device`() throws {
    let bench = try ResolverBench([.session(Self.other), .session(Self.mfa)], codes: ["111111"])
    #expect(try bench.credentials(for: "base") == Self.other)
    #expect(try bench.credentials(for: "mfa") == Self.mfa)
    #expect(
      bench.calls == [
        "GetSessionToken 43200, by \(Self.key)", "GetSessionToken 43200, code 111111, by \(Self.key)",
      ])
  }

  @Test func `a role without MFA is assumed from the key`() throws {
    let bench = try ResolverBench([.role(Self.role)])
    #expect(try bench.credentials(for: "plain") == Self.role)
    #expect(bench.calls == ["AssumeRole deploy 3600, by \(Self.key)"])
  }

  @Test func `a role with MFA is assumed from a session that other roles share, with one prompt`() throws {
    let bench = try ResolverBench(
      [.session(Self.mfa), .role(Self.role), .role(Self.other, name: "other")], codes: ["111111"])
    #expect(try bench.credentials(for: "guarded") == Self.role)
    #expect(try bench.credentials(for: "other") == Self.other)
    #expect(try bench.credentials(for: "mfa") == Self.mfa)
    #expect(
      bench.calls == [
        "GetSessionToken 43200, code 111111, by \(Self.key)", "AssumeRole deploy 3600, ID ext-1, by \(Self.mfa)",
        "AssumeRole other 3600, by \(Self.mfa)",
      ])
    #expect(bench.transport.requests.map(\.token) == [nil, "made-up-token", "made-up-token"])
  }

  @Test func `a role for more than an hour takes its code straight from the key`() throws {
    let bench = try ResolverBench([.role(Self.role, seconds: 7200)], codes: ["111111"])
    #expect(try bench.credentials(for: "long") == Self.role)
    #expect(bench.calls == ["AssumeRole deploy 7200, code 111111, by \(Self.key)"])
  }

  @Test func `a chain of roles starts with one session and gives an hour each`() throws {
    let bench = try ResolverBench(
      [.session(Self.mfa), .role(Self.other, name: "other"), .role(Self.role)], codes: ["111111"])
    #expect(try bench.credentials(for: "chain") == Self.role)
    #expect(
      bench.calls == [
        "GetSessionToken 43200, code 111111, by \(Self.key)", "AssumeRole other 3600, by \(Self.mfa)",
        "AssumeRole deploy 3600, by \(Self.other)",
      ])
  }

  @Test func `without sessions the key itself comes back, or signs for the role`() throws {
    let bench = try ResolverBench([.role(Self.role)], codes: ["111111"])
    #expect(try bench.credentials(for: "mfa", .skipped) == Self.key)
    #expect(bench.calls.isEmpty)
    #expect(try bench.credentials(for: "guarded", .skipped) == Self.role)
    #expect(bench.calls == ["AssumeRole deploy 3600, ID ext-1, code 111111, by \(Self.key)"])
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
    let bench = try ResolverBench(script, codes: ["111111"])
    let key = Credentials(
      accessKeyID: Self.key, secretAccessKey: SecretBytes(copying: "made/up+secret"), account: ofKey)
    try LongTermKeys(store: bench.store).save(
      LongTermKey(credentials: key, created: TestClock.start), for: profile == "mfa" ? "mfa" : "base")
    for _ in ["new", "cached"] {
      let account = try bench.resolver().credentials(for: bench.plan(for: profile), margin: .command).account
      #expect(account == expected)
    }
    let without = try bench.resolver().credentials(for: bench.plan(for: "base", .skipped), margin: .command).account
    #expect(without == (profile == "mfa" ? nil : ofKey))
    #expect(bench.calls.count == 1)
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
    let bench = try ResolverBench(script, codes: profile == "base" || profile == "plain" ? [] : ["111111"])
    #expect(try bench.credentials(for: profile) == Self.role)
    bench.store.removeKeys()
    #expect(try bench.credentials(for: profile) == Self.role)
    #expect(bench.transport.remaining == 0)
    #expect(bench.prompter.remaining == 0)
  }

  @Test func `a plan is resumed from the furthest cached session`() throws {
    let bench = try ResolverBench(
      [.session(Self.mfa), .role(Self.other, name: "other"), .role(Self.role)], codes: ["111111"])
    try bench.credentials(for: "other")
    bench.store.removeKeys()
    #expect(try bench.credentials(for: "chain") == Self.role)
    #expect(bench.calls.last == "AssumeRole deploy 3600, by \(Self.other)")
  }

  @Test func `what is cached says what it was made with and how long it lasts`() throws {
    let bench = try ResolverBench([.session(Self.mfa), .role(Self.role)], codes: ["111111"])
    try bench.credentials(for: "guarded")
    let start = TestClock.start
    let role = "arn:aws:iam::123456789012:role/deploy"
    #expect(
      try bench.cache.all() == [
        .init(
          source: .key(of: "mfa"), role: role, device: ResolverBench.device, issued: start, expiration: start + 3600),
        .init(
          source: .key(of: "mfa"), role: nil, device: ResolverBench.device, issued: start, expiration: start + 43200),
      ])
  }

  @Test(arguments: [
    (SessionMargin.command, 3300, false), (.command, 3301, true), (.credentialProcess, 2640, false),
    (.credentialProcess, 2641, true), (SessionMargin(timeLeft: 1800, short: .refuse), 1801, true),
  ])
  func `a session with too little time left for its consumer is renewed`(
    margin: SessionMargin, after seconds: Int, isRenewed: Bool
  ) throws {
    let bench = try ResolverBench([.role(Self.role), .role(Self.other, seconds: 7200)])
    try bench.credentials(for: "plain")
    bench.clock.advance(by: TimeInterval(seconds))
    #expect(try bench.credentials(for: "plain", margin: margin) == (isRenewed ? Self.other : Self.role))
  }

  @Test(arguments: [
    ScriptedTransport.Step.refusal("Throttling"), .answer(503, Answers.error("ServiceUnavailable")),
  ])
  func `a program that renews early gets what is left of the session if AWS is down`(answer: ScriptedTransport.Step)
    throws
  {
    let bench = try ResolverBench([.role(Self.role)] + Array(repeating: answer, count: 9))
    try bench.credentials(for: "plain")
    bench.clock.advance(by: 3540)
    #expect(try bench.credentials(for: "plain", margin: .credentialProcess) == Self.role)
    #expect(bench.notRenewed == 1)
    #expect(throws: AWSError.self) { try bench.credentials(for: "plain", margin: .command) }
    bench.clock.advance(by: 1)
    #expect(throws: AWSError.self) { try bench.credentials(for: "plain", margin: .credentialProcess) }
  }

  @Test func `a program that renews early gets nothing if AWS refuses`() throws {
    let bench = try ResolverBench([.role(Self.role), .refusal("AccessDenied")])
    try bench.credentials(for: "plain")
    bench.clock.advance(by: 3000)
    #expect(throws: AWSError.self) { try bench.credentials(for: "plain", margin: .credentialProcess) }
  }

  @Test func `a fresh session is made although one is cached, with the MFA session that is there`() throws {
    let bench = try ResolverBench([.session(Self.mfa), .role(Self.role), .role(Self.other)], codes: ["111111"])
    try bench.credentials(for: "guarded")
    #expect(try bench.credentials(for: "guarded", margin: .none) == Self.other)
    #expect(try bench.credentials(for: "guarded") == Self.other)
  }

  @Test(arguments: [(43140, 1), (43141, 2)])
  func `a session that only has to make the next call needs a minute`(seconds: Int, prompts: Int) throws {
    let bench = try ResolverBench(
      [.session(Self.mfa), .role(Self.role)]
        + (prompts == 1 ? [] : [.session(Self.mfa, seconds: 86400)])
        + [.role(Self.other, name: "other", seconds: 46800)],
      codes: Array(["111111", "222222"].prefix(prompts)))
    try bench.credentials(for: "guarded")
    bench.clock.advance(by: TimeInterval(seconds))
    #expect(try bench.credentials(for: "other", margin: .credentialProcess) == Self.other)
    #expect(bench.prompter.questions.count == prompts)
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
    let bench = try ResolverBench(
      [
        .session(Self.mfa), .role(Self.other, name: "other"), .refusal("ExpiredToken"), .session(Self.renewed),
        .role(Self.role),
      ], codes: ["111111", "222222"])
    try bench.credentials(for: "other")
    #expect(try bench.credentials(for: "guarded") == Self.role)
    #expect(
      bench.calls.suffix(3) == [
        "AssumeRole deploy 3600, ID ext-1, by \(Self.mfa)",
        "GetSessionToken 43200, code 222222, by \(CredentialResolverTests.key)",
        "AssumeRole deploy 3600, ID ext-1, by \(Self.renewed)",
      ])
    #expect(try bench.credentials(for: "other") == Self.other, "its own session was not the expired one")
  }

  @Test func `a session that stays expired is renewed once`() throws {
    let bench = try ResolverBench(
      [.session(Self.mfa), .refusal("ExpiredToken"), .session(Self.renewed), .refusal("ExpiredToken")],
      codes: ["111111", "222222"])
    let error = #expect(throws: AWSError.self) { try bench.credentials(for: "guarded") }
    #expect(error?.means(.expiredSession) == true)
    #expect(bench.transport.remaining == 0)
  }

  @Test func `in a chain too, a session that stays expired costs one more code and not two`() throws {
    let bench = try ResolverBench(
      [.session(Self.mfa), .refusal("ExpiredToken"), .session(Self.renewed), .refusal("ExpiredToken")],
      codes: ["111111", "222222"])
    let error = #expect(throws: AWSError.self) { try bench.credentials(for: "chain") }
    #expect(error?.means(.expiredSession) == true)
    #expect(bench.prompter.questions.count == 2)
  }

  @Test func `a long-term key that is called expired is not asked for again`() throws {
    let bench = try ResolverBench([.refusal("ExpiredToken")])
    #expect(throws: AWSError.self) { try bench.credentials(for: "plain") }
    #expect(bench.calls.count == 1)
  }

  @Test func `a session is forgotten alone`() throws {
    let bench = try ResolverBench([.session(Self.mfa), .role(Self.role), .role(Self.renewed)], codes: ["111111"])
    try bench.credentials(for: "guarded")
    try bench.cache.remove(bench.digest(of: "guarded"), accessKeyID: Self.role)
    #expect(try bench.credentials(for: "guarded") == Self.renewed)
    #expect(bench.calls.last == "AssumeRole deploy 3600, ID ext-1, by \(Self.mfa)")
  }

  @Test func `a session that somebody else has renewed already is not forgotten`() throws {
    let bench = try ResolverBench([.session(Self.mfa), .role(Self.role)], codes: ["111111"])
    try bench.credentials(for: "guarded")
    try bench.cache.remove(bench.digest(of: "guarded"), accessKeyID: "ASIATHEONEBEFORE00001")
    #expect(try bench.credentials(for: "guarded") == Self.role)
  }
}

// MARK: - Keyring trouble tests

/// What a resolver makes of a keyring that does not do as it should.
struct KeyringTroubleTests {
  private static let role = CredentialResolverTests.role
  private static let key = ItemID(kind: .longTermKey, name: "base")

  @Test func `credentials are delivered though they cannot be cached, and that is said`() throws {
    let bench = try ResolverBench([.session(CredentialResolverTests.mfa), .role(Self.role)], codes: ["111111"])
    bench.store.saving = .secretService(.serviceEnded)
    #expect(try bench.credentials(for: "guarded") == Self.role)
    #expect(bench.warnings == [.secretService(.serviceEnded), .secretService(.serviceEnded)])
  }

  @Test(arguments: [
    SecretStoreError.secretService(.noBus), .locked, .timedOut(seconds: 2), .damaged(Self.key),
  ])
  func `a keyring that cannot be read is not taken for an empty one`(error: SecretStoreError) throws {
    let bench = try ResolverBench()
    bench.store.reading[Self.key] = error
    #expect(throws: error) { try bench.credentials(for: "base") }
    #expect(throws: error) { try bench.credentials(for: "plain") }
  }

  @Test func `a keyring that fails for sessions is said before anything is asked`() throws {
    let bench = try ResolverBench()
    let item = ItemID(kind: .session, name: try bench.digest(of: "base").text)
    bench.store.reading[item] = .secretService(.noService)
    #expect(throws: SecretStoreError.secretService(.noService)) { try bench.credentials(for: "base") }
  }

  @Test func `a missing key is told with the place where a file still holds one`() throws {
    let bench = try ResolverBench()
    bench.store.removeKeys()
    var plan = try bench.plan(for: "plain")
    #expect(throws: SessionError.noKey(profile: "base", plainText: nil)) {
      try bench.resolver().credentials(for: plan, margin: .command).accessKeyID
    }
    let place = SourceLocation(file: "/credentials", line: 2)
    plan.source = .longTermKey(.init(profile: "base", plainText: place))
    #expect(throws: SessionError.noKey(profile: "base", plainText: place)) {
      try bench.resolver().credentials(for: plan, margin: .command).accessKeyID
    }
  }

  @Test func `a damaged key is not taken for a missing one`() throws {
    let bench = try ResolverBench()
    bench.store.contents[Self.key]?[12] ^= 1
    #expect(throws: SessionError.damagedKey(profile: "base", .checksum)) { try bench.credentials(for: "base") }
  }

  @Test(arguments: [SecretStoreError.damaged(Self.key), .ambiguous(Self.key, paths: ["/a/1", "/a/2"])])
  func `a cached session that the keyring finds damaged or twice counts as none and can be cleared`(
    error: SecretStoreError
  ) throws {
    let bench = try ResolverBench([.role(Self.role), .role(Self.role)])
    try bench.credentials(for: "plain")
    let item = try #require(bench.store.items(ofKind: .session).first).id
    bench.store.reading[item] = error
    #expect(try bench.cache.forget(.all) == [])
    #expect(bench.store.contents[item] == nil)
    #expect(try bench.credentials(for: "plain") == Self.role)
  }

  @Test func `an expired session that cannot be removed is no reason to withhold a new one`() throws {
    let bench = try ResolverBench([.role(Self.role), .role(CredentialResolverTests.other, seconds: 9000)])
    try bench.credentials(for: "plain")
    bench.clock.advance(by: 3600)
    bench.store.removing = .secretService(.other("no"))
    #expect(try bench.credentials(for: "plain") == CredentialResolverTests.other)
  }
}
