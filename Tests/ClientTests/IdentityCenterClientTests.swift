import AWSDouble
import Foundation
import TestSupport
import Testing

/// boto3 and daypass on the same config, the same token of the AWS CLI and the same Identity Center.
@Suite(.waiting, .enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct IdentityCenterClientTests {
  private static let config = """
    [sso-session my-sso]
    sso_start_url = https://d-abc123.awsapps.com/start
    sso_region = eu-west-1

    [profile readonly]
    sso_session = my-sso
    sso_account_id = 123456789012
    sso_role_name = ReadOnly
    region = eu-west-1

    [profile legacy]
    sso_start_url = https://d-abc123.awsapps.com/start
    sso_region = eu-west-1
    sso_account_id = 123456789012
    sso_role_name = ReadOnly
    region = eu-west-1

    """

  @Test(arguments: [
    ("readonly", "0ad374308c5a4e22f723adf10145eafad7c4031c"), ("legacy", "40a89917e3175433e361b710a9d43528d7f1890a"),
  ])
  func `the AWS CLI's token serves boto3 and daypass alike`(profile: String, name: String) throws {
    let aws = try AWSDouble.start()
    defer { try? aws.stop() }
    let world = try ClientWorld(endpoint: aws.url, config: Self.config)
    let token = """
      {"startUrl": "https://d-abc123.awsapps.com/start", "region": "eu-west-1",
       "accessToken": "\(aws.issueAccessToken())", "expiresAt": "2999-01-01T00:00:00Z"}
      """
    try world.output(
      of: "mkdir -p ~/.aws/sso/cache && printf %s \"$1\" >~/.aws/sso/cache/\(name).json", [token])
    let theirs: CallerReport = try world.answer(of: "caller", profile)
    let ours: CallerReport = try world.answer(of: "caller", under: "daypass exec \(profile) --")
    #expect(theirs.source == "sso")
    #expect(theirs.arn == "arn:aws:sts::123456789012:assumed-role/ReadOnly/alice@example.com")
    #expect(ours.arn == theirs.arn)
    #expect(aws.identityCenter.calls == ["GetRoleCredentials", "GetRoleCredentials"])
    #expect(try world.output(of: "ls ~/.aws/sso/cache") == "\(name).json\n")
  }
}
