import AWSServices
import FoundationEssentials
import Keyring
import Profiles
import Secrets
import TestSupport
import Testing

@testable import Sessions

/// What a resolver makes of a keyring that does not do as it should.
struct KeyringTroubleTests {
  private static let role = CredentialResolverTests.role
  private static let key = ItemID(kind: .longTermKey, name: "base")

  @Test func `credentials are delivered though they cannot be cached, and that is said`() throws {
    let bench = try ResolverBench([.session(CredentialResolverTests.mfa), .role(Self.role)], codes: ["111111"])
    bench.store.saving = .serviceEnded
    #expect(try bench.credentials(for: "guarded") == Self.role)
    #expect(bench.warnings == [.serviceEnded, .serviceEnded])
  }

  @Test(arguments: [KeyringError.noBus, .locked, .timedOut(seconds: 2, unlocking: false), .damaged(Self.key)])
  func `a keyring that cannot be read is not taken for an empty one`(error: KeyringError) throws {
    let bench = try ResolverBench()
    bench.store.reading[Self.key] = error
    #expect(throws: error) { try bench.credentials(for: "base") }
    #expect(throws: error) { try bench.credentials(for: "plain") }
  }

  @Test func `a keyring that fails for sessions is said before anything is asked`() throws {
    let bench = try ResolverBench()
    let digest = try PlanDigest(
      of: bench.plan(for: "base"), accessPoint: .init(partition: "aws", region: "eu-west-1", endpoint: nil))
    bench.store.reading[ItemID(kind: .session, name: digest.text)] = .noService
    #expect(throws: KeyringError.noService) { try bench.credentials(for: "base") }
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

  @Test(arguments: [KeyringError.damaged(Self.key), .ambiguous(Self.key, paths: ["/a/1", "/a/2"])])
  func `a cached session that the keyring finds damaged or twice counts as none and can be cleared`(
    error: KeyringError
  ) throws {
    let bench = try ResolverBench([.role(Self.role), .role(Self.role)])
    try bench.credentials(for: "plain")
    let item = try #require(bench.store.items(ofKind: .session).first).id
    bench.store.reading[item] = error
    #expect(try bench.cache.removeAll() == 0)
    #expect(bench.store.contents[item] == nil)
    #expect(try bench.credentials(for: "plain") == Self.role)
  }

  @Test func `an expired session that cannot be removed is no reason to withhold a new one`() throws {
    let bench = try ResolverBench([.role(Self.role), .role(CredentialResolverTests.other, seconds: 9000)])
    try bench.credentials(for: "plain")
    bench.clock.advance(by: 3600)
    bench.store.removing = .service("no")
    #expect(try bench.credentials(for: "plain") == CredentialResolverTests.other)
  }
}
