import Glibc
import Secrets
import TestSupport
import Testing

@testable import Delivery

struct ChildEnvironmentTests {
  private static let sessionEntries = [
    "AWS_ACCESS_KEY_ID=ASIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=made-up/secret+key=", "AWS_SESSION_TOKEN=made-up-token==",
    "AWS_CREDENTIAL_EXPIRATION=2026-11-21T08:00:00Z",
  ]
  private static let keyEntries = ["AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=made-up/secret+key="]
  private static let profileEntries = ["DAYPASS_PROFILE=prod", "AWSUME_PROFILE=prod"]

  @Test func `every hostile value is in the environment byte for byte, or is refused`() throws {
    for value in HostileValues.all {
      let text = String(decoding: value, as: UTF8.self)
      let isText = HostileValues.isText(value)
      let variables = CredentialVariables(profile: isText ? text : "prod", region: isText ? .ofProfile(text) : nil)
      let credentials = Credentials(
        accessKeyID: "ASIAEXAMPLE", secretAccessKey: SecretBytes(copying: value.span),
        sessionToken: SecretBytes(copying: value.span))
      let expected = [
        "AWS_ACCESS_KEY_ID=ASIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=\(text)", "AWS_SESSION_TOKEN=\(text)",
        "AWS_REGION=\(text)", "AWS_DEFAULT_REGION=\(text)", "DAYPASS_PROFILE=\(text)", "DAYPASS_REGION=\(text)",
        "AWSUME_PROFILE=\(text)",
      ]
      var entries: [String]?
      do throws(DeliveryError) {
        entries = try variables.vector(delivering: credentials, inherited: EnvironmentBlock(entries: [])).strings.map {
          String(decoding: $0, as: UTF8.self)
        }
      } catch { #expect(!isText, "\(text.prefix(100)): \(error)") }
      if isText { #expect(entries == expected, "\(text.prefix(100))") } else { #expect(entries == nil) }
    }
  }

  @Test func `a session is set with its token, expiration, region and profile`() throws {
    let entries = try entries(from: [], .session(), region: .ofUser("eu-west-1"))
    #expect(
      entries == Self.sessionEntries + [
        "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1", "DAYPASS_PROFILE=prod", "AWSUME_PROFILE=prod",
      ])
  }

  @Test func `a long-term key leaves no token or expiration of another session behind`() throws {
    let stale = ["AWS_SESSION_TOKEN=a", "AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z", "AWS_SESSION_TOKEN=b"]
    let entries = try entries(from: stale, .key(), region: nil)
    #expect(entries == Self.keyEntries + Self.profileEntries)
  }

  @Test func `the profile's region is distinguished from the user's`() throws {
    let ours = try entries(from: ["DAYPASS_REGION=stale"], .key(), region: .ofProfile("eu-west-1"))
    #expect(ours.filter { $0.hasPrefix("DAYPASS_REGION") } == ["DAYPASS_REGION=eu-west-1"])
    let users = try entries(from: ["DAYPASS_REGION=stale"], .key(), region: .ofUser("eu-west-1"))
    #expect(!users.contains { $0.hasPrefix("DAYPASS_REGION") })
  }

  @Test(arguments: [("VAULT_PROMPT", ["VAULT_PROMPT=prod"]), ("AWS_VAULT", ["AWS_VAULT=prod"]), (nil, [])])
  func `another prompt variable, or none, takes the place of the usual one`(name: String?, set: [String]) throws {
    let inherited = ["AWSUME_PROFILE=old", "VAULT_PROMPT=old", "AWS_VAULT=old"]
    let entries = try entries(from: inherited, .key(), region: nil, promptVariable: name)
    #expect(
      entries == (name == "VAULT_PROMPT" ? [] : ["VAULT_PROMPT=old"]) + Self.keyEntries + ["DAYPASS_PROFILE=prod"] + set
    )
  }

  @Test(arguments: [
    "", "1A", "A B", "A=B", "\u{e4}", "AWS_REGION", "AWS_SESSION_TOKEN", "DAYPASS_PROFILE", "AWS_PROFILE",
    "GRANTED_SSO",
  ])
  func `what is no name, or a variable of ours, cannot be the prompt variable`(name: String) {
    #expect(!CredentialVariables.canName(promptVariable: name))
  }

  @Test(arguments: [
    "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_FILE", "AWS_SDK_LOAD_CONFIG",
    "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_ACCOUNT_ID", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_REGION", "AWS_DEFAULT_REGION", "DAYPASS_PROFILE",
    "DAYPASS_REGION", "AWS_VAULT", "AWSU_PROFILE", "AWSUME_PROFILE", "AWS_SSO_PROFILE", "AWS_SESSION_EXPIRATION",
    "GRANTED_SSO", "GRANTED_SSO_ROLE_NAME", "AWS_BEARER_TOKEN_BEDROCK", "AWS_SECRET_KEY", "AWS_ACCESS_KEY",
    "AWS_CREDENTIAL_PROFILES_FILE",
  ])
  func `every copy of a variable that would redirect an SDK is gone`(name: String) throws {
    let inherited = ["A=1", "\(name)=first", "B=2", "\(name)=", "\(name)=second", "C=3"]
    let entries = try entries(from: inherited, .session(), region: .ofUser("eu-west-1"))
    #expect(entries.prefix(4) == ["A=1", "B=2", "C=3", Self.sessionEntries[0]])
    #expect(entries.count { $0.hasPrefix(name + "=") } <= 1)
    #expect(!entries.contains { $0.hasPrefix(name + "=first") || $0.hasPrefix(name + "=second") })
  }

