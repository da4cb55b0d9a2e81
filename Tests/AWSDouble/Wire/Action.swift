/// The calls the double answers.
package enum Action: String, Codable, CaseIterable, Sendable {
  case getSessionToken = "GetSessionToken"
  case assumeRole = "AssumeRole"
  case getCallerIdentity = "GetCallerIdentity"
  case getUser = "GetUser"
  case listMFADevices = "ListMFADevices"
  case listBuckets = "ListBuckets"

  var service: Service {
    switch self {
    case .getSessionToken, .assumeRole, .getCallerIdentity: .sts
    case .getUser, .listMFADevices: .iam
    case .listBuckets: .s3
    }
  }
}
