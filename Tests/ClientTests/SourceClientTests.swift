import AWSDouble
import Foundation
import TestSupport
import Testing

/// boto3 and daypass on the same config: a program's credentials, and a role on top of them.
@Suite(.waiting, .enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct SourceClientTests {
  private static let config = """
    [profile helper]
    credential_process = sh -c 'printf "{\\"Version\\": 1, \\"AccessKeyId\\": \\"%s\\", \\"SecretAccessKey\\": \\"%s\\"}" "$KEY_ID" "$KEY"'
    region = eu-west-1

    [profile ci]
    region = eu-west-1
    role_arn = arn:aws:iam::123456789012:role/Build
    role_session_name = e2e
    web_identity_token_file = TOKEN

    """

  @Test func `a program's credentials are the same to boto3 and daypass`() throws {
    let aws = try AWSDouble.start()
    defer { try? aws.stop() }
    let world = try ClientWorld(endpoint: aws.url, config: Self.config)
    let key = try #require(Account.demo[user: "bob"]?.keys.first)
    let variables = ["KEY_ID": key.id, "KEY": key.secret]
    let theirs: CallerReport = try world.answer(of: "caller", "helper", with: variables)
    let ours: CallerReport = try world.answer(of: "caller", under: "daypass exec helper --", with: variables)
    #expect(theirs.source == "custom-process")
    #expect(theirs.arn == "arn:aws:iam::123456789012:user/team/bob")
    #expect(ours.arn == theirs.arn)
    #expect(ours.keyID == theirs.keyID)
  }

  @Test func `a role by a token in a file is the same to boto3 and daypass`() throws {
    let aws = try AWSDouble.start()
    defer { try? aws.stop() }
    var role = Role(arn: aws.account.roleARN("Build"), trusts: [])
    role.webIdentities = ["repo:acme/app"]
    aws.account.roles.append(role)
    let scratch = ScratchFolder()
    let file = scratch.write(aws.webIdentityToken(of: "repo:acme/app"), to: "token")
    let world = try ClientWorld(endpoint: aws.url, config: Self.config.replacing("TOKEN", with: file))
    let theirs: CallerReport = try world.answer(of: "caller", "ci")
    let ours: CallerReport = try world.answer(of: "caller", under: "daypass exec ci --")
    #expect(theirs.source == "assume-role-with-web-identity")
    #expect(theirs.arn == "arn:aws:sts::123456789012:assumed-role/Build/e2e")
    #expect(ours.arn == theirs.arn)
  }
}
