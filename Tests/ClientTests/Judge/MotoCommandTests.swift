import TestSupport
import Testing

@Suite(.enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct MotoCommandTests {
  private let aws: MotoServer.Account
  private let world: ClientWorld

  init() throws {
    aws = try MotoServer.account()
    world = try ClientWorld(
      endpoint: aws.url,
      config: """
        [profile alice]
        region = us-east-1
        [profile reader]
        role_arn = \(aws.role)
        role_session_name = tester
        source_profile = alice
        region = us-east-1
        [profile long]
        role_arn = \(aws.role)
        role_session_name = tester
        source_profile = alice
        mfa_serial = \(aws.device)
        duration_seconds = 7200
        region = us-east-1

        """)
  }

  @Test func `a key that moto knows is added, and its commands work`() throws {
    let added = try world.add("alice", keyID: aws.keyID, secret: aws.secret)
    #expect(added.status == .exited(0))
    #expect(added.errorText.contains("daypass: the key is that of \(aws.user)\n"))
    #expect(try world.output(of: "daypass whoami alice --no-session").contains(aws.user))
    #expect(try world.output(of: "daypass list-buckets alice --no-session").contains("  website\n"))
    #expect(try world.output(of: "daypass whoami reader").contains(":assumed-role/Reader/tester"))
    #expect(try world.output(of: "daypass list-buckets reader").contains("  website\n"))
    let caller: CallerReport = try world.answer(of: "caller", under: "daypass exec reader --")
    #expect(caller.arn.hasSuffix(":assumed-role/Reader/tester"))
    #expect(caller.buckets == ["backups", "logs", "website"])
    #expect(try world.output(of: "daypass exec long --mfa-code 123456 -- aws s3 ls").contains(" website\n"))
  }

  @Test func `a wrong secret is refused as such, and not kept`() throws {
    let added = try world.add("alice", keyID: aws.keyID, secret: String(aws.secret.reversed()))
    #expect(added.status == .exited(77))
    #expect(added.errorText.hasPrefix("daypass: the secret access key is wrong for this key id (SignatureDoesNotMatch"))
    #expect(!added.errorText.contains(aws.secret.reversed()))
    #expect(try world.sh("daypass whoami alice").status == .exited(66))
  }

  @Test func `a key that moto does not know is refused as such`() throws {
    let added = try world.add("alice", keyID: "AKIAMADEUPMADEUP0000", secret: "made/up")
    #expect(added.status == .exited(77))
    #expect(added.errorText.hasPrefix("daypass: AWS does not accept the access key"))
  }
}
