import AWSServices
import FoundationEssentials
import TestSupport
import Testing

struct BucketsTests {
  private func names(_ fixture: Fixture) throws -> [String] {
    try S3(fixture.client).buckets(signedBy: Fixture.session()).map(\.name)
  }

  @Test func `the request is signed for S3 with its payload's digest`() throws {
    let fixture = Fixture([.answer(200, Answers.buckets(["a"]))])
    #expect(try names(fixture) == ["a"])
    let request = fixture.transport.requests[0]
    #expect(request.method == .get)
    #expect(request.url.text == "https://s3.eu-west-1.amazonaws.com/?max-buckets=1000")
    #expect(request.headers["x-amz-content-sha256"]?.hasPrefix("e3b0c44298fc1c14") == true)
    #expect(request.headers["content-type"] == nil)
    #expect(request.token == "made-up-token")
  }

  @Test func `pages are followed to the last, with the token encoded`() throws {
    let fixture = Fixture([
      .answer(200, Answers.buckets(["a", "b"], next: "t/1+=")), .answer(200, Answers.buckets(["c"], next: "t2")),
      .answer(200, Answers.buckets(["d"])),
    ])
    #expect(try names(fixture) == ["a", "b", "c", "d"])
    #expect(
      fixture.transport.requests.map(\.url.query) == [
        "max-buckets=1000", "max-buckets=1000&continuation-token=t%2F1%2B%3D",
        "max-buckets=1000&continuation-token=t2",
      ])
  }

  @Test func `a page that names itself as the next ends the list with an error`() {
    let page = ScriptedTransport.Step.answer(200, Answers.buckets(["a"], next: "t"))
    let fixture = Fixture([page, page])
    #expect(
      fixture.error { _ = try S3($0).buckets(signedBy: Fixture.session()) }
        == .malformed(call: "ListBuckets", element: "next page"))
  }

  @Test(arguments: ["", "<ContinuationToken/>", "<ContinuationToken> </ContinuationToken>"])
  func `an account without buckets has an empty list`(token: String) throws {
    let fixture = Fixture([.answer(200, "<ListAllMyBucketsResult><Buckets/>\(token)</ListAllMyBucketsResult>")])
    #expect(try names(fixture) == [])
  }

  @Test func `date and region are read`() throws {
    let fixture = Fixture([
      .answer(
        200,
        """
        <ListAllMyBucketsResult><Buckets><Bucket><CreationDate>2026-11-21T08:00:00.000Z</CreationDate><Name>a</Name>\
        <BucketRegion>eu-west-1</BucketRegion></Bucket></Buckets></ListAllMyBucketsResult>
        """)
    ])
    let buckets = try S3(fixture.client).buckets(signedBy: Fixture.session())
    #expect(buckets.map(\.creationDate) == [Fixture.now])
    #expect(buckets.map(\.region) == ["eu-west-1"])
  }

  @Test(arguments: ["a\u{9b}2J", "", "\u{202e}a"])
  func `a name that would steer a terminal is refused`(name: String) {
    let fixture = Fixture([.answer(200, Answers.buckets([name]))])
    #expect(
      fixture.error { _ = try S3($0).buckets(signedBy: Fixture.session()) }
        == .malformed(call: "ListBuckets", element: "Name"))
  }
}
