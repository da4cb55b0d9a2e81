import Testing

@testable import Profiles

struct AWSVaultCallTests {
  private func call(_ line: String) throws -> AWSVaultCall? {
    try ProfileSet(config: "[profile a]\ncredential_process = \(line)\n").awsVaultCalls.first
  }

  @Test(arguments: [
    ("aws-vault exec work --json", ["work"]), ("/usr/bin/aws-vault exec --json work", ["work"]),
    ("aws-vault exec work --json --prompt=zenity", ["work"]), ("aws-vault exec -j work -d 1h", ["-d", "1h", "work"]),
    ("aws-vault export --format=json work", ["work"]),
    ("aws-vault export --format json --no-session work", ["--no-session", "work"]),
    (
      "\"/opt/my tools/aws-vault\" exec work --json --region=eu-west-1 -n",
      ["--region=eu-west-1", "--no-session", "work"]
    ),
  ])
  func `a call of aws-vault becomes one of ours`(line: String, arguments: [String]) throws {
    #expect(try call(line)?.arguments == arguments)
  }

  @Test(arguments: [
    "aws-vault exec work", "aws-vault --backend=file exec work --json", "aws-vault exec work --json --prompt=ykman",
    "aws-vault export work", "aws-vault exec work --json -- true", "aws-vault exec --json", "aws-vault list",
    "aws-vault exec a b --json", "aws-vault exec work --json -d",
  ])
  func `one that is not understood is known, and not changed`(line: String) throws {
    let call = try #require(try call(line))
    #expect(call.arguments == nil)
  }

  @Test func `another program's call is none`() throws {
    #expect(try call("aws-vaulted exec work --json") == nil)
    #expect(try call("daypass credential-process work") == nil)
  }
}
