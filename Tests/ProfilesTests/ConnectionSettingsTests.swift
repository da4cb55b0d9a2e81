import AWSValues
import Profiles
import Testing

struct ConnectionSettingsTests {
  private func connection(
    _ config: String = "", _ environment: [String: String] = [:], region: String? = nil
  ) throws -> Connection {
    let profiles = try ProfileSet(config: "[profile p]\n" + config)
    return try ConnectionSettings(
      profile: profiles.profile(named: "p"), profiles: profiles, environment: environment, region: region
    ).connection()
  }

  private func error(_ config: String = "", _ environment: [String: String] = [:], region: String? = nil) -> PlanError?
  {
    #expect(throws: PlanError.self) { try connection(config, environment, region: region) }
  }

  @Test func `without settings AWS's own defaults hold`() throws {
    #expect(try connection() == Connection())
    let profiles = try ProfileSet()
    let none = ConnectionSettings(profile: nil, profiles: profiles, environment: ["AWS_REGION": "r1"], region: nil)
    #expect(try none.connection() == Connection(region: "r1"))
  }

  static let regions: [(option: String?, region: String, defaultRegion: String, profile: String, result: String?)] = [
    ("a1", "b1", "c1", "d1", "a1"), (nil, "b1", "c1", "d1", "b1"), (nil, "", "c1", "d1", "c1"),
    (nil, "", "", "d1", "d1"),
    (nil, "", "", "", nil),
  ]

  @Test(arguments: regions)
  func `the region nearest the user counts`(
    option: String?, region: String, defaultRegion: String, profile: String, result: String?
  ) throws {
    let environment = ["AWS_REGION": region, "AWS_DEFAULT_REGION": defaultRegion]
    #expect(try connection("region = \(profile)", environment, region: option).region == result)
  }

  @Test(arguments: [
    (["AWS_REGION": "r1", "AWS_DEFAULT_REGION": "r1"], "d1"), (["AWS_REGION": "u1", "AWS_DEFAULT_REGION": "r1"], "u1"),
    (["AWS_REGION": "r1", "AWS_DEFAULT_REGION": "u1"], "u1"), (["AWS_DEFAULT_REGION": "r1"], "d1"), ([:], "d1"),
  ])
  func `the region of an outer exec does not become that of another profile`(
    variables: [String: String], region: String
  ) throws {
    let environment = variables.merging(["DAYPASS_REGION": "r1"]) { $1 }
    #expect(try connection("region = d1", environment).region == region)
    #expect(try connection("", environment).region == (region == "d1" ? nil : region))
    #expect(try connection("region = d1", environment, region: "r1").region == "r1")
  }

  @Test(arguments: [
    "", "a.b", "-a", "a-", "a_b", "a/b", "123", "a b", "\u{e4}", "a@b", String(repeating: "a", count: 64),
  ])
  func `a region that is no host label is refused`(region: String) {
    #expect(error(region: region) == .invalidValue(region, of: .option("--region")))
    guard !region.isEmpty else { return }
    #expect(error("", ["AWS_REGION": region]) == .invalidValue(region, of: .variable("AWS_REGION")))
    let origin = Origin.property(.region, profile: "p", at: .config(2))
    #expect(error("region = \(region)") == .invalidValue(region, of: origin))
  }

  private static let services = "services = s\nendpoint_url = http://p\n[services s]\nsts =\n endpoint_url = http://s"

  static let endpoints: [(config: String, environment: [String: String], sts: String?, iam: String?)] = [
    ("", [:], nil, nil), ("endpoint_url = http://p", [:], "http://p", "http://p"),
    (services, [:], "http://s", "http://p"), (services, ["AWS_ENDPOINT_URL": "http://e"], "http://e", "http://e"),
    (services, ["AWS_ENDPOINT_URL_STS": "http://f", "AWS_ENDPOINT_URL": "http://e"], "http://f", "http://e"),
    (services, ["AWS_ENDPOINT_URL_IAM": "http://f"], "http://s", "http://f"),
    (services, ["AWS_ENDPOINT_URL_STS": "", "AWS_ENDPOINT_URL": ""], "http://s", "http://p"),
    (services, ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE", "AWS_ENDPOINT_URL": "http://e"], nil, nil),
    ("ignore_configured_endpoint_urls = true\n" + services, [:], nil, nil),
    (
      "ignore_configured_endpoint_urls = true\n" + services, ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"],
      "http://s", "http://p"
    ),
    ("services = s\n[services s]\nsts = http://flat", [:], nil, nil),
    ("services = s\n[services s]\nsts =\n  endpoint_url =", [:], nil, nil),
  ]

  @Test(arguments: endpoints)
  func `endpoints come from the environment before the profile`(
    config: String, environment: [String: String], sts: String?, iam: String?
  ) throws {
    let connection = try connection(config, environment)
    #expect(connection.endpoints[.sts] == sts)
    #expect(connection.endpoints[.iam] == iam)
  }

  @Test func `a missing services section is named with the line that refers to it`() {
    let origin = Origin.property(.services, profile: "p", at: .config(3))
    #expect(error("\nservices = gone") == .reference(.unknownServices("gone"), from: origin))
  }

  static let flags: [(setting: String, variable: String, read: @Sendable (Connection) -> Bool)] = [
    ("use_fips_endpoint", "AWS_USE_FIPS_ENDPOINT", { $0.useFIPS }),
    ("use_dualstack_endpoint", "AWS_USE_DUALSTACK_ENDPOINT", { $0.useDualStack }),
  ]

  @Test(arguments: flags)
  func `variables decide flags before the profile`(
    setting: String, variable: String, read: @Sendable (Connection) -> Bool
  ) throws {
    #expect(read(try connection("\(setting) = true")))
    #expect(read(try connection("", [variable: "True"])))
    #expect(!read(try connection("\(setting) = true", [variable: "false"])))
    #expect(read(try connection("\(setting) = true", [variable: ""])))
    #expect(error("", [variable: "yes"]) == .invalidValue("yes", of: .variable(variable)))
  }

  @Test(arguments: [
    ("legacy", "", true), ("regional", "", false), ("legacy", "regional", false), ("regional", "Legacy", true),
  ])
  func `the global STS endpoint has to be asked for`(setting: String, variable: String, isGlobal: Bool) throws {
    let environment = ["AWS_STS_REGIONAL_ENDPOINTS": variable]
    #expect(try connection("sts_regional_endpoints = \(setting)", environment).useGlobalSTSEndpoint == isGlobal)
  }

  @Test func `trust and attempts come from the environment before the profile`() throws {
    let config = "ca_bundle = /p.pem\nmax_attempts = 5"
    #expect(try connection(config) == Connection(caBundle: "/p.pem", maxAttempts: 5))
    let environment = ["AWS_CA_BUNDLE": "/e.pem", "AWS_MAX_ATTEMPTS": "1"]
    #expect(try connection(config, environment) == Connection(caBundle: "/e.pem", maxAttempts: 1))
  }

  @Test(arguments: [
    ("max_attempts", Setting.maxAttempts, "0"), ("max_attempts", .maxAttempts, "many"),
    ("sts_regional_endpoints", .stsRegionalEndpoints, "global"), ("use_fips_endpoint", .useFIPSEndpoint, "1"),
    ("ignore_configured_endpoint_urls", .ignoreConfiguredEndpointURLs, "on"),
  ])
  func `values that mean nothing are named with their line`(key: String, setting: Setting, value: String) {
    let origin = Origin.property(setting, profile: "p", at: .config(2))
    #expect(error("\(key) = \(value)") == .invalidValue(value, of: origin))
  }
}
