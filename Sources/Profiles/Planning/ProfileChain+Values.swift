internal import AWSValues

/// What the profiles of a chain say.
extension ProfileChain {
  /// The roles, the one nearest the key first.
  func parsedRoles() throws(PlanError) -> [Role] {
    var parsed: [Role] = []
    for profile in roles {
      if let arn = profile[.roleARN] { parsed.append(try Role(of: profile, arn: arn)) }
    }
    return parsed
  }

  /// The MFA device: of the role nearest the key, else of the key's profile, else of the next role that names one.
  func device() throws(PlanError) -> MFADevice? {
    for profile in roles.prefix(1) + [key] + roles.dropFirst() {
      if let device: MFADevice = try profile.restricted(.mfaSerial) { return device }
    }
    return nil
  }
}
