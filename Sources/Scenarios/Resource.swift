package import AWSValues

/// What a run makes in IAM, and what goes with it: a user with keys and policies, a role with policies.
package enum Resource: Equatable, Sendable {
  case user(UserName)
  case role(RoleName)
  /// `owner` is the user whom it may be assigned to.
  case device(MFADevice, owner: UserName?)

  /// The last segment of its ARN.
  package var name: String {
    switch self {
    case .user(let name): name.text
    case .role(let name): name.text
    case .device(let device, _): device.name
    }
  }
}
