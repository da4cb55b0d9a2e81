import HTTP
import Secrets
import SigV4
import Testing

@Suite(.enabled(if: AWSSuiteCase.suite.isPresent, "the suite sigv4/aws-c-auth is not beside the checkout"))
struct AWSSuiteTests {
  @Test func `all 38 cases are there`() {
    #expect(AWSSuiteCase.suite.names.count == 38)
  }

  @Test(arguments: AWSSuiteCase.suite.names)
  func `each stage is what AWS's suite says`(name: String) throws {
    let test = try AWSSuiteCase(name)
    let prepared = try test.signer.prepare(test.request(), with: test.credentials())
    let canonical = try CanonicalRequest(of: prepared, pathRule: test.signer.pathRule)
    let canonicalText = canonical.bytes.revealed()
    #expect(try canonicalText == test.text("header-canonical-request"))
    #expect(try test.signer.stringToSign(canonical) == test.text("header-string-to-sign"))
    let signed = try test.signer.sign(test.request(), with: test.credentials())
    let authorization = signed.headers.last?.value ?? ""
    #expect(try authorization.hasSuffix("Signature=" + test.text("header-signature")))
    #expect(try test.text("header-signed-request").contains("Authorization:\(authorization)\n"))
  }
}
