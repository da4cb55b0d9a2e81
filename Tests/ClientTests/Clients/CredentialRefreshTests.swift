import AWSDouble
import TestSupport
import Testing

@Suite(.enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct CredentialRefreshTests {
  private let desk: ClientDesk
  private var world: ClientWorld { desk.world }

  init() throws { desk = try ClientDesk() }

  @Test func `boto3 asks again when fewer than 15 minutes are left, and not before`() throws {
    // Seconds left by the SDK's clock, use after use.
    let starts: [Int] = try world.answer(of: "refresh", "sdk-logged \"$LOG\" real 40000 901 899 real")
    #expect(starts == [1, 1, 1, 2, 2])
    #expect(desk.count(.getSessionToken) == 1)
  }

  @Test func `a session too short for boto3 is given each time it asks, and costs one call to AWS`() throws {
    // Sessions last 12 hours by AWS's clock; 14 minutes are left of them by ours.
    desk.aws.account.allowedSkew = 86_400
    desk.aws.clock = .offset(14 * 60 - 43_200)
    let starts: [Int] = try world.answer(of: "refresh", "sdk-logged \"$LOG\" real real real")
    #expect(starts == [2, 3, 4])
    #expect(desk.count(.getSessionToken) == 1)
  }

  @Test func `a session with less than what the SDK wants left is replaced before boto3 gets it`() throws {
    desk.aws.account.allowedSkew = 86_400
    desk.aws.clock = .offset(20 * 60 - 43_200)
    try world.output(of: "daypass exec bob -- true")
    desk.aws.clock = .offset(0)
    let starts: [Int] = try world.answer(
      of: "refresh", "sdk-logged \"$LOG\" real real", with: ["DAYPASS_MIN_TTL": "30m"])
    #expect(starts == [1, 1])
    #expect(desk.count(.getSessionToken) == 2)
  }
}
