import AWSServices
import AWSValues
import Profiles
import Testing

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
    let digests = plans.map { PlanDigest(of: $0, accessPoint: Self.here).text }
    #expect(Set(digests).count == plans.count)
  }

  @Test func `a session token is shared by profiles and regions, but not by partitions and endpoints`() throws {
    let digest = PlanDigest(of: Self.session(), accessPoint: Self.here)
    var place = Self.here
    place.region = "us-east-1"
    #expect(PlanDigest(of: Self.session(profile: "dev"), accessPoint: place) == digest)
    place.endpoint = "https://sts.example.com"
    #expect(PlanDigest(of: Self.session(), accessPoint: place) != digest)
    place = .init(partition: "aws-cn", region: "eu-west-1", endpoint: nil)
    #expect(PlanDigest(of: Self.session(), accessPoint: place) != digest)
  }

  @Test func `a role's session belongs to its region`() throws {
    var place = Self.here
    place.region = "us-east-1"
    let digest = try PlanDigest(of: Self.plan(), accessPoint: Self.here)
    #expect(try PlanDigest(of: Self.plan(), accessPoint: place) != digest)
  }

  @Test func `text that runs over from one field into the next makes another digest`() throws {
    let one = try PlanDigest(of: Self.plan(name: "abc", externalID: "def"), accessPoint: Self.here)
    let other = try PlanDigest(of: Self.plan(name: "abcd", externalID: "ef"), accessPoint: Self.here)
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
