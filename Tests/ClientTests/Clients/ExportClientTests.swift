import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct ExportClientTests {
  private let desk: ClientDesk
  private var world: ClientWorld { desk.world }

  init() throws {
    desk = try ClientDesk()
    try desk.open("readonly")
  }

  @Test func `boto3 and the AWS CLI work in a shell that evaluated the export`() throws {
    let load = "eval \"$(daypass export readonly)\";"
    let caller: CallerReport = try world.answer(of: "caller", under: load)
    #expect(caller.source == "env")
    #expect(caller.arn == "arn:aws:sts::123456789012:assumed-role/ReadOnly/tester")
    #expect(caller.buckets == ClientDesk.buckets)
    let query = "aws sts get-caller-identity --query Arn --output text"
    #expect(try world.output(of: "\(load) \(query)", with: ["AWS_PROFILE": "gone"]) == caller.arn + "\n")
  }

  @Test func `boto3 reads the ini export as its credentials file`() throws {
    let file = world.path("credentials")
    try world.output(of: "daypass export --format ini readonly > \"$1\"", file)
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
    try world.output(of: "daypass export --format env readonly > \"$1\"", file)
    let read: [String: [String: String]] = try world.answer(of: "read_env_file", file)
    let set: [String: String] = try world.answer(of: "environment", under: "daypass exec readonly --")
    let names = [
      "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "CREDENTIAL_EXPIRATION", "REGION", "DEFAULT_REGION",
    ]
    let expected = set.filter { names.contains(String($0.key.dropFirst("AWS_".count))) }
    #expect(expected.count == names.count)
    #expect(read == ["docker": expected, "dotenv": expected])
  }
}
