import AWSValues
import Foundation
import Secrets
import TestSupport
import Testing

@testable import Delivery

@Suite(.waiting, .enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct ExportClientTests {
  private let fixture: ClientFixture
  private var world: ClientWorld { fixture.world }

  init() throws {
    fixture = try ClientFixture()
    try fixture.open("readonly")
  }

  @Test func `boto3 and the AWS CLI work in a shell that evaluated the export`() throws {
    let load = "eval \"$(daypass export readonly)\";"
    let caller: CallerReport = try world.answer(of: "caller", under: load)
    #expect(caller.source == "env")
    #expect(caller.arn == "arn:aws:sts::123456789012:assumed-role/ReadOnly/tester")
    #expect(caller.buckets == ClientFixture.buckets)
    let query = "aws sts get-caller-identity --query Arn --output text"
    #expect(try world.output(of: "\(load) \(query)", with: ["AWS_PROFILE": "gone"]) == caller.arn + "\n")
  }

  @Test func `boto3 reads the ini export as its credentials file`() throws {
    let file = world.path("credentials")
    try world.output(of: "daypass export --format ini readonly > \"$1\"", [file])
    let settings = ["AWS_SHARED_CREDENTIALS_FILE": file, "AWS_PROFILE": "readonly", "AWS_CONFIG_FILE": "/dev/null"]
    let caller: CallerReport = try world.answer(of: "caller", with: settings)
    #expect(caller.source == "shared-credentials-file")
    #expect(caller.arn == "arn:aws:sts::123456789012:assumed-role/ReadOnly/tester")
  }

  @Test func `the json export is what credential-process prints`() throws {
    let exported = try world.output(of: "daypass export --format json readonly")
    #expect(try world.output(of: "daypass credential-process readonly") == exported)
    #expect(exported.hasPrefix("{\"Version\": 1, "))
  }

  @Test func `readers of env files get the variables that exec sets`() throws {
    let file = world.path("variables")
    try world.output(of: "daypass export --format env readonly > \"$1\"", [file])
    let read: [String: [String: String]] = try world.answer(of: "read_env_file", file)
    let set: [String: String] = try world.answer(of: "environment", under: "daypass exec readonly --")
    let names = [
      "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_REGION",
      "AWS_DEFAULT_REGION", "AWSUME_PROFILE", "DAYPASS_PROFILE", "DAYPASS_REGION",
    ]
    let expected = set.filter { names.contains($0.key) }
    #expect(expected.count == names.count)
    #expect(read == ["docker": expected, "dotenv": expected])
  }
}

// MARK: - Hostile export tests

/// Hostile values in the formats that programs read: what is not refused, they read back equal.
@Suite(.waiting, .enabled(if: Python.isInstalled, Python.isMissing))
struct HostileExportTests {
  @Test func `Python reads every secret back from the JSON, strictly`() throws {
    let texts = HostileValues.all.filter { !$0.isEmpty && String(validating: $0, as: UTF8.self) != nil }
    try expectEqual(texts.map { ($0, try rendered($0, as: .json)) }, readAs: "json", refused: 0)
  }

  @Test(.enabled(if: Installed.has("jq"), "jq is not installed"))
  func `jq reads the same`() throws {
    let texts = HostileValues.crafted.filter { !$0.isEmpty && String(validating: $0, as: UTF8.self) != nil }
    try expectEqual(texts.map { ($0, try rendered($0, as: .json)) }, readAs: "jq", refused: 0)
  }

  @Test func `docker and python-dotenv read an env file alike, or it is refused`() throws {
    let files = HostileValues.all.map { value in (value, try? rendered(value, as: .env) + [0]) }
    try expectEqual(files, readAs: "env", refused: 9_500)
  }

  @Test func `botocore reads every section back, or it is refused`() throws {
    var count = 0
    let sections = HostileValues.all.map { value in
      let section = try? rendered(value, as: .ini, profile: "p\(count)")
      if section != nil { count += 1 }
      return (value, section)
    }
    try expectEqual(sections, readAs: "ini", refused: 9_500)
  }

  /// Has the reader find each value in its document; nil documents were refused, at most `limit` of them.
  private func expectEqual(
    _ documents: [(value: [UInt8], text: [UInt8]?)], readAs format: String, refused limit: Int
  ) throws {
    let written = documents.compactMap { document in document.text.map { (document.value, $0) } }
    #expect(documents.count - written.count <= limit)
    let folder = ScratchFolder()
    try Data(written.flatMap(\.1)).write(to: URL(filePath: folder.path("documents")))
    let outcome = try Launch(
      Python.program("python3"), [Python.script("read_exports"), format, folder.path("documents")]
    ).run(within: 120)
    try #require(outcome.status == .exited(0), "\(outcome.errorText)")
    let read = try JSONDecoder().decode([[String]].self, from: Data(outcome.output))
    #expect(read.count == written.count)
    for (found, (value, _)) in zip(read, written) where found.contains(where: { $0 != value.hexadecimal }) {
      Issue.record("\(format): \(String(decoding: value.prefix(100), as: UTF8.self)) came back as \(found)")
    }
  }

  /// A document in which every value is `value`.
  private func rendered(_ value: [UInt8], as format: ExportFormat, profile: String = "p") throws -> [UInt8] {
    let text = String(decoding: value, as: UTF8.self)
    let credentials = Credentials(
      accessKeyID: text, secretAccessKey: SecretBytes(copying: value.span),
      sessionToken: SecretBytes(copying: value.span), expiration: Date(timeIntervalSince1970: 1_795_248_000))
    let variables = CredentialVariables(profile: profile, region: .ofUser(text))
    let document = try format.render(credentials, variables, inherited: EnvironmentBlock(entries: []))
    return document.array
  }
}

extension [UInt8] {
  fileprivate var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
