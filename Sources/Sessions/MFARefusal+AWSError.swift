internal import AWSServices

extension MFARefusal {
  /// Why another code can help; nil where none can.
  init?(_ error: AWSError) {
    guard case .service(let refusal) = error else { return nil }
    switch refusal.meaning {
    case .wrongMFACode: self = .refused
    case .clockSkew(let offset?): self = .clockWasOff(offset: offset)
    case .unknownMFADevice, .accessDenied, .expiredSession, .unknownKey, .signatureMismatch, .clockSkew(offset: nil),
      .regionDisabled, .throttled, .validation, .iam, .unavailable, .other:
      return nil
    }
  }
}
