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