  @Test func `everything else stays, in its order and however odd`() throws {
    let inherited = [
      "PATH=/bin", "no equals sign", "=nameless", "", "AWS_PROFILE", "X=", "X=again",
      "AWS_ENDPOINT_URL=http://localhost",
      "AWS_CA_BUNDLE=/ca.pem", "HTTPS_PROXY=p", "AWS_CONFIG_FILE=c", "aws_profile=lower", "AWS_PROFILES=other",
      "AWS_EC2_METADATA_DISABLED=true", "SSLKEYLOGFILE=/tmp/k", "A=line\nbreak=1",
    ]
    let entries = try entries(from: inherited, .key(), region: nil)
    #expect(entries == inherited + Self.keyEntries + Self.profileEntries)
  }

  @Test func `a region that belongs to another profile is gone if this one has none`() throws {
    let inherited = ["AWS_REGION=us-east-2", "AWS_DEFAULT_REGION=us-east-2", "DAYPASS_REGION=us-east-2"]
    #expect(try entries(from: inherited, .key(), region: nil) == Self.keyEntries + Self.profileEntries)
  }

  @Test func `a program that a profile names gets the user's region, and none of another profile`() {
    let environment = ["A=1", "AWS_REGION=us-east-2", "AWS_SECRET_ACCESS_KEY=made/up", "AWS_DEFAULT_REGION=eu-west-1"]
    func kept(_ entries: [String]) -> [String] {
      EnvironmentBlock(entries: entries.map { Array($0.utf8) }).withoutCredentials
        .map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(kept(environment) == ["A=1", "AWS_REGION=us-east-2", "AWS_DEFAULT_REGION=eu-west-1"])
    #expect(kept(environment + ["DAYPASS_REGION=us-east-2"]) == ["A=1", "AWS_DEFAULT_REGION=eu-west-1"])
  }

  @Test func `bytes that are not UTF-8 are handed on`() throws {
    let entry: [UInt8] = [0x58, 0x3d, 0xff, 0xfe, 0x80]
    let variables = CredentialVariables(profile: "prod", region: nil)
    let vector = try variables.vector(delivering: .key(), inherited: EnvironmentBlock(entries: [entry]))
    #expect(vector.strings.first == entry)
  }

  @Test(arguments: [
    ("a\nb", DeliveryError.ValueProblem.controlCharacter), ("a\0b", .controlCharacter),
    ("a\u{1b}[0m", .controlCharacter),
    ("a\u{7f}", .controlCharacter), ("a\u{85}", .controlCharacter), ("", .empty),
  ])
  func `a damaged secret is refused by name`(secret: String, problem: DeliveryError.ValueProblem) {
    #expect(throws: DeliveryError.unusableValue(name: "AWS_SECRET_ACCESS_KEY", problem: problem)) {
      try entries(from: [], .session(secret: secret), region: nil)
    }
  }

  @Test func `a secret that is not UTF-8 is refused`() {
    let bytes: [UInt8] = [0x41, 0xff]
    let credentials = Credentials(accessKeyID: "AKIAEXAMPLE", secretAccessKey: SecretBytes(copying: bytes.span))
    var caught: DeliveryError?
    do {
      let variables = CredentialVariables(profile: "p", region: nil)
      _ = try variables.vector(delivering: credentials, inherited: EnvironmentBlock(entries: []))
    } catch { caught = error }
    #expect(caught == .unusableValue(name: "AWS_SECRET_ACCESS_KEY", problem: .notUTF8))
  }

  @Test func `a profile name with a line break is refused`() {
    let variables = CredentialVariables(profile: "a\nb", region: nil)
    #expect(throws: DeliveryError.unusableValue(name: "DAYPASS_PROFILE", problem: .controlCharacter)) {
      _ = try variables.vector(delivering: .key(), inherited: EnvironmentBlock(entries: []))
    }
  }

  private func entries(
    from inherited: [String], _ credentials: consuming Credentials, region: CredentialVariables.Region?,
    promptVariable: String? = CredentialVariables.defaultPromptVariable
  ) throws -> [String] {
    let block = EnvironmentBlock(entries: inherited.map { Array($0.utf8) })
    let variables = CredentialVariables(profile: "prod", region: region, promptVariable: promptVariable)
    return try variables.vector(delivering: credentials, inherited: block).strings.map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}

extension CStringVector {
  /// What execve(2) would be given.
  fileprivate var strings: [[UInt8]] {
    withPointers { pointers in
      var strings: [[UInt8]] = []
      while let string = pointers[strings.count] {
        strings.append(UnsafeRawBufferPointer(start: string, count: strlen(string)).map { $0 })
      }
      return strings
    }
  }
}
