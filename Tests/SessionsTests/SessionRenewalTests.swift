import AWSServices
import FoundationEssentials
import TestSupport
import Testing

@testable import Sessions

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
    try bench.resolver().forget(bench.plan(for: "guarded"), accessKeyID: Self.role)
    try bench.resolver().forget(bench.plan(for: "mfa", .skipped), accessKeyID: Self.mfa)
    #expect(try bench.credentials(for: "guarded") == Self.renewed)
    #expect(bench.calls.last == "AssumeRole deploy 3600, ID ext-1, by \(Self.mfa)")
  }

  @Test func `a session that somebody else has renewed already is not forgotten`() throws {
    let bench = try ResolverBench([.session(Self.mfa), .role(Self.role)], codes: ["111111"])
    try bench.credentials(for: "guarded")
    try bench.resolver().forget(bench.plan(for: "guarded"), accessKeyID: "ASIATHEONEBEFORE00001")
    #expect(try bench.credentials(for: "guarded") == Self.role)
  }
}
