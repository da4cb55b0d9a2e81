import AWSServices
import AWSValues
import Testing

@testable import Profiles
@testable import Sessions

struct PlanDigestTests {
  static let device = MFADevice("arn:aws:iam::123456789012:mfa/me")
  static let here = PlanDigest.STSEndpointIdentity(partition: "aws", region: "eu-west-1", endpoint: nil)

  static func plan(
    key: String = "base", role: String = "arn:aws:iam::123456789012:role/deploy", name: String = "me@host",
    externalID: String? = nil, seconds: Int = 3600, device: MFADevice? = nil
  ) throws -> CredentialPlan {
    let step = CredentialPlan.AssumeRole(
      role: try #require(RoleARN(role)), sessionName: try #require(RoleSessionName(name)),
      externalID: externalID.flatMap { ExternalID($0) }, duration: SessionDuration(seconds: seconds), device: device)
    return CredentialPlan(
      profile: "prod", source: .longTermKey(.init(profile: key)), steps: [.assumeRole(step)], connection: Connection())
  }

  static func session(seconds: Int = 43200, device: MFADevice? = device, profile: String = "prod") -> CredentialPlan {
    CredentialPlan(
      profile: profile, source: .longTermKey(.init(profile: "base")),
      steps: [.sessionToken(.init(duration: SessionDuration(seconds: seconds), device: device))],
      connection: Connection())
  }

  @Test func `editing anything that was asked for changes the digest`() throws {
    let plans = try [
      Self.plan(), Self.plan(key: "other"), Self.plan(role: "arn:aws:iam::123456789012:role/deplox"),
      Self.plan(name: "you@host"), Self.plan(externalID: "ext"), Self.plan(seconds: 3601),
      Self.plan(device: Self.device), Self.session(), Self.session(seconds: 900), Self.session(device: nil),
    ]
    let digests = plans.map { PlanDigest(of: $0, stsEndpoint: Self.here).text }
    #expect(Set(digests).count == plans.count)
  }

  @Test func `a session token is shared by profiles and regions, but not by partitions and endpoints`() throws {
    let digest = PlanDigest(of: Self.session(), stsEndpoint: Self.here)
    var place = Self.here
    place.region = "us-east-1"
    #expect(PlanDigest(of: Self.session(profile: "dev"), stsEndpoint: place) == digest)
    place.endpoint = "https://sts.example.com"
    #expect(PlanDigest(of: Self.session(), stsEndpoint: place) != digest)
    place = .init(partition: "aws-cn", region: "eu-west-1", endpoint: nil)
    #expect(PlanDigest(of: Self.session(), stsEndpoint: place) != digest)
  }

  @Test func `a role's session belongs to its region`() throws {
    var place = Self.here
    place.region = "us-east-1"
    let digest = try PlanDigest(of: Self.plan(), stsEndpoint: Self.here)
    #expect(try PlanDigest(of: Self.plan(), stsEndpoint: place) != digest)
  }

  /// Of profile prod, a role, narrowed by what `change` asks for; the first `steps` of its plan.
  private static func scoped(_ steps: Int = 2, _ change: (inout ScopeRequest) -> Void) throws -> PlanDigest {
    let config = """
      [profile base]
      mfa_serial = arn:aws:iam::123456789012:mfa/me
      [profile prod]
      role_arn = arn:aws:iam::123456789012:role/deploy
      source_profile = base
      """
    var options = PlanOptions(defaultSessionName: RoleSessionName(user: "al", host: "box"))
    change(&options.scope)
    let profiles = ProfileSet(
      config: try ConfigDocument(parsing: Array(config.utf8), file: "/config", as: .config),
      credentials: try ConfigDocument(parsing: [], file: "/credentials", as: .credentials))
    var plan = try CredentialPlanner(profiles: profiles, environment: [:], options: options).plan(for: "prod")
    try #require(plan.steps.count == 2)
    while plan.steps.count > steps { plan = plan.droppingLastStep() }
    return PlanDigest(of: plan, stsEndpoint: here)
  }

  private static let allowing = #"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#
  private static let sameInAnotherOrder = #"{ "Statement": [{"Resource":"*", "Action":"s3:*", "Effect":"Allow"}] }"#

