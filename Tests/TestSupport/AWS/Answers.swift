/// Answers of AWS, as short as they can be.
package enum Answers {
  package static func credentials(
    key: String = "ASIAIOSFODNN7EXAMPLE", secret: String = "made/up/secret", token: String = "made-up-token",
    expiration: String = "2026-11-21T09:00:00Z"
  ) -> String {
    """
    <Credentials><AccessKeyId>\(key)</AccessKeyId><SecretAccessKey>\(secret)</SecretAccessKey>
    <SessionToken>\(token)</SessionToken><Expiration>\(expiration)</Expiration></Credentials>
    """
  }

  package static func sessionToken(_ credentials: String = Answers.credentials()) -> String {
    """
    <GetSessionTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetSessionTokenResult>\(credentials)\
    </GetSessionTokenResult></GetSessionTokenResponse>
    """
  }

  package static func assumedRole(
    arn: String = "arn:aws:sts::123456789012:assumed-role/deploy/alice@host",
    _ credentials: String = Answers.credentials()
  ) -> String {
    """
    <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser>
    <AssumedRoleId>AROAEXAMPLE:alice@host</AssumedRoleId><Arn>\(arn)</Arn></AssumedRoleUser>\(credentials)\
    </AssumeRoleResult></AssumeRoleResponse>
    """
  }

  package static let callerIdentity = """
    <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
    <Arn>arn:aws:iam::123456789012:user/team/alice</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
    </GetCallerIdentityResult></GetCallerIdentityResponse>
    """

  package static func error(_ code: String, _ message: String = "no") -> String {
    """
    <ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>\(message)</Message></Error>\
    <RequestId>r-1</RequestId></ErrorResponse>
    """
  }

  package static func buckets(_ names: [String], next: String? = nil) -> String {
    let buckets = names.map {
      "<Bucket><Name>\($0)</Name><CreationDate>2026-01-02T03:04:05.000Z</CreationDate></Bucket>"
    }
    let token = next.map { "<ContinuationToken>\($0)</ContinuationToken>" } ?? ""
    return """
      <?xml version="1.0" encoding="UTF-8"?><ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
      <Buckets>\(buckets.joined())</Buckets>\(token)</ListAllMyBucketsResult>
      """
  }
}
