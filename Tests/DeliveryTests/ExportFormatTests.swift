import Foundation
import FoundationEssentials
import Secrets
import TestSupport
import Testing

@testable import Delivery

struct ExportFormatTests {
  /// What SDKs and prompts would take for other credentials.
  private static let redirecting = """
    AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN AWS_ACCESS_KEY AWS_SECRET_KEY AWS_CREDENTIAL_FILE \
    AWS_CREDENTIAL_PROFILES_FILE AWS_SDK_LOAD_CONFIG AWS_BEARER_TOKEN_BEDROCK AWS_ROLE_ARN AWS_ROLE_SESSION_NAME \
    AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI \
    AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_ACCOUNT_ID AWS_VAULT AWSU_PROFILE \
    AWS_SSO_PROFILE AWS_SESSION_EXPIRATION
    """

  @Test func `sh sets the session and unsets what would redirect an SDK`() throws {
    #expect(
      try text(.sh, .session(secret: "it's")) == #"""
        unset \#(Self.redirecting) DAYPASS_SCOPE;
        export AWS_ACCESS_KEY_ID='ASIAEXAMPLE';
        export AWS_SECRET_ACCESS_KEY='it'\''s';
        export AWS_SESSION_TOKEN='made-up-token==';
        export AWS_CREDENTIAL_EXPIRATION='2026-11-21T08:00:00Z';
        export AWS_REGION='eu-west-1';
        export AWS_DEFAULT_REGION='eu-west-1';
        export DAYPASS_PROFILE='prod';
        export DAYPASS_REGION='eu-west-1';
        export AWSUME_PROFILE='prod';

        """#)
  }

  @Test func `a long-term key unsets the token, expiration and region of a session before it`() throws {
    let names =
      Self.redirecting
      + " AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_REGION AWS_DEFAULT_REGION DAYPASS_REGION DAYPASS_SCOPE"
    #expect(
      try text(.fish, .key(), region: nil) == """
        for daypass_name in \(names);
        set -eg $daypass_name;
        if set -qUx $daypass_name; set -gx $daypass_name;
        echo "daypass: hint: $daypass_name is universal, and empty in this shell now: set -eU $daypass_name" >&2;
        end; end; set -e daypass_name;
        set -gx AWS_ACCESS_KEY_ID 'AKIAEXAMPLE';
        set -gx AWS_SECRET_ACCESS_KEY 'made-up/secret+key=';
        set -gx DAYPASS_PROFILE 'prod';
        set -gx AWSUME_PROFILE 'prod';

        """)
  }

  @Test func `variables of other programs that are there are unset, if a shell can have their names`() throws {
    let inherited = ["GRANTED_SSO=1", "GRANTED_a b=1", "GRANTED_X\n=1", "GRANTED", "AWS_CONTAINER_CREDENTIALS_NEW=1"]
    let script = try text(.sh, .session(), inherited: inherited)
    let names = "\(Self.redirecting) DAYPASS_SCOPE AWS_CONTAINER_CREDENTIALS_NEW GRANTED_SSO"
    #expect(script.hasPrefix("unset \(names);\nexport "))
  }

  @Test(arguments: [
    ("it's", "it''s"), ("''", "''''"),
    ("a\u{2018}b\u{2019}c\u{201a}d\u{201b}", "a\u{2018}\u{2018}b\u{2019}\u{2019}c\u{201a}\u{201a}d\u{201b}\u{201b}"),
    ("$(x) `n $Env:A", "$(x) `n $Env:A"), ("\u{201c}x\u{201d}", "\u{201c}x\u{201d}"),
  ])
  func `PowerShell reads every kind of quote it knows doubled`(secret: String, quoted: String) throws {
    let script = try text(.powershell, .session(secret: secret))
    #expect(script.hasPrefix("$Env:AWS_PROFILE = $null;\n"))
    #expect(script.contains("$Env:AWS_SECRET_ACCESS_KEY = '\(quoted)';\n"))
  }

  @Test func `env has a variable a line without quotes`() throws {
    #expect(
      try text(.env, .session(secret: "a!b&c;d=~*")) == #"""
        AWS_ACCESS_KEY_ID=ASIAEXAMPLE
        AWS_SECRET_ACCESS_KEY=a!b&c;d=~*
        AWS_SESSION_TOKEN=made-up-token==
        AWS_CREDENTIAL_EXPIRATION=2026-11-21T08:00:00Z
        AWS_REGION=eu-west-1
        AWS_DEFAULT_REGION=eu-west-1
        DAYPASS_PROFILE=prod
        DAYPASS_REGION=eu-west-1
        AWSUME_PROFILE=prod

        """#)
  }

  @Test func `ini is a section of the credentials file`() throws {
    #expect(
      try text(.ini, .session()) == """
        [prod]
        aws_access_key_id = ASIAEXAMPLE
        aws_secret_access_key = made-up/secret+key=
        aws_session_token = made-up-token==
        aws_credential_expiration = 2026-11-21T08:00:00Z
        region = eu-west-1

        """)
  }

  @Test func `json is what a credential_process answers`() throws {
    let document = try CredentialProcessDocument.render(.session()).revealed()
    #expect(try text(.json, .session()) == document)
  }

  @Test(arguments: [
    (ExportFormat.env, " a"), (.env, "a "), (.env, "'a'"), (.env, "\"a\""), (.env, "a#b"), (.env, "${a}"),
    (.env, "a\\"),
    (.env, "`a`"), (.env, "é"), (.ini, "a b"), (.ini, "#a"), (.ini, "a;b"), (.ini, "\"a\""), (.ini, "a'"),
    (.ini, "é"),
  ])
  func `a value that the format cannot carry is refused`(format: ExportFormat, secret: String) {
    #expect(throws: DeliveryError.unusableInFormat(name: "AWS_SECRET_ACCESS_KEY", format: format)) {
      try text(format, .session(secret: secret))
    }
  }

  @Test(arguments: ["", "a]b", "a b", "a\nb", "[a", "é"])
  func `a profile name that is no plain section name is refused in ini`(profile: String) {
    #expect(throws: DeliveryError.unusableInFormat(name: "profile", format: .ini)) {
      try text(.ini, .key(), profile: profile)
    }
  }

  @Test(arguments: ExportFormat.allCases.filter { $0 != .json }, ["a\nb", "a\rb", "a\0b", "a\u{7f}b", "a\u{9b}b"])
  func `control characters are refused before anything is written`(format: ExportFormat, secret: String) {
    #expect(throws: DeliveryError.unusableValue(name: "AWS_SECRET_ACCESS_KEY", problem: .controlCharacter)) {
      try text(format, .session(secret: secret))
    }
  }

  @Test func `a hostile region is quoted like a secret`() throws {
    #expect(try text(.sh, .key(), region: "x'$(y)").contains(#"export AWS_REGION='x'\''$(y)';"#))
  }

  private func text(
    _ format: ExportFormat, _ credentials: consuming Credentials, region: String? = "eu-west-1",
    profile: String = "prod", inherited: [String] = []
  ) throws -> String {
    let variables = CredentialVariables(profile: profile, region: region.map { .ofProfile($0) })
    let block = EnvironmentBlock(entries: inherited.map { Array($0.utf8) })
    return try format.render(credentials, variables, inherited: block).revealed() ?? "not UTF-8"
  }
}

// MARK: - The credential_process document

struct CredentialProcessDocumentTests {
  @Test func `a session is one line with token and expiration`() throws {
    let text = try CredentialProcessDocument.render(.session()).revealed()
    #expect(
      text == """
        {"Version": 1, "AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "made-up/secret+key=", \
        "Expiration": "2026-11-21T08:00:00Z", "SessionToken": "made-up-token=="}

        """)
  }

  @Test func `a known account is the last member`() throws {
    let text = try CredentialProcessDocument.render(.key(account: "123456789012")).revealed()
    #expect(text?.hasSuffix(#", "AccountId": "123456789012"}"# + "\n") == true)
  }

  @Test func `a long-term key has neither token nor expiration`() throws {
    let text = try CredentialProcessDocument.render(.key()).revealed()
    #expect(
      text == #"{"Version": 1, "AccessKeyId": "AKIAEXAMPLE", "SecretAccessKey": "made-up/secret+key="}"# + "\n")
  }

  @Test(arguments: [
    #"quote " and \ backslash"#, "\n\r\t\u{8}\u{c}\0\u{1f}\u{7f}", "é漢字🙂\u{2028}\u{10ffff}", "</script>'`$(x)", "%s%n",
  ])
  func `a JSON reader gets every value back`(secret: String) throws {
    let text =
      try CredentialProcessDocument.render(.session(secret: secret, token: secret)).revealed() ?? ""
    let members = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(members["SecretAccessKey"] as? String == secret)
    #expect(members["SessionToken"] as? String == secret)
    #expect(members["Version"] as? Int == 1)
    #expect(text.filter { $0 == "\n" }.count == 1)
  }

  @Test func `an empty secret is refused`() {
    #expect(throws: DeliveryError.unusableValue(name: "SecretAccessKey", problem: .empty)) {
      try CredentialProcessDocument.render(.session(secret: "")).count
    }
  }

  @Test func `bytes that are not UTF-8 are refused`() {
    let bytes: [UInt8] = [0x41, 0xed, 0xa0, 0x80]
    let credentials = Credentials(accessKeyID: "AKIAEXAMPLE", secretAccessKey: SecretBytes(copying: bytes.span))
    var caught: DeliveryError?
    do { _ = try CredentialProcessDocument.render(credentials).count } catch { caught = error }
    #expect(caught == .unusableValue(name: "SecretAccessKey", problem: .notUTF8))
  }
}

// MARK: - Hostile documents

/// What `export` prints of hostile values.
enum HostileDocuments {
  /// A document in which key id, secret, token and region are one value.
  struct Document: Sendable {
    let exported: ExportedDocument
    let isCrafted: Bool
  }

  static let posix = of(.sh)
  static let fish = of(.fish)

  /// The documents of the values that are not refused; a refusal without need, or the want of one, fails the test.
  private static func of(_ format: ExportFormat) -> [Document] {
    HostileValues.all.enumerated().compactMap { index, value in
      let text = rendered(value, as: format)
      if (text == nil) == HostileValues.isText(value) { Issue.record("\(format) and \(value.prefix(60))") }
      guard let text else { return nil }
      let isCrafted = index < HostileValues.crafted.count
      let values = [String](repeating: String(decoding: value, as: UTF8.self), count: 5)
      return Document(exported: ExportedDocument(text, holding: values), isCrafted: isCrafted)
    }
  }

  /// Nil if it is refused.
  private static func rendered(_ value: [UInt8], as format: ExportFormat) -> String? {
    let text = String(decoding: value, as: UTF8.self)
    // Texts cannot hold what is not UTF-8, secrets can.
    let isText = text.utf8.elementsEqual(value)
    let credentials = Credentials(
      accessKeyID: isText ? text : "ASIAEXAMPLE", secretAccessKey: SecretBytes(copying: value.span),
      sessionToken: SecretBytes(copying: value.span), expiration: Date(timeIntervalSince1970: 1_795_248_000))
    do throws(DeliveryError) {
      let variables = CredentialVariables(profile: "prod", region: isText ? .ofUser(text) : nil)
      return try format.render(credentials, variables, inherited: EnvironmentBlock(entries: [])).revealed()
    } catch {
      return nil
    }
  }
}

extension Shell {
  /// What it is given to read.
  var documents: [ExportedDocument] {
    let all = syntax == .posix ? HostileDocuments.posix : HostileDocuments.fish
    return (triesAll ? all : all.filter(\.isCrafted)).map(\.exported)
  }
}

extension Shell.Syntax {
  var format: ExportFormat {
    switch self {
    case .posix: .sh
    case .fish: .fish
    }
  }
}

// MARK: - Made-up credentials

extension Credentials {
  /// Temporary credentials; made up.
  static func session(secret: String = "made-up/secret+key=", token: String = "made-up-token==") -> Credentials {
    Credentials(
      accessKeyID: "ASIAEXAMPLE", secretAccessKey: SecretBytes(copying: secret),
      sessionToken: SecretBytes(copying: token), expiration: Date(timeIntervalSince1970: 1_795_248_000))
  }

  /// A long-term key; made up.
  static func key(account: String? = nil) -> Credentials {
    Credentials(
      accessKeyID: "AKIAEXAMPLE", secretAccessKey: SecretBytes(copying: "made-up/secret+key="), account: account)
  }
}
