import AWSDouble
import Foundation
import TestSupport
import Testing

/// The verifier is itself verified: AWS's published cases, and two requests from AWS's documentation.
struct SignatureSuiteTests {
  private static let suite = ExternalSuite("sigv4/aws-c-auth/v4")

  @Test(.enabled(if: suite.isPresent, "the SigV4 suite is not there"), arguments: suite.names)
  func `the suite's signatures are calculated stage by stage`(name: String) throws {
    let text = try Self.suite.text(name + "/header-signed-request.txt")
    let context = try Self.suite.text(name + "/context.json")
    let request = try WireRequest(text)
    let authorization = try #require(Authorization(request.headers.first { $0.name == "Authorization" }?.value ?? ""))
    let rule: PathRule = context.contains("\"normalize\": true") ? .normalizedThenEncoded : .encodedAsIs
    let calculation = SignatureCalculation(
      request, authorization: authorization, payloadHash: SignatureCalculation.hash(request.body), pathRule: rule)
    #expect(try calculation.canonicalRequest == Self.suite.text(name + "/header-canonical-request.txt"))
    #expect(try calculation.stringToSign == Self.suite.text(name + "/header-string-to-sign.txt"))
    #expect(calculation.signature(secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY") == authorization.signature)
  }

  @Test(arguments: SignatureExample.all)
  func `the examples of AWS's documentation verify`(example: SignatureExample) throws {
    let request = try WireRequest(example.request)
    let authorization = try #require(Authorization(request.headers.first { $0.name == "Authorization" }?.value ?? ""))
    let hash = SignatureCalculation.hash(request.body)
    let calculation = SignatureCalculation(
      request, authorization: authorization, payloadHash: hash, pathRule: example.pathRule)
    #expect(calculation.signature(secret: example.secret) == authorization.signature)
  }
}

// MARK: - Signature example

/// A signed request that AWS's documentation prints.
struct SignatureExample: Sendable {
  let request: String
  let secret: String
  let pathRule: PathRule

  static let all = [
    // AWS General Reference, "Signature Version 4 signing process", ListUsers.
    SignatureExample(
      request: """
        GET /?Action=ListUsers&Version=2010-05-08 HTTP/1.1
        Host: iam.amazonaws.com
        Content-Type: application/x-www-form-urlencoded; charset=utf-8
        X-Amz-Date: 20150830T123600Z
        Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
        SignedHeaders=content-type;host;x-amz-date, \
        Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7


        """, secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", pathRule: .normalizedThenEncoded),
    // Amazon S3 API Reference, "Signature calculations: examples", GET bucket lifecycle.
    SignatureExample(
      request: """
        GET /?lifecycle HTTP/1.1
        Host: examplebucket.s3.amazonaws.com
        X-Amz-Date: 20130524T000000Z
        X-Amz-Content-SHA256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
        SignedHeaders=host;x-amz-content-sha256;x-amz-date,\
        Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543


        """, secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", pathRule: .encodedOnce),
  ]
}
