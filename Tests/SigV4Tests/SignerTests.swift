import FoundationEssentials
import HTTP
import Secrets
import SigV4
import Testing

struct SignerTests {
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html, the IAM example of AWS's older guide.
  @Test func `the IAM example of AWS's documentation has the signature printed there`() throws {
    let request = HTTPRequest(
      method: .get,
      url: URLText(scheme: .https, host: "iam.amazonaws.com", query: "Action=ListUsers&Version=2010-05-08"),
      headers: [HTTPRequest.Header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")])
    let signed = try Self.signer("iam", .normalized, date: 1_440_938_160).sign(
      request, with: Self.key("AKIDEXAMPLE", "+"))
    #expect(
      signed.headers.last?.value
        == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
        + "SignedHeaders=content-type;host;x-amz-date, "
        + "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
  }

  /// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
  @Test(arguments: [
    ("lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
    ("max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
  ])
  func `the S3 examples of AWS's documentation have the signatures printed there`(query: String, signature: String)
    throws
  {
    let url = URLText(scheme: .https, host: "examplebucket.s3.amazonaws.com", query: query)
    let signed = try Self.signer("s3", .asIs, date: 1_369_353_600).sign(
      HTTPRequest(method: .get, url: url), with: Self.key("AKIAIOSFODNN7EXAMPLE", "/"))
    let authorization = signed.headers.last?.value ?? ""
    #expect(authorization.contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date, "))
    #expect(authorization.hasSuffix("Signature=" + signature))
  }

  @Test func `a session token travels and is signed as a secret header`() throws {
    let credentials = Credentials(
      accessKeyID: "ASIAEXAMPLE", secretAccessKey: SecretBytes(copying: "made-up"),
      sessionToken: SecretBytes(copying: "TOKEN/=="))
    let signed = try Self.signer("sts", .normalized).sign(Self.request(), with: credentials)
    let name = signed.secretHeader.withValue { $0.name }
    let value = signed.secretHeader.withValue { $0.value.revealed() }
    #expect(name == "X-Amz-Security-Token")
    #expect(value == "TOKEN/==")
    #expect(!signed.headers.contains { $0.value.contains("TOKEN") })
    #expect(signed.headers.last?.value.contains("SignedHeaders=host;x-amz-date;x-amz-security-token,") == true)
  }

  @Test func `a long-term key sends no token header`() throws {
    let signed = try Self.signer("sts", .normalized).sign(Self.request(), with: Self.key("AKIDEXAMPLE", "+"))
    let hasSecret = signed.secretHeader.exists
    #expect(!hasSecret)
  }

  @Test func `a token that a request came with is not sent beside the session's, nor with a long-term key`() throws {
    var request = Self.request()
    request.headers = [HTTPRequest.Header("x-amz-security-token", "STALE")]
    request.secretHeader = HTTPRequest.SecretHeader("X-Amz-Security-Token", SecretBytes(copying: "STALE"))
    let signed = try Self.signer("sts", .normalized).sign(request, with: Self.key("AKIDEXAMPLE", "+"))
    let hasSecret = signed.secretHeader.exists
    #expect(signed.headers.map(\.name) == ["X-Amz-Date", "Authorization"])
    #expect(!hasSecret)
  }

  @Test func `a request that is signed again carries the later signature only`() throws {
    let key = Self.key("AKIDEXAMPLE", "+")
    let once = try Self.signer("s3", .asIs, date: 0).sign(Self.request(), with: key)
    let twice = try Self.signer("s3", .asIs, date: 3600).sign(once, with: key)
    let fresh = try Self.signer("s3", .asIs, date: 3600).sign(Self.request(), with: key)
    #expect(twice.headers.map(\.name) == ["X-Amz-Date", "X-Amz-Content-Sha256", "Authorization"])
    let (again, anew) = (twice.headers, fresh.headers)
    #expect(again == anew)
  }

  @Test func `one moment gives both the timestamp and the day of the scope`() {
    let scope = SigningScope(region: "eu-west-1", service: "sts", date: Date(timeIntervalSince1970: 1_440_979_199.9))
    #expect(scope.timestamp == "20150830T235959Z")
    #expect(scope.text == "20150830/eu-west-1/sts/aws4_request")
  }

  @Test func `the body is signed by its digest`() throws {
    let request = HTTPRequest(
      method: .post, url: URLText(scheme: .https, host: "h.example"), body: SecretBytes(copying: "Action=X"))
    let canonical = try CanonicalRequest(of: request, pathRule: .normalized)
    let text = canonical.bytes.revealed() ?? ""
    #expect(text.hasSuffix("\nhost\n3b173cc483d5aca8322d8211dc94655130607dbcb351953b49907bdb997ddc01"))
  }

  static func signer(_ service: String, _ rule: PathRule, date: TimeInterval = 1_440_938_160) -> Signer {
    Signer(region: "us-east-1", service: service, pathRule: rule, date: Date(timeIntervalSince1970: date))
  }

  /// AWS's own example key; `joint` is the character in which its two printed forms differ.
  static func key(_ id: String, _ joint: String) -> Credentials {
    let secret = "wJalrXUtnFEMI/K7MDENG\(joint)bPxRfiCYEXAMPLEKEY"
    return Credentials(accessKeyID: id, secretAccessKey: SecretBytes(copying: secret))
  }

  static func request() -> HTTPRequest {
    HTTPRequest(method: .get, url: URLText(scheme: .https, host: "h.example"))
  }
}
