import AWSServices

/// Why AWS did not take two codes, where two others may do.
enum CodePairRefusal: Equatable {
  /// They are wrong, do not follow each other, or were used before.
  case wrong
  /// IAM is busy with the change before, or does not see the device everywhere yet.
  case tooEarly
  /// AWS refused the call because of this machine's clock; the next one is sent with AWS's time, which is `offset`
  /// seconds ahead.
  case clockWasOff(offset: Int)
  /// The answer was lost.
  case outcomeOpen

  /// Nil where no other codes can help.
  init?(_ error: AWSError) {
    if error.leavesOutcomeOpen {
      self = .outcomeOpen
      return
    }
    guard case .service(let refusal) = error else { return nil }
    switch refusal.meaning {
    case .wrongMFACode: self = .wrong
    case .iam(.temporarilyUnmodifiable), .iam(.noSuchEntity), .throttled: self = .tooEarly
    case .clockSkew(let offset?): self = .clockWasOff(offset: offset)
    case .unknownMFADevice, .accessDenied, .expiredSession, .unknownKey, .signatureMismatch, .clockSkew(offset: nil),
      .regionDisabled, .validation, .unavailable, .other,
      .iam(.entityAlreadyExists), .iam(.deleteConflict), .iam(.limitExceeded), .iam(.malformedPolicy):
      return nil
    }
  }
}
