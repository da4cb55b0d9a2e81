import AWSDouble
import Foundation
import Testing

struct AccessKeyLifeTests {
  @Test func `a user makes a second key, and no third`() throws {
    let bench = try Bench()
    let key = try #require(bench.iam("CreateAccessKey")?.key)
    #expect(key.id.hasPrefix("AKIA") && key.id.count == 20 && key.secret.count == 40)
    #expect(bench.refusal("CreateAccessKey", as: key) == "LimitExceeded")
    #expect(bench.iam("ListAccessKeys")?.all("AccessKeyId") == [TestKey.alice.id, key.id])
    #expect(bench.iam("ListAccessKeys", ["MaxItems": "1"])?["IsTruncated"] == "true")
  }

  @Test func `an inactive key is refused, and its owner's other key deletes it`() throws {
    let bench = try Bench()
    let key = try #require(bench.iam("CreateAccessKey")?.key)
    let old = ["AccessKeyId": TestKey.alice.id]
    #expect(bench.refusal("UpdateAccessKey", old.merging(["Status": "Inactive"]) { $1 }, as: key) == nil)
    #expect(bench.sts("GetCallerIdentity")?["Code"] == "InvalidClientTokenId")
    #expect(bench.listBuckets(as: .alice)?["Code"] == "InvalidAccessKeyId")
    #expect(bench.iam("ListAccessKeys", as: key)?.all("Status") == ["Inactive", "Active"])
    #expect(bench.refusal("UpdateAccessKey", old.merging(["Status": "Off"]) { $1 }, as: key) == "ValidationError")
    #expect(bench.refusal("DeleteAccessKey", old, as: key) == nil)
    #expect(bench.refusal("DeleteAccessKey", old, as: key) == "NoSuchEntity")
  }

  @Test func `the last use of a key is known at once`() throws {
    let bench = try Bench()
    let key = try #require(bench.iam("CreateAccessKey")?.key)
    let unused = bench.iam("GetAccessKeyLastUsed", ["AccessKeyId": key.id])
    #expect(unused?["ServiceName"] == "N/A" && unused?["LastUsedDate"] == nil && unused?["UserName"] == "alice")
    _ = bench.sts("GetCallerIdentity", as: key)
    let used = bench.iam("GetAccessKeyLastUsed", ["AccessKeyId": key.id])
    #expect(used?["ServiceName"] == "sts" && used?["Region"] == "us-east-1")
    #expect(used?["LastUsedDate"] == "2030-01-01T12:00:00Z")
  }

  @Test func `a session makes a key only with MFA`() throws {
    let bench = try Bench()
    let plain = try #require(bench.sts("GetSessionToken")?.key)
    #expect(bench.refusal("CreateAccessKey", as: plain) == "InvalidClientTokenId")
    #expect(bench.refusal("CreateAccessKey", as: try bench.mfaSession()) == nil)
  }

  @Test func `a new key works only after some calls`() throws {
    let bench = try Bench()
    bench.aws.propagation = Propagation(calls: 2)
    let key = try #require(bench.iam("CreateAccessKey")?.key)
    #expect(bench.sts("GetCallerIdentity", as: key)?["Code"] == "InvalidClientTokenId")
    #expect(bench.listBuckets(as: key)?["Code"] == "InvalidAccessKeyId")
    #expect(bench.sts("GetCallerIdentity", as: key)?.status == 200)
  }

  @Test func `a new key works only after some seconds`() throws {
    let bench = try Bench()
    #expect(bench.control("POST", "propagation", #"{"seconds": 30}"#)?.status == 204)
    let key = try #require(bench.iam("CreateAccessKey")?.key)
    #expect(bench.sts("GetCallerIdentity", as: key)?["Code"] == "InvalidClientTokenId")
    bench.aws.clock = .fixed(Bench.noon + 30)
    #expect(bench.sts("GetCallerIdentity", as: key)?.status == 200)
  }

  @Test func `IAM can be busy`() throws {
    let bench = try Bench()
    bench.aws.fail(.createAccessKey, with: .busy)
    let answer = bench.iam("CreateAccessKey")
    #expect(answer?["Code"] == "EntityTemporarilyUnmodifiable" && answer?.status == 409)
    #expect(bench.iam("ListAccessKeys")?.all("AccessKeyId") == [TestKey.alice.id])
  }
}

// MARK: - Device life tests