  @Test func `the same scope in another order is the same session`() throws {
    let one = try Self.scoped {
      ($0.policy, $0.policies) = (Array(Self.allowing.utf8), ["ReadOnlyAccess", "SecurityAudit"])
      ($0.tags, $0.transitiveTags) = (["a=1", "b=2"], ["a", "b"])
    }
    let other = try Self.scoped {
      ($0.policy, $0.policies) = (Array(Self.sameInAnotherOrder.utf8), ["SecurityAudit", "ReadOnlyAccess"])
      ($0.tags, $0.transitiveTags) = (["b=2", "a=1"], ["b", "a"])
    }
    #expect(one == other)
    #expect(try Self.scoped { $0.services = "s3,sts" } == Self.scoped { $0.services = "sts,s3" })
  }

  @Test func `any other scope is another session, and none is a third`() throws {
    let changes: [(inout ScopeRequest) -> Void] = [
      { _ in }, { $0.presets = [.readOnly] }, { $0.presets = [.viewOnly] }, { $0.services = "s3" },
      { $0.services = "sts" }, { $0.services = "s3,sts" }, { $0.policy = Array(Self.allowing.utf8) },
      { $0.policy = Array(Self.allowing.replacing("s3:*", with: "s3:Get*").utf8) }, { $0.policies = ["SecurityAudit"] },
      { $0.policies = ["SecurityAudit", "AmazonS3FullAccess"] }, { $0.tags = ["a=1"] }, { $0.tags = ["a=2"] },
      { $0.tags = ["a=1", "b=2"] }, { ($0.tags, $0.transitiveTags) = (["a=1", "b=2"], ["a"]) },
      { ($0.tags, $0.transitiveTags) = (["a=1", "b=2"], ["b"]) }, { $0.sourceIdentity = "alice" },
      { $0.sourceIdentity = "bob" },
    ]
    let digests = try changes.map { try Self.scoped(2, $0).text }
    #expect(Set(digests).count == changes.count)
  }

  @Test func `sessions of every scope share the MFA session that they are made with`() throws {
    let shared = try Self.scoped(1) { _ in }
    #expect(try Self.scoped(1) { $0.presets = [.readOnly] } == shared)
    #expect(try Self.scoped(1) { ($0.tags, $0.sourceIdentity) = (["a=1"], "alice") } == shared)
  }

  @Test func `text that runs over from one field into the next makes another digest`() throws {
    let one = try PlanDigest(of: Self.plan(name: "abc", externalID: "def"), stsEndpoint: Self.here)
    let other = try PlanDigest(of: Self.plan(name: "abcd", externalID: "ef"), stsEndpoint: Self.here)
    #expect(one != other)
  }
}

// MARK: - Access point tests

struct AccessPointTests {
  private func place(_ region: String?, endpoint: String? = nil) throws -> PlanDigest.STSEndpointIdentity {
    let endpoints = endpoint.map { [Connection.Service.sts: $0] } ?? [:]
    return try PlanDigest.STSEndpointIdentity(of: Connection(region: region, endpoints: endpoints))
  }

  @Test(arguments: [
    ("eu-west-1", "aws", "eu-west-1"), ("cn-north-1", "aws-cn", "cn-north-1"),
    ("us-gov-west-1", "aws-us-gov", "us-gov-west-1"), ("aws-global", "aws", "aws-global"),
  ])
  func `AWS's own endpoints differ by partition and region`(region: String, partition: String, named: String) throws {
    #expect(try place(region) == .init(partition: partition, region: named, endpoint: nil))
  }

  @Test(arguments: [
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"), ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/"),
    ("https://STS.example.com:443/base", "https://sts.example.com/base/"),
    ("https://sts.example.com/other", "https://sts.example.com/other/"),
  ])
  func `an endpoint of the user's counts with its base path, however it is written`(text: String, url: String) throws {
    #expect(try place("eu-west-1", endpoint: text) == .init(partition: "aws", region: "eu-west-1", endpoint: url))
  }

  @Test func `an endpoint of the user's needs no region`() throws {
    #expect(
      try place(nil, endpoint: "http://[::1]:1/")
        == .init(
          partition: "aws", region: "us-east-1", endpoint: "http://[::1]:1/"))
  }

  @Test func `without region and endpoint there is no place`() {
    #expect(throws: EndpointError.missingRegion) { try place(nil) }
    #expect(throws: EndpointError.insecureURL("http://example.com")) {
      try place("eu-west-1", endpoint: "http://example.com")
    }
  }
}
