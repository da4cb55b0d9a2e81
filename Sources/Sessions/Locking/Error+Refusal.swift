internal import AWSServices

extension Error {
  /// Whether AWS, or the user, said no in a way that another process would hear too if it asked the same.
  var isRefusal: Bool {
    switch self {
    case let error as AWSError: error.isRefusal
    case let error as SessionError: error.isRefusal
    default: false
    }
  }
}

extension AWSError {
  fileprivate var isRefusal: Bool {
    guard case .service(let error) = self else { return false }
    return switch error.meaning {
    case .wrongMFACode, .unknownMFADevice, .accessDenied, .unknownKey, .signatureMismatch, .regionDisabled, .validation,
      .iam:
      true
    case .expiredSession, .clockSkew, .throttled, .unavailable, .other: false
    }
  }
}

extension SessionError {
  fileprivate var isRefusal: Bool {
    switch self {
    case .noValidCode, .promptCancelled, .refusedElsewhere: true
    case .noKey, .damagedKey, .noPrompt, .invalidCode, .clockWasOff, .busy: false
    }
  }
}
