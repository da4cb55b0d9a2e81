import AWSDouble
import Foundation
import Testing

struct AccessKeyLifeTests {
  @Test func `a user makes a second key, and no third`() throws {
    let fixture = try Fixture()
    let key = try #require(fixture.iam("CreateAccessKey")?.key)
    #expect(key.id.hasPrefix("AKIA") && key.id.count == 20 && key.secret.count == 40)
    #expect(fixture.refusal("CreateAccessKey", as: key) == "LimitExceeded")
    #expect(fixture.iam("ListAccessKeys")?.all("AccessKeyId") == [TestKey.alice.id, key.id])
    #expect(fixture.iam("ListAccessKeys", ["MaxItems": "1"])?["IsTruncated"] == "true")
  }

  @Test func `an inactive key is refused, and its owner's other key deletes it`() throws {
    let fixture = try Fixture()
    let key = try #require(fixture.iam("CreateAccessKey")?.key)
    let old = ["AccessKeyId": TestKey.alice.id]
    #expect(fixture.refusal("UpdateAccessKey", old.merging(["Status": "Inactive"]) { $1 }, as: key) == nil)
    #expect(fixture.sts("GetCallerIdentity")?["Code"] == "InvalidClientTokenId")
    #expect(fixture.listBuckets(as: .alice)?["Code"] == "InvalidAccessKeyId")
    #expect(fixture.iam("ListAccessKeys", as: key)?.all("Status") == ["Inactive", "Active"])
    #expect(fixture.refusal("UpdateAccessKey", old.merging(["Status": "Off"]) { $1 }, as: key) == "ValidationError")
    #expect(fixture.refusal("DeleteAccessKey", old, as: key) == nil)
    #expect(fixture.refusal("DeleteAccessKey", old, as: key) == "NoSuchEntity")
  }

  @Test func `the last use of a key is known at once`() throws {
    let fixture = try Fixture()
    let key = try #require(fixture.iam("CreateAccessKey")?.key)
    let unused = fixture.iam("GetAccessKeyLastUsed", ["AccessKeyId": key.id])
    #expect(unused?["ServiceName"] == "N/A" && unused?["LastUsedDate"] == nil && unused?["UserName"] == "alice")
    _ = fixture.sts("GetCallerIdentity", as: key)
    let used = fixture.iam("GetAccessKeyLastUsed", ["AccessKeyId": key.id])
    #expect(used?["ServiceName"] == "sts" && used?["Region"] == "us-east-1")
    #expect(used?["LastUsedDate"] == "2030-01-01T12:00:00Z")
  }

  @Test func `a session makes a key only with MFA`() throws {
    let fixture = try Fixture()
    let plain = try #require(fixture.sts("GetSessionToken")?.key)
    #expect(fixture.refusal("CreateAccessKey", as: plain) == "InvalidClientTokenId")
    #expect(fixture.refusal("CreateAccessKey", as: try fixture.mfaSession()) == nil)
  }

  @Test func `a new key works only after some calls`() throws {
    let fixture = try Fixture()
    fixture.aws.propagation = Propagation(calls: 2)
    let key = try #require(fixture.iam("CreateAccessKey")?.key)
    #expect(fixture.sts("GetCallerIdentity", as: key)?["Code"] == "InvalidClientTokenId")
    #expect(fixture.listBuckets(as: key)?["Code"] == "InvalidAccessKeyId")
    #expect(fixture.sts("GetCallerIdentity", as: key)?.status == 200)
  }

  @Test func `a new key works only after some seconds`() throws {
    let fixture = try Fixture()
    #expect(fixture.control("POST", "propagation", #"{"seconds": 30}"#)?.status == 204)
    let key = try #require(fixture.iam("CreateAccessKey")?.key)
    #expect(fixture.sts("GetCallerIdentity", as: key)?["Code"] == "InvalidClientTokenId")
    fixture.aws.clock = .fixed(Fixture.noon + 30)
    #expect(fixture.sts("GetCallerIdentity", as: key)?.status == 200)
  }

  @Test func `IAM can be busy`() throws {
    let fixture = try Fixture()
    fixture.aws.fail(.createAccessKey, with: .busy)
    let answer = fixture.iam("CreateAccessKey")
    #expect(answer?["Code"] == "EntityTemporarilyUnmodifiable" && answer?.status == 409)
    #expect(fixture.iam("ListAccessKeys")?.all("AccessKeyId") == [TestKey.alice.id])
  }
}

// MARK: - Device life tests

