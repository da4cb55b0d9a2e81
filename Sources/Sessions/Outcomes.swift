internal import AWSServices
internal import Keyring

extension Error {
  /// Whether AWS, or the user, said no in a way that another process would hear too if it asked the same.
  var isRefusal: Bool {
    switch self {
    case let error as AWSError: error.isRefusal
    case let error as SessionError: error.isRefusal
    case let error as SignInError: error.isRefusal
    case let error as SourceError: error.isRefusal
    default: false
    }
  }

  /// Whether the same may succeed later, or if somebody can be asked: AWS, the network or the keyring cannot be reached,
  /// or nobody is there to type a code.
  var mayPass: Bool {
    switch self {
    case let error as AWSError: error.mayPass
    case let error as SessionError: error.mayPass
    case let error as SignInError: error.mayPass
    case let error as SourceError: error.mayPass
    default: self is SecretStoreError
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

  var mayPass: Bool {
    switch self {
    case .http, .notAWS, .malformed: true
    // Also a whole region's sign-in service is known to say so for days.
    case .service where loginRefusal == .invalidRequest: true
    case .service(let error): error.status >= 500 || [.throttled, .unavailable].contains(error.meaning)
    case .endpoint, .signing, .listTooLong, .otherRole, .libraryMissing: false
    }
  }
}

extension SignInError {
  fileprivate var isRefusal: Bool {
    switch self {
    case .refused, .noAssignment: true
    case .needed, .timedOut, .refreshPaused, .foreignPage: false
    }
  }

  fileprivate var mayPass: Bool {
    switch self {
    case .needed, .timedOut, .refreshPaused: true
    case .refused, .noAssignment, .foreignPage: false
    }
  }
}

extension SourceError {
  /// Whoever waits for another's program would run the same one: it fails once, or asks once.
  fileprivate var isRefusal: Bool {
    switch self {
    case .program, .output, .version, .refusedToken, .notAToken, .expiredToken: true
    case .tokenFile, .missingVariables, .expired, .unusableEndpoint, .machine: false
    }
  }

  fileprivate var mayPass: Bool {
    switch self {
    case .program, .output, .notAToken, .tokenFile, .expiredToken, .expired, .machine: true
    case .version, .refusedToken, .missingVariables, .unusableEndpoint: false
    }
  }
}

extension SessionError {
  fileprivate var mayPass: Bool {
    switch self {
    case .noPrompt, .mfaProcess, .prompt, .promptCancelled, .clockWasOff, .busy: true
    case .noKey, .damagedKey, .securityKey, .invalidCode, .noValidCode, .forgottenMeanwhile, .refusedElsewhere: false
    }
  }

  fileprivate var isRefusal: Bool {
    switch self {
    // Nobody answered: whoever waits would open the next window.
    case .noValidCode, .promptCancelled, .prompt(.timedOut), .refusedElsewhere: true
    case .noKey, .damagedKey, .securityKey, .prompt, .noPrompt, .mfaProcess, .invalidCode, .clockWasOff, .busy,
      .forgottenMeanwhile:
      false
    }
  }
}
