import AWSDouble

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
