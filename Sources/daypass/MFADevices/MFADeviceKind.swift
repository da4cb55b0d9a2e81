import AWSValues

/// What sort of thing an MFA device is, as its serial number tells.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html
enum MFADeviceKind: String, Encodable {
  /// An app that holds a seed.
  case virtual
  /// A token with a display, or a device of a kind that is not known.
  case hardware
  /// A security key or a passkey, which answers a browser and shows no codes: STS cannot use it.
  case fido
}

extension MFADevice {
  var kind: MFADeviceKind {
    guard text.hasPrefix("arn:") else { return .hardware }
    if text.contains(":u2f/") { return .fido }
    return text.contains(":mfa/") ? .virtual : .hardware
  }

  /// Whether STS can use it.
  var givesCodes: Bool { kind != .fido }
}
