import TestSupport
import Testing

/// Real clients of the credential server.
@Suite(.waiting, .enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct ServerClientTests {
  private struct Report: Decodable, Equatable {
    let source: String
    let isRenewed: Bool
    let arn: String
  }

  private let desk: ClientFixture
  private var world: ClientWorld { desk.world }

  init() throws { desk = try ClientFixture() }

  @Test func `boto3 and the AWS CLI take a role's credentials from the server`() throws {
    try desk.open("readonly")
    let stale = ["AWS_PROFILE": "gone", "AWS_ACCESS_KEY_ID": "AKIASTALESTALESTALE0", "AWS_SECRET_ACCESS_KEY": "stale"]
    let report: Report = try world.answer(of: "server", under: "daypass exec --server readonly --", with: stale)
    let role = "arn:aws:sts::123456789012:assumed-role/ReadOnly/tester"
    #expect(report == Report(source: "container-role", isRenewed: false, arn: role))
    let listing = try world.output(of: "daypass exec --server readonly -- aws s3 ls", with: stale)
    #expect(
      listing.split(separator: "\n").map { $0.split(separator: " ").last ?? "" }
        == ClientFixture.buckets.map { $0[...] })
  }

  @Test func `boto3 gets renewed credentials without being started again`() throws {
    desk.aws.account.allowedSkew = 86_400
    desk.aws.clock = .offset(5 * 60 - 43_200)
    try world.output(of: "daypass exec bob -- true")
    desk.aws.clock = .offset(0)
    let report: Report = try world.answer(of: "server", "renewed", under: "daypass exec --server bob --")
    let bob = "arn:aws:iam::123456789012:user/team/bob"
    #expect(report == Report(source: "container-role", isRenewed: true, arn: bob))
    #expect(desk.count(.getSessionToken) == 2)
  }

  @Test func `with another token, and without a server, clients have no credentials and say so`() throws {
    let wrong = try world.sh(
      "exec daypass exec --server bob -- env AWS_CONTAINER_AUTHORIZATION_TOKEN=wrong aws sts get-caller-identity")
    #expect(wrong.status != .exited(0) && wrong.status != .exited(77))
    #expect(wrong.errorText.contains("401"))
    let gone = try world.sh(
      "daypass exec --server bob -- env | grep '^AWS_CONTAINER' >\"$LOG\"; export $(cat \"$LOG\"); aws sts get-caller-identity"
    )
    #expect(gone.status != .exited(0))
    #expect(gone.errorText.contains("redentials"))
    #expect(desk.count(.getCallerIdentity) == 0)
  }
}
