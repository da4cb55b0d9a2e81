import AWSServices
import AWSValues
import Secrets
import TestSupport

extension IAMCall {
  static let all = users + keys + devices + roles + policies

  private static let users = [
    IAMCall("DeleteUser", ["UserName": "bob"]) { try $0.deleteUser(made("bob"), signedBy: $1) },
    IAMCall("ListUsers", ["PathPrefix": "/team/"]) { _ = try $0.users(under: made("/team/"), signedBy: $1) },
    IAMCall(
      "TagUser",
      [
        "UserName": "bob", "Tags.member.1.Key": "a b", "Tags.member.1.Value": "é&", "Tags.member.2.Key": "c",
        "Tags.member.2.Value": "",
      ]
    ) { try $0.tagUser(made("bob"), with: [Tag(key: "a b", value: "é&"), Tag(key: "c", value: "")], signedBy: $1) },
    IAMCall("ListUserTags", ["UserName": "bob"]) { _ = try $0.tags(ofUser: made("bob"), signedBy: $1) },
  ]

  private static let key = "AKIAIOSFODNN7EXAMPLE"

  private static let keys = [
    IAMCall("ListAccessKeys", [:]) { _ = try $0.accessKeys(signedBy: $1) },
    IAMCall("ListAccessKeys", ["UserName": "bob"]) { _ = try $0.accessKeys(ofUser: made("bob"), signedBy: $1) },
    IAMCall("UpdateAccessKey", ["AccessKeyId": key, "Status": "Inactive"]) {
      try $0.updateAccessKey(made(key), to: .inactive, signedBy: $1)
    },
    IAMCall("DeleteAccessKey", ["AccessKeyId": key, "UserName": "bob"]) {
      try $0.deleteAccessKey(made(key), ofUser: made("bob"), signedBy: $1)
    },
  ]

  private static let device = "arn:aws:iam::123456789012:mfa/bob"
  private static let codes = ["SerialNumber": device, "AuthenticationCode1": "000001", "AuthenticationCode2": "123456"]

  private static let devices = [
    IAMCall("EnableMFADevice", codes.merging(["UserName": "bob"]) { $1 }) {
      try $0.enableMFADevice(with: madeCodes(), forUser: made("bob"), signedBy: $1)
    }.sentOnce,
    IAMCall("ResyncMFADevice", codes.merging(["UserName": "bob"]) { $1 }) {
      try $0.resyncMFADevice(with: madeCodes(), ofUser: made("bob"), signedBy: $1)
    }.sentOnce,
    IAMCall("DeactivateMFADevice", ["SerialNumber": device, "UserName": "bob"]) {
      try $0.deactivateMFADevice(made(device), ofUser: made("bob"), signedBy: $1)
    },
    IAMCall("DeleteVirtualMFADevice", ["SerialNumber": device]) {
      try $0.deleteVirtualMFADevice(made(device), signedBy: $1)
    },
    IAMCall("ListVirtualMFADevices", ["AssignmentStatus": "Unassigned"]) {
      _ = try $0.virtualMFADevices(.unassigned, signedBy: $1)
    },
    IAMCall("ListMFADeviceTags", ["SerialNumber": device]) { _ = try $0.tags(ofDevice: made(device), signedBy: $1) },
  ]

  private static let roles = [
    IAMCall("DeleteRole", ["RoleName": "r"]) { try $0.deleteRole(made("r"), signedBy: $1) },
    IAMCall("ListRoles", ["PathPrefix": "/"]) { _ = try $0.roles(signedBy: $1) },
    IAMCall("ListRoleTags", ["RoleName": "r"]) { _ = try $0.tags(ofRole: made("r"), signedBy: $1) },
  ]

  private static let document = PolicyDocument.listingBuckets

  private static let policies = [
    IAMCall("PutUserPolicy", ["UserName": "bob", "PolicyName": "p", "PolicyDocument": document.json]) {
      try $0.putPolicy(document, named: made("p"), ofUser: made("bob"), signedBy: $1)
    },
    IAMCall("DeleteUserPolicy", ["UserName": "bob", "PolicyName": "p"]) {
      try $0.deletePolicy(made("p"), ofUser: made("bob"), signedBy: $1)
    },
    IAMCall("ListUserPolicies", ["UserName": "bob"]) { _ = try $0.policies(ofUser: made("bob"), signedBy: $1) },
    IAMCall("PutRolePolicy", ["RoleName": "r", "PolicyName": "p", "PolicyDocument": document.json]) {
      try $0.putPolicy(document, named: made("p"), ofRole: made("r"), signedBy: $1)
    },
    IAMCall("DeleteRolePolicy", ["RoleName": "r", "PolicyName": "p"]) {
      try $0.deletePolicy(made("p"), ofRole: made("r"), signedBy: $1)
    },
    IAMCall("ListRolePolicies", ["RoleName": "r"]) { _ = try $0.policies(ofRole: made("r"), signedBy: $1) },
  ]

  /// The value that the text is.
  static func made<Value: RestrictedText>(_ text: String) throws -> Value {
    guard let value = Value(text) else { throw SetupFailure("\(text) is no \(Value.self)") }
    return value
  }

  private static func madeCodes() throws -> ConsecutiveCodes {
    let device: MFADevice = try made(device)
    guard let first = MFACode(SecretBytes(copying: "000001"), of: device),
      let second = MFACode(SecretBytes(copying: "123456"), of: device), let codes = ConsecutiveCodes(first, second)
    else { throw SetupFailure("no codes") }
    return codes
  }
}