struct DeviceLifeTests {
  @Test func `two codes in a row enable a device, and are spent`() throws {
    let bench = try Bench()
    let device = try bench.device("bob")
    #expect(device.serial == "arn:aws:iam::123456789012:mfa/bob")
    #expect(bench.refusal("EnableMFADevice", device.codes(from: -1, of: "bob"), as: .bob) == nil)
    #expect(bench.iam("ListMFADevices", as: .bob)?.all("SerialNumber") == [device.serial])
    let spent = ["SerialNumber": device.serial, "TokenCode": device.code(0)]
    #expect(bench.sts("GetSessionToken", spent, as: .bob)?["Code"] == "AccessDenied")
    let fresh = ["SerialNumber": device.serial, "TokenCode": device.code(1)]
    let session = try #require(bench.sts("GetSessionToken", fresh, as: .bob)?.key)
    #expect(bench.iam("GetUser", as: session)?.status == 200)
  }

  @Test(arguments: [(-3, false), (-2, true), (-1, true), (0, true), (1, false)])
  func `the second code is of this step or one beside it`(step: Int, isAccepted: Bool) throws {
    let bench = try Bench()
    let codes = try bench.device("bob").codes(from: step, of: "bob")
    #expect(bench.refusal("EnableMFADevice", codes) == (isAccepted ? nil : "InvalidAuthenticationCode"))
  }

  @Test(arguments: [(0, 0), (0, -1), (-1, 1)])
  func `two codes that are not two in a row enable nothing`(first: Int, second: Int) throws {
    let bench = try Bench()
    let device = try bench.device("bob")
    var codes = device.codes(from: first, of: "bob")
    codes["AuthenticationCode2"] = device.code(second)
    #expect(bench.refusal("EnableMFADevice", codes) == "InvalidAuthenticationCode")
    codes["AuthenticationCode2"] = "12345"
    #expect(bench.refusal("EnableMFADevice", codes) == "ValidationError")
    let unassigned = bench.admin("ListVirtualMFADevices", ["AssignmentStatus": "Unassigned"])
    #expect(unassigned?.all("SerialNumber") == [device.serial])
  }

  @Test func `a device is deleted only after it was deactivated`() throws {
    let bench = try Bench()
    let device = try bench.device("bob")
    let serial = ["SerialNumber": device.serial]
    #expect(bench.refusal("CreateVirtualMFADevice", ["VirtualMFADeviceName": "bob"]) == "EntityAlreadyExists")
    #expect(bench.refusal("EnableMFADevice", device.codes(from: -1, of: "bob")) == nil)
    #expect(bench.refusal("EnableMFADevice", device.codes(from: 0, of: "bob")) == "EntityAlreadyExists")
    #expect(bench.refusal("DeleteVirtualMFADevice", serial) == "DeleteConflict")
    let assigned = bench.admin("ListVirtualMFADevices", ["AssignmentStatus": "Assigned"])
    #expect(assigned?.all("UserName") == ["alice", "bob"])
    #expect(bench.refusal("DeactivateMFADevice", serial.merging(["UserName": "bob"]) { $1 }) == nil)
    #expect(bench.refusal("DeleteVirtualMFADevice", serial) == nil)
    #expect(bench.refusal("DeleteVirtualMFADevice", serial) == "NoSuchEntity")
    #expect(bench.admin("ListVirtualMFADevices")?.all("SerialNumber") == [Bench.device])
  }

  @Test func `a device whose clock runs away is synchronized again`() throws {
    let bench = try Bench()
    let device = try bench.device("bob")
    #expect(bench.refusal("EnableMFADevice", device.codes(from: -1, of: "bob")) == nil)
    let late = ["SerialNumber": device.serial, "TokenCode": device.code(12)]
    #expect(bench.sts("GetSessionToken", late, as: .bob)?["Code"] == "AccessDenied")
    #expect(bench.refusal("ResyncMFADevice", device.codes(from: 10, of: "bob")) == nil)
    #expect(bench.sts("GetSessionToken", late, as: .bob)?.status == 200)
    #expect(bench.refusal("ResyncMFADevice", device.codes(from: 30, of: "bob")) == "InvalidAuthenticationCode")
  }

  @Test func `the double tells the codes of a device that is new`() throws {
    let bench = try Bench()
    let device = try bench.device("bob")
    #expect(bench.aws.code(for: device.serial) == device.code(0))
    #expect([-1, 1].map { bench.aws.code(for: device.serial, step: $0) } == [device.code(-1), device.code(1)])
    #expect(bench.control("GET", "code?serial=\(device.serial)&step=1")?.body == device.code(1) + "\n")
  }

  @Test func `codes are not in the record of calls`() throws {
    let bench = try Bench()
    #expect(bench.refusal("EnableMFADevice", try bench.device("bob").codes(from: -1, of: "bob")) == nil)
    let call = try #require(bench.aws.calls.last)
    #expect(call.hasMFACode && call.parameters["UserName"] == "bob")
    #expect(call.parameters["AuthenticationCode1"] == nil)
  }
}
