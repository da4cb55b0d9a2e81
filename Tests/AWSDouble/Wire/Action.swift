/// The calls the double answers.
package enum Action: String, Codable, CaseIterable, Sendable {
  case getSessionToken = "GetSessionToken"
  case assumeRole = "AssumeRole"
  case getCallerIdentity = "GetCallerIdentity"
  case getUser = "GetUser"
  case createUser = "CreateUser"
  case deleteUser = "DeleteUser"
  case listUsers = "ListUsers"
  case tagUser = "TagUser"
  case listUserTags = "ListUserTags"
  case createAccessKey = "CreateAccessKey"
  case listAccessKeys = "ListAccessKeys"
  case updateAccessKey = "UpdateAccessKey"
  case deleteAccessKey = "DeleteAccessKey"
  case getAccessKeyLastUsed = "GetAccessKeyLastUsed"
  case createVirtualMFADevice = "CreateVirtualMFADevice"
  case enableMFADevice = "EnableMFADevice"
  case resyncMFADevice = "ResyncMFADevice"
  case deactivateMFADevice = "DeactivateMFADevice"
  case deleteVirtualMFADevice = "DeleteVirtualMFADevice"
  case listMFADevices = "ListMFADevices"
  case listVirtualMFADevices = "ListVirtualMFADevices"
  case listMFADeviceTags = "ListMFADeviceTags"
  case createRole = "CreateRole"
  case getRole = "GetRole"
  case deleteRole = "DeleteRole"
  case listRoles = "ListRoles"
  case listRoleTags = "ListRoleTags"
  case putUserPolicy = "PutUserPolicy"
  case deleteUserPolicy = "DeleteUserPolicy"
  case listUserPolicies = "ListUserPolicies"
  case putRolePolicy = "PutRolePolicy"
  case deleteRolePolicy = "DeleteRolePolicy"
  case listRolePolicies = "ListRolePolicies"
  case listBuckets = "ListBuckets"

  var service: Service {
    switch self {
    case .getSessionToken, .assumeRole, .getCallerIdentity: .sts
    case .getUser, .createUser, .deleteUser, .listUsers, .tagUser, .listUserTags, .createAccessKey, .listAccessKeys,
      .updateAccessKey, .deleteAccessKey, .getAccessKeyLastUsed, .createVirtualMFADevice, .enableMFADevice,
      .resyncMFADevice, .deactivateMFADevice, .deleteVirtualMFADevice, .listMFADevices,
      .listVirtualMFADevices, .listMFADeviceTags, .createRole, .getRole, .deleteRole, .listRoles,
      .listRoleTags, .putUserPolicy, .deleteUserPolicy, .listUserPolicies, .putRolePolicy,
      .deleteRolePolicy, .listRolePolicies:
      .iam
    case .listBuckets: .s3
    }
  }
}
