import TestSupport
import Testing

@Suite(.waiting, .enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct ExecClientTests {
  private let fixture: ClientFixture
  private var world: ClientWorld { fixture.world }

  init() throws { fixture = try ClientFixture() }

  /// What a shell may be left with by other tools; each misleads an SDK that sees it.
  private static let stale = [
    "AWS_PROFILE": "gone", "AWS_DEFAULT_PROFILE": "gone", "AWS_ACCESS_KEY_ID": "AKIASTALESTALESTALE0",
    "AWS_SECRET_ACCESS_KEY": "stale", "AWS_SESSION_TOKEN": "stale", "AWS_SECURITY_TOKEN": "stale",
    "AWS_CREDENTIAL_EXPIRATION": "2001-01-01T00:00:00Z", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/Stale",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/",
    "AWS_REGION": "xx-stale-1", "AWS_DEFAULT_REGION": "xx-stale-1",
  ]

  @Test func `boto3 and the AWS CLI work with a role's session, whatever the shell was left with`() throws {
    try fixture.open("readonly")
    let caller: CallerReport = try world.answer(
      of: "caller", under: "daypass exec readonly --region us-east-1 --", with: Self.stale)
    #expect(caller.source == "env")
    #expect(caller.arn == "arn:aws:sts::123456789012:assumed-role/ReadOnly/tester")
    #expect(caller.buckets == ClientFixture.buckets)
    let listing = try world.output(
      of: "daypass exec readonly --region us-east-1 -- aws s3 ls", with: Self.stale)
    #expect(
      listing.split(separator: "\n").map { $0.split(separator: " ").last ?? "" } == [
        "demo-backups", "demo-logs", "demo-website",
      ])
  }

  @Test func `with --no-session they sign with the long-term key, and without the shell's stale token`() throws {
    let caller: CallerReport = try world.answer(
      of: "caller", under: "daypass exec bob --no-session --region us-east-1 --", with: Self.stale)
    #expect(caller.arn == "arn:aws:iam::123456789012:user/team/bob")
    #expect(caller.keyID == "AKIAI44QH8DHBEXAMPLE")
    let user = try world.output(
      of: "daypass exec bob --no-session --region us-east-1 -- aws iam get-user --query User.UserName --output text",
      with: Self.stale)
    #expect(user == "bob\n")
  }

  @Test func `a client's own failure is its own: message and status pass through`() throws {
    fixture.aws.account[user: "bob"]?.deniedActions = ["s3:ListAllMyBuckets"]
    let outcome = try world.sh("exec daypass exec bob -- aws s3 ls")
    let direct = try world.sh(
      "aws s3 ls", with: ["AWS_ACCESS_KEY_ID": "AKIAMADEUPMADEUP0000", "AWS_SECRET_ACCESS_KEY": "x"])
    #expect(outcome.status == direct.status)
    #expect(outcome.errorText.contains("AccessDenied"))
    #expect(!outcome.errorText.contains("daypass"))
  }
}
