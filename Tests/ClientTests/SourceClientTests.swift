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

    [profile container]
    region = eu-west-1
    role_arn = arn:aws:iam::123456789012:role/Build
    role_session_name = e2e
    credential_source = EcsContainer

    [profile instance]
    region = eu-west-1
    role_arn = arn:aws:iam::123456789012:role/Build
    role_session_name = e2e
    credential_source = Ec2InstanceMetadata

    [profile login]
    region = eu-west-1
    login_session = arn:aws:iam::123456789012:user/alice

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

  @Test(arguments: ["container", "instance"])
  func `a role on top of what the machine gives is the same to boto3 and daypass`(profile: String) throws {
    let aws = try AWSDouble.start()
    defer { try? aws.stop() }
    let machine = Role(arn: aws.account.roleARN("Machine"), trusts: [])
    aws.account.roles += [machine, Role(arn: aws.account.roleARN("Build"), trusts: [machine.arn])]
    aws.account.machineRole = "Machine"
    let world = try ClientWorld(endpoint: aws.url, config: Self.config)
    let variables = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": aws.url + "/container",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic made-up-token-of-the-container",
      "AWS_EC2_METADATA_SERVICE_ENDPOINT": aws.url, "AWS_EC2_METADATA_DISABLED": "false",
    ]
    let theirs: CallerReport = try world.answer(of: "caller", profile, with: variables)
    let ours: CallerReport = try world.answer(of: "caller", under: "daypass exec \(profile) --", with: variables)
    #expect(theirs.source == "assume-role")
    #expect(theirs.arn == "arn:aws:sts::123456789012:assumed-role/Build/e2e")
    #expect(ours.arn == theirs.arn)
  }

  @Test func `a sign-in that boto3 refreshes in the file of the AWS CLI serves daypass, which leaves it alone`() throws
  {
    let aws = try AWSDouble.start()
    defer { try? aws.stop() }
    let world = try ClientWorld(endpoint: aws.url, config: Self.config)
    let refreshToken = aws.issueRefreshToken(
      of: "alice", boundTo: "-61zGyI6XHYxDx7LvkW5bVFQlA71Grv3Kt1SODiqjNI")
    let key = """
      -----BEGIN EC PRIVATE KEY-----\\n\
      MHcCAQEEIMaJg5O8Jy7ugsZdrOzrg5gu80w/RA6/wBPxbpBN8Z/foAoGCCqGSM49\\n\
      AwEHoUQDQgAEbW24Yon+QBW+yHtp47f4FVBJoCqWI6xvTuIOUXzoQBPrcb8Vrvhc\\n\
      3x0oLIvK1gjQGAgWaJTTTLfdF9FjSLpJBA==\\n-----END EC PRIVATE KEY-----\\n
      """
    let file = """
      {"accessToken":{"accessKeyId":"ASIAOFTHECLIEXAMPLE0","secretAccessKey":"made/up","sessionToken":"t",\
      "accountId":"123456789012","expiresAt":"2026-01-01T00:00:00Z"},"tokenType":"aws_sigv4",\
      "clientId":"arn:aws:signin:::devtools/same-device","refreshToken":"\(refreshToken)","dpopKey":"\(key)"}
      """
    let path = "~/.aws/login/cache/b7d71d383b9557a9bad4c3346c50365819226484c6824a0fdef66637be339db0.json"
    try world.output(of: "mkdir -p ~/.aws/login/cache && printf '%s' \"$1\" >\(path)", [file])
    let theirs: CallerReport = try world.answer(of: "caller", "login")
    #expect(theirs.source == "login")
    #expect(theirs.arn == "arn:aws:iam::123456789012:user/alice")
    let kept = try world.output(of: "cat \(path)")
    let ours: CallerReport = try world.answer(of: "caller", under: "daypass exec login --")
    #expect(ours.keyID == theirs.keyID && ours.arn == theirs.arn)
    #expect(try world.output(of: "cat \(path)") == kept)
    #expect(aws.consoleSignIn.calls == ["token refresh_token"])
  }
}