struct DeviceLifeTests {
  @Test func `two codes in a row enable a device, and are spent`() throws {
    let fixture = try Fixture()
    let device = try fixture.device("bob")
    #expect(device.serial == "arn:aws:iam::123456789012:mfa/bob")
    #expect(fixture.refusal("EnableMFADevice", device.codes(from: -1, of: "bob"), as: .bob) == nil)
    #expect(fixture.iam("ListMFADevices", as: .bob)?.all("SerialNumber") == [device.serial])
    let spent = ["SerialNumber": device.serial, "TokenCode": device.code(0)]
    #expect(fixture.sts("GetSessionToken", spent, as: .bob)?["Code"] == "AccessDenied")
    let fresh = ["SerialNumber": device.serial, "TokenCode": device.code(1)]
    let session = try #require(fixture.sts("GetSessionToken", fresh, as: .bob)?.key)
    #expect(fixture.iam("GetUser", as: session)?.status == 200)
  }

  @Test(arguments: [(-3, false), (-2, true), (-1, true), (0, true), (1, false)])
  func `the second code is of this step or one beside it`(step: Int, isAccepted: Bool) throws {
    let fixture = try Fixture()
    let codes = try fixture.device("bob").codes(from: step, of: "bob")
    #expect(fixture.refusal("EnableMFADevice", codes) == (isAccepted ? nil : "InvalidAuthenticationCode"))
  }

  @Test(arguments: [(0, 0), (0, -1), (-1, 1)])
  func `two codes that are not two in a row enable nothing`(first: Int, second: Int) throws {
    let fixture = try Fixture()
    let device = try fixture.device("bob")
    var codes = device.codes(from: first, of: "bob")
    codes["AuthenticationCode2"] = device.code(second)
    #expect(fixture.refusal("EnableMFADevice", codes) == "InvalidAuthenticationCode")
    codes["AuthenticationCode2"] = "12345"
    #expect(fixture.refusal("EnableMFADevice", codes) == "ValidationError")
    let unassigned = fixture.admin("ListVirtualMFADevices", ["AssignmentStatus": "Unassigned"])
    #expect(unassigned?.all("SerialNumber") == [device.serial])
  }

  @Test func `a device is deleted only after it was deactivated`() throws {
    let fixture = try Fixture()
    let device = try fixture.device("bob")
    let serial = ["SerialNumber": device.serial]
    #expect(fixture.refusal("CreateVirtualMFADevice", ["VirtualMFADeviceName": "bob"]) == "EntityAlreadyExists")
    #expect(fixture.refusal("EnableMFADevice", device.codes(from: -1, of: "bob")) == nil)
    #expect(fixture.refusal("EnableMFADevice", device.codes(from: 0, of: "bob")) == "EntityAlreadyExists")
    #expect(fixture.refusal("DeleteVirtualMFADevice", serial) == "DeleteConflict")
    let assigned = fixture.admin("ListVirtualMFADevices", ["AssignmentStatus": "Assigned"])
    #expect(assigned?.all("UserName") == ["alice", "bob"])
    #expect(fixture.refusal("DeactivateMFADevice", serial.merging(["UserName": "bob"]) { $1 }) == nil)
    #expect(fixture.refusal("DeleteVirtualMFADevice", serial) == nil)
    #expect(fixture.refusal("DeleteVirtualMFADevice", serial) == "NoSuchEntity")
    #expect(fixture.admin("ListVirtualMFADevices")?.all("SerialNumber") == [Fixture.device])
  }

  @Test func `a device whose clock runs away is synchronized again`() throws {
    let fixture = try Fixture()
    let device = try fixture.device("bob")
    #expect(fixture.refusal("EnableMFADevice", device.codes(from: -1, of: "bob")) == nil)
    let late = ["SerialNumber": device.serial, "TokenCode": device.code(12)]
    #expect(fixture.sts("GetSessionToken", late, as: .bob)?["Code"] == "AccessDenied")
    #expect(fixture.refusal("ResyncMFADevice", device.codes(from: 10, of: "bob")) == nil)
    #expect(fixture.sts("GetSessionToken", late, as: .bob)?.status == 200)
    #expect(fixture.refusal("ResyncMFADevice", device.codes(from: 30, of: "bob")) == "InvalidAuthenticationCode")
  }

  @Test func `the double tells the codes of a device that is new`() throws {
    let fixture = try Fixture()
    let device = try fixture.device("bob")
    #expect(fixture.aws.code(for: device.serial) == device.code(0))
    #expect([-1, 1].map { fixture.aws.code(for: device.serial, step: $0) } == [device.code(-1), device.code(1)])
    #expect(fixture.control("GET", "code?serial=\(device.serial)&step=1")?.body == device.code(1) + "\n")
  }

  @Test func `codes are not in the record of calls`() throws {
    let fixture = try Fixture()
    #expect(fixture.refusal("EnableMFADevice", try fixture.device("bob").codes(from: -1, of: "bob")) == nil)
    let call = try #require(fixture.aws.calls.last)
    #expect(call.hasMFACode && call.parameters["UserName"] == "bob")
    #expect(call.parameters["AuthenticationCode1"] == nil)
  }
}
