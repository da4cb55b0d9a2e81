import AWSDouble
import Testing

struct PolicyTests {
  /// A new user's key.
  private func eve(on bench: Bench) throws -> TestKey {
    #expect(bench.refusal("CreateUser", ["UserName": "eve"]) == nil)
    return try bench.key(of: "eve")
  }

  private func put(_ policy: String, on bench: Bench) -> String? {
    bench.refusal("PutUserPolicy", ["UserName": "eve", "PolicyName": "p", "PolicyDocument": policy])
  }

  @Test func `a new user may do nothing but ask who it is, and for a session`() throws {
    let bench = try Bench()
    let key = try eve(on: bench)
    #expect(bench.sts("GetCallerIdentity", as: key)?["Arn"] == "arn:aws:iam::123456789012:user/eve")
    #expect(bench.listBuckets(as: key)?["Code"] == "AccessDenied")
    #expect(bench.iam("GetUser", as: key)?["Code"] == "AccessDenied")
    #expect(bench.sts("GetSessionToken", as: key)?.status == 200)
  }

  @Test func `buckets are listed with MFA only where the policy says so`() throws {
    let bench = try Bench()
    let (key, device) = (try eve(on: bench), try bench.device("eve"))
    #expect(
      put(Bench.policy(#""Action": ["s3:ListAllMyBuckets"], "Resource": "*", "# + Bench.withMFA), on: bench) == nil)
    #expect(bench.listBuckets(as: key)?["Code"] == "AccessDenied")
    let plain = try #require(bench.sts("GetSessionToken", as: key)?.key)
    #expect(bench.listBuckets(as: plain)?["Code"] == "AccessDenied")
    #expect(bench.refusal("EnableMFADevice", device.codes(from: -1, of: "eve")) == nil)
    let code = ["SerialNumber": device.serial, "TokenCode": device.code(1)]
    let session = try #require(bench.sts("GetSessionToken", code, as: key)?.key)
    #expect(bench.listBuckets(as: session)?.status == 200)
  }

  @Test(arguments: [
    (#""Action": "s3:*", "Resource": "*""#, 200),
    (#""Action": "s3:ListAllMyBucket?", "Resource": ["arn:aws:s3:::*"]"#, 200),
    (#""Action": "s3:GetObject", "Resource": "*""#, 403), (#""Action": "s3:*", "Resource": "arn:aws:s3:::one/*""#, 403),
    (#""Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}"#, 403),
    (#""Action": "*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}"#, 200),
  ])
  func `a policy allows what it names`(members: String, status: Int) throws {
    let bench = try Bench()
    let key = try eve(on: bench)
    #expect(put(Bench.policy(members), on: bench) == nil)
    #expect(bench.listBuckets(as: key)?.status == status)
    #expect(put(Bench.policy(members, effect: "Deny"), on: bench) == nil)
    #expect(bench.listBuckets(as: key)?.status == 403)
  }

  @Test(arguments: [
    "{}", "[]", "text", #"{"Version": "2008-10-17", "Statement": []}"#, #"{"Version": "2012-10-17", "Statement": []}"#,
    Bench.policy(#""Action": "s3:*""#), Bench.policy(#""Resource": "*""#),
    Bench.policy(#""Action": "s3:*", "Resource": "*", "Colour": "red""#),
    Bench.policy(#""Action": "s3:*", "Resource": "*", "Principal": {"AWS": "*"}"#),
    Bench.policy(#""Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#),
    Bench.policy(#""Action": "s3:*", "Resource": "*""#, effect: "Maybe"),
  ])
  func `text that is no policy is refused`(policy: String) throws {
    let bench = try Bench()
    _ = try eve(on: bench)
    #expect(put(policy, on: bench) == "MalformedPolicyDocument")
    #expect(bench.admin("ListUserPolicies", ["UserName": "eve"])?.all("member") == [])
  }

  @Test func `a policy is seen some calls later`() throws {
    let bench = try Bench()
    let key = try eve(on: bench)
    bench.aws.propagation = Propagation(calls: 1)
    #expect(put(Bench.listBuckets, on: bench) == nil)
    #expect(bench.listBuckets(as: key)?.status == 403)
    #expect(bench.listBuckets(as: key)?.status == 200)
  }
}
