internal import AWSServices
internal import AWSValues
internal import Secrets

/// Takes a resource out of IAM with all that is in it.
struct Removal: ~Copyable {
  let iam: IAM
  let admin: Credentials

  /// What is gone already is as good as removed.
  func remove(_ resource: Resource) throws(AWSError) {
    switch resource {
    case .user(let name): try remove(user: name)
    case .role(let name): try remove(role: name)
    case .device(let device, let owner): try remove(device: device, of: owner)
    }
  }

  private func remove(user name: UserName) throws(AWSError) {
    try tolerateAbsence { () throws(AWSError) in
      for key in try iam.accessKeys(ofUser: name, signedBy: admin) {
        try tolerateAbsence { () throws(AWSError) in
          try iam.deleteAccessKey(key.id, ofUser: name, signedBy: admin)
        }
      }
      for policy in try iam.policies(ofUser: name, signedBy: admin) {
        try tolerateAbsence { () throws(AWSError) in
          try iam.deletePolicy(policy, ofUser: name, signedBy: admin)
        }
      }
    }
    try tolerateAbsence { () throws(AWSError) in try iam.deleteUser(name, signedBy: admin) }
  }

  private func remove(role name: RoleName) throws(AWSError) {
    try tolerateAbsence { () throws(AWSError) in
      for policy in try iam.policies(ofRole: name, signedBy: admin) {
        try tolerateAbsence { () throws(AWSError) in
          try iam.deletePolicy(policy, ofRole: name, signedBy: admin)
        }
      }
    }
    try tolerateAbsence { () throws(AWSError) in try iam.deleteRole(name, signedBy: admin) }
  }

  private func remove(device: MFADevice, of owner: UserName?) throws(AWSError) {
    if let owner {
      try tolerateAbsence { () throws(AWSError) in
        try iam.deactivateMFADevice(device, ofUser: owner, signedBy: admin)
      }
    }
    try tolerateAbsence { () throws(AWSError) in try iam.deleteVirtualMFADevice(device, signedBy: admin) }
  }

  private func tolerateAbsence(_ call: () throws(AWSError) -> Void) throws(AWSError) {
    do throws(AWSError) {
      try call()
    } catch {
      guard error.means(.iam(.noSuchEntity)) else { throw error }
    }
  }
}
