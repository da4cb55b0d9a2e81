import AWSValues
import Testing

@testable import AWSServices

struct PartitionTests {
  @Test(arguments: [
    ("eu-west-1", "aws"), ("mx-central-1", "aws"), ("aws-global", "aws"), ("cn-north-1", "aws-cn"),
    ("us-gov-west-1", "aws-us-gov"), ("us-iso-west-1", "aws-iso"), ("us-isob-east-1", "aws-iso-b"),
    ("eu-isoe-west-1", "aws-iso-e"), ("us-isof-south-1", "aws-iso-f"), ("eusc-de-east-1", "aws-eusc"),
    ("aws-cn-global", "aws-cn"), ("elsewhere", "aws"), ("cn-north", "aws"), ("cn-north-x", "aws"),
  ])
  func `a region belongs to one partition`(region: String, id: String) {
    #expect(Partition(region: region).id == id)
  }

  @Test(arguments: [
    ("arn:aws:iam::123456789012:mfa/alice", "us-east-1"), ("arn:aws-cn:iam::123456789012:role/x", "cn-north-1"),
    ("arn:aws-us-gov:iam::123456789012:role/x", "us-gov-west-1"), ("GAHT12345678", "us-east-1"),
    ("arn:aws-mars:iam::123456789012:role/x", "us-east-1"),
  ])
  func `without a region an ARN's partition chooses it`(arn: String, region: String) {
    #expect(Connection().withRegion(forARN: arn).region == region)
    #expect(Connection(region: "eu-west-1").withRegion(forARN: arn).region == "eu-west-1")
  }

  @Test func `nothing known means us-east-1`() {
    #expect(Connection().withRegion(forARN: nil).region == "us-east-1")
  }

  @Test func `a role of another partition is refused, unless an endpoint is configured`() throws {
    let role = try #require(RoleARN("arn:aws-cn:iam::123456789012:role/deploy"))
    let expected = EndpointError.otherPartition(role: role.text, region: "eu-west-1")
    #expect(throws: expected) { try Connection(region: "eu-west-1").check(role) }
    try Connection(region: "cn-north-1").check(role)
    try Connection(region: "eu-west-1", endpoints: [.sts: "http://localhost:1"]).check(role)
  }
}
