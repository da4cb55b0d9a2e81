import AWSServices
import FoundationEssentials
import Testing

struct UserTests {
  @Test func `a user's name, path, ARN and id are read`() throws {
    let bench = Bench([
      .answer(
        200,
        """
        <GetUserResponse><GetUserResult><User><UserName>alice</UserName><Path>/team/</Path><UserId>AIDA</UserId>\
        <Arn>arn:aws:iam::123456789012:user/team/alice</Arn><CreateDate>2026-11-21T08:00:00Z</CreateDate></User>\
        </GetUserResult></GetUserResponse>
        """)
    ])
    let user = try IAM(bench.client).user(signedBy: Bench.longTermKey())
    #expect(user.name?.text == "alice")
    #expect(user.path == "/team/")
    #expect(user.arn == "arn:aws:iam::123456789012:user/team/alice")
    #expect(user.id == "AIDA")
    #expect(user.creationDate == Bench.now)
    let request = bench.transport.requests[0]
    #expect(request.url.text == "https://iam.amazonaws.com/")
    #expect(request.body == "Action=GetUser&Version=2010-05-08")
    #expect(request.headers["authorization"]?.contains("/us-east-1/iam/") == true)
  }

  @Test func `the root user has no name`() throws {
    let answer = """
      <GetUserResponse><GetUserResult><User><UserId>1</UserId><Arn>arn:aws:iam::123456789012:root</Arn></User>\
      </GetUserResult></GetUserResponse>
      """
    let user = try IAM(Bench([.answer(200, answer)]).client).user(signedBy: Bench.longTermKey())
    #expect(user.name == nil)
    #expect(user.path == "/")
  }
}
