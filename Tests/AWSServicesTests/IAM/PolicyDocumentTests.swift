import AWSServices
import AWSValues
import Foundation
import Testing

struct PolicyDocumentTests {
  @Test func `policies are the JSON that IAM takes`() throws {
    let role: RoleARN = try IAMCall.made("arn:aws:iam::123456789012:role/x/r")
    let documents: [(PolicyDocument, String)] = [
      (.listingBuckets, #"{"Effect":"Allow","Resource":"*","Action":"s3:ListAllMyBuckets"}"#),
      (
        .listingBucketsWithMFA,
        #"{"Effect":"Allow","Resource":"*","Action":"s3:ListAllMyBuckets","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#
      ),
      (
        .assuming(role),
        #"{"Effect":"Allow","Resource":"arn:aws:iam::123456789012:role/x/r","Action":"sts:AssumeRole"}"#
      ),
    ]
    for (document, statement) in documents {
      #expect(document.json == #"{"Version":"2012-10-17","Statement":[\#(statement)]}"#)
    }
  }

  @Test func `text from elsewhere cannot add to a policy`() throws {
    let name = #"arn:aws:iam::123456789012:role/"],\"#
    let json = PolicyDocument.assuming(try IAMCall.made(name)).json
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let statements = try #require(object?["Statement"] as? [[String: Any]])
    #expect(statements.map { $0["Resource"] as? String } == [name])
  }
}
