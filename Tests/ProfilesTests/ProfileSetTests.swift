import Testing

@testable import Profiles

struct ProfileSetTests {
  @Test func `a profile merges both files, the credentials file first`() throws {
    let profiles = try ProfileSet(
      config: "[profile p]\nregion = a\nendpoint_url = b", credentials: "[p]\nregion = c\nca_bundle = d")
    let profile = try #require(profiles.profile(named: "p"))
    #expect(profile[.region] == Property(value: "c", location: .credentials(2)))
    #expect(profile[.endpointURL] == Property(value: "b", location: .config(3)))
    #expect(profile[.caBundle] == Property(value: "d", location: .credentials(3)))
    #expect(profile.propertyLocations.map(\.key) == ["ca_bundle", "endpoint_url", "region"])
  }

  @Test(arguments: ["[profile default]\na = 1\n[default]\nb = 2", "[default]\nb = 2\n[profile default]\na = 1"])
  func `a default profile with its type replaces the one without`(config: String) throws {
    let profile = try #require(
      try ProfileSet(config: config, credentials: "[default]\nc = 3").profile(named: "default"))
    #expect(profile.propertyLocations.map(\.key) == ["a", "c"])
  }

  @Test func `the default profile gives nothing to others`() throws {
    let profiles = try ProfileSet(config: "[default]\nregion = a\n[profile p]")
    #expect(profiles.profile(named: "p")?[.region] == nil)
  }

  @Test(arguments: ["P", "profile p", "", "p ", "sso", "svc"])
  func `names are compared as they are written`(name: String) throws {
    let profiles = try ProfileSet(config: "[profile p]\n[sso-session sso]\n[services svc]")
    #expect(profiles.profile(named: name)?.name == nil)
  }

  @Test func `sub-properties keep their lines`() throws {
    let profiles = try ProfileSet(
      config:
        "[services s]\r\nsts =\r\n\r\n  # c\r\n  Endpoint_URL = x\r\n  b = y\r\n[services s]\ns3 =\n endpoint_url = z")
    let services = try #require(profiles.services(named: "s"))
    #expect(services.subProperty("endpoint_url", of: "sts") == Property(value: "x", location: .config(5)))
    #expect(services.subProperty("endpoint_url", of: "s3") == Property(value: "z", location: .config(9)))
    #expect(services.subProperty("endpoint_url", of: "iam") == nil)
    #expect(services.subProperty("c", of: "sts") == nil)
  }

  @Test(arguments: [
    ("AKIAEXAMPLE", "", false), ("AKIAEXAMPLE", "aws_session_token = stray", false),
    ("AKIAEXAMPLE", "x_security_token_expires = 2026-01-01T00:00:00Z", true), ("ASIAEXAMPLE", "", true),
    ("another ID", "", false), ("another ID", "aws_session_token = t", true),
    ("another ID", "aws_security_token = t", true),
  ])
  func `temporary credentials in a file are no key`(id: String, line: String, isTemporary: Bool) throws {
    let profiles = try ProfileSet(
      config: "[profile p]\naws_secret_access_key = s\n\(line)", credentials: "[p]\naws_access_key_id = \(id)")
    let profile = try #require(profiles.profile(named: "p"))
    #expect(profile.hasTemporaryCredentials == isTemporary)
    #expect(profile.plainTextKey?.accessKeyID.value == (isTemporary ? nil : id))
  }
}

// MARK: - Nearest names tests

struct NearestNamesTests {
  @Test(arguments: [
    ("prdo", ["prod"]), ("porduction", ["production"]), ("PROD", ["prod", "production"]),
    ("prod", ["prod", "production"]),
    ("pro", ["prod", "production"]), ("staging", []), ("x", []), ("tst", ["test"]), ("", []), ("deafult", ["default"]),
    ("test-a", ["test", "test-eu"]),
  ])
  func `names near a mistyped one come nearest first`(mistyped: String, names: [String]) throws {
    let profiles = try ProfileSet(
      config: "[default]\n[profile prod]\n[profile production]\n[profile test]\n[profile test-eu]")
    #expect(profiles.names(near: mistyped) == names)
  }

  @Test func `three names are enough`() throws {
    let profiles = try ProfileSet(credentials: "[a1]\n[a2]\n[a3]\n[a4]")
    #expect(profiles.names(near: "a5") == ["a1", "a2", "a3"])
  }
}
