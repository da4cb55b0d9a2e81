import AWSDouble
import Testing

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

  @Test func `codes are not in the record of calls`() throws {
    let bench = try Bench()
    #expect(bench.refusal("EnableMFADevice", try bench.device("bob").codes(from: -1, of: "bob")) == nil)
    let call = try #require(bench.aws.calls.last)
    #expect(call.hasMFACode && call.parameters["UserName"] == "bob")
    #expect(call.parameters["AuthenticationCode1"] == nil)
  }
}
