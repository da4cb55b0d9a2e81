/// What a request asks for, read from the request alone, before anything in it is trusted.
struct Operation: Sendable {
  let action: Action
  let parameters: Parameters

  var service: Service { action.service }

  init(_ request: WireRequest) throws(Refusal) {
    switch request.method {
    case "POST": try self.init(query: request)
    case "GET": try self.init(listing: request)
    default: throw .methodNotAllowed(request.method)
    }
  }

  private init(query request: WireRequest) throws(Refusal) {
    guard request.target == "/" else { throw .unknownOperation("the target is '\(request.target)', not '/'") }
    // The AWS SDK for Go names no charset.
    let type = "application/x-www-form-urlencoded"
    guard [type, type + "; charset=utf-8"].contains(request["content-type"]) else {
      throw .unknownOperation("Content-Type is '\(request["content-type"] ?? "")'")
    }
    parameters = try Parameters(form: String(decoding: request.body, as: UTF8.self))
    let (name, version) = (parameters["Action"] ?? "", parameters["Version"] ?? "")
    guard let action = Action(rawValue: name), action.service.version == version else {
      throw .invalidAction(name, version: version)
    }
    self.action = action
  }

  private init(listing request: WireRequest) throws(Refusal) {
    guard request.path == "/" else { throw .methodNotAllowed("GET \(request.path)") }
    guard request.body.isEmpty else { throw .validation("the body of a GET is not empty") }
    action = .listBuckets
    parameters = try Parameters(form: request.query)
  }
}

// MARK: - Action

/// The calls the double answers.
package enum Action: String, Codable, CaseIterable, Sendable {
  case getSessionToken = "GetSessionToken"
  case assumeRole = "AssumeRole"
  case assumeRoleWithWebIdentity = "AssumeRoleWithWebIdentity"
  case getFederationToken = "GetFederationToken"
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
    case .getSessionToken, .assumeRole, .assumeRoleWithWebIdentity, .getFederationToken, .getCallerIdentity: .sts
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

// MARK: - Service

/// The services that the one port answers for, by their names in a credential scope.
package enum Service: String, Codable, CaseIterable, Sendable {
  case sts, iam, s3

  /// The Query API's `Version`; S3 has none.
  var version: String? {
    switch self {
    case .sts: "2011-06-15"
    case .iam: "2010-05-08"
    case .s3: nil
    }
  }

  var namespace: String {
    switch self {
    case .sts: "https://sts.amazonaws.com/doc/2011-06-15/"
    case .iam: "https://iam.amazonaws.com/doc/2010-05-08/"
    case .s3: "http://s3.amazonaws.com/doc/2006-03-01/"
    }
  }

  var pathRule: PathRule {
    switch self {
    case .sts, .iam: .normalizedThenEncoded
    case .s3: .encodedOnce
    }
  }
}

extension Service {
  /// The service a request is for, even if it is not understood: by its operation, its credential scope, its method.
  init(of request: WireRequest, _ operation: Result<Operation, Refusal>) {
    if case .success(let operation) = operation {
      self = operation.service
      return
    }
    let scope = request["authorization"].flatMap { Authorization($0) }?.scope.service
    self = Service(rawValue: scope ?? "") ?? (request.method == "POST" ? .sts : .s3)
  }
}
