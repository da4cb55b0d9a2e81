import AWSDouble
import TestSupport
import Testing

@Suite(.waiting, .enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct CredentialProcessClientTests {
  private let fixture: ClientFixture
  private var world: ClientWorld { fixture.world }

  init() throws { fixture = try ClientFixture() }

  @Test func `without a terminal the cached session answers boto3 and the AWS CLI`() throws {
    try fixture.open("readonly")
    let caller: CallerReport = try world.answer(of: "caller", "sdk")
    #expect(caller.source == "custom-process")
    #expect(caller.arn == "arn:aws:sts::123456789012:assumed-role/ReadOnly/tester")
    #expect(caller.buckets == ClientFixture.buckets)
    #expect(try world.output(of: "aws s3 ls --profile sdk").contains(" demo-website\n"))
    #expect(fixture.count(.getSessionToken) == 1)
    #expect(fixture.count(.assumeRole) == 1)
  }

  @Test(arguments: ["aws s3 ls --profile sdk", "python3 \"$1\" sdk"])
  func `if a code is needed and there is no terminal, the client shows at once what daypass says`(
    client: String
  ) throws {
    let outcome = try world.sh(client, [Python.script("caller")])
    #expect(outcome.status != .exited(0))
    #expect(
      outcome.errorText.contains(
        "daypass: an MFA code for \(ClientFixture.device) is needed, but there is no terminal to ask on"))
    #expect(fixture.aws.calls.isEmpty)
  }

  @Test func `a long-term key has no expiration, and the client takes it as such`() throws {
    let caller: CallerReport = try world.answer(of: "caller", "sdk-key")
    #expect(caller.arn == "arn:aws:iam::123456789012:user/team/bob")
    #expect(caller.keyID == "AKIAI44QH8DHBEXAMPLE")
    #expect(try !world.output(of: "daypass credential-process bob --no-session").contains("Expiration"))
  }
}

// MARK: - Account tests

@Suite(.waiting, .enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct AccountClientTests {
  private struct Answer: Decodable {
    let account: String
    let host: String
  }

  @Test func `a client that requires an account id gets it, and asks the account's own host`() throws {
    let fixture = try ClientFixture()
    try fixture.open("readonly")
    let answer: Answer = try fixture.world.answer(of: "account_endpoint", "sdk")
    #expect(answer.account == "123456789012")
    #expect(answer.host == "123456789012.ddb.eu-west-1.amazonaws.com")
  }
}

// MARK: - Credential refresh tests

@Suite(.waiting, .enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct CredentialRefreshTests {
  private let fixture: ClientFixture
  private var world: ClientWorld { fixture.world }

  init() throws { fixture = try ClientFixture() }

  @Test func `boto3 asks again when fewer than 15 minutes are left, and not before`() throws {
    // Seconds left by the SDK's clock, use after use.
    let starts: [Int] = try world.answer(of: "refresh", "sdk-logged \"$LOG\" real 40000 901 899 real")
    #expect(starts == [1, 1, 1, 2, 2])
    #expect(fixture.count(.getSessionToken) == 1)
  }

  @Test func `a session too short for boto3 is given each time it asks, and costs one call to AWS`() throws {
    // Sessions last 12 hours by AWS's clock; 14 minutes are left of them by ours.
    fixture.aws.account.allowedSkew = 86_400
    fixture.aws.clock = .offset(14 * 60 - 43_200)
    let starts: [Int] = try world.answer(of: "refresh", "sdk-logged \"$LOG\" real real real")
    #expect(starts == [2, 3, 4])
    #expect(fixture.count(.getSessionToken) == 1)
  }

  @Test func `a session with less than what the SDK wants left is replaced before boto3 gets it`() throws {
    fixture.aws.account.allowedSkew = 86_400
    fixture.aws.clock = .offset(20 * 60 - 43_200)
    try world.output(of: "daypass exec bob -- true")
    fixture.aws.clock = .offset(0)
    let starts: [Int] = try world.answer(
      of: "refresh", "sdk-logged \"$LOG\" real real", with: ["DAYPASS_MIN_TTL": "30m"])
    #expect(starts == [1, 1])
    #expect(fixture.count(.getSessionToken) == 2)
  }
}
