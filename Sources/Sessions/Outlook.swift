internal import AWSServices
internal import Keyring

/// What a failure says of the next attempt.
struct Outlook: OptionSet {
  let rawValue: Int

  /// AWS, or the user, said no in a way that another process would hear too if it asked the same.
  static let refused = Outlook(rawValue: 1)
  /// The same may succeed later, or if somebody can be asked: AWS, the network or the keyring cannot be reached, or nobody
  /// is there to type a code.
  static let mayPass = Outlook(rawValue: 2)
}

extension Error {
  var isRefusal: Bool { outlook.contains(.refused) }
  var mayPass: Bool { outlook.contains(.mayPass) }

  private var outlook: Outlook {
    switch self {
    case let error as AWSError: error.outlook
    case let error as SessionError: error.outlook
    case let error as SignInError: error.outlook
    case let error as SourceError: error.outlook
    default: self is SecretStoreError || self is MachineError || self is LockError ? .mayPass : []
    }
  }
}

extension AWSError {
  fileprivate var outlook: Outlook {
    switch self {
    case .http, .notAWS, .malformed: .mayPass
    // Also a whole region's sign-in service is known to say so for days.
    case .service(let error) where loginRefusal == .invalidRequest: error.outlook.union(.mayPass)
    case .service(let error): error.outlook
    case .endpoint, .signing, .listTooLong, .otherRole, .libraryMissing: []
    }
  }
}

extension ServiceError {
  fileprivate var outlook: Outlook {
    let refused: Outlook =
      switch meaning {
      case .wrongMFACode, .unknownMFADevice, .accessDenied, .unknownKey, .signatureMismatch, .regionDisabled,
        .validation,
        .iam:
        .refused
      case .expiredSession, .clockSkew, .throttled, .unavailable, .other: []
      }
    return status >= 500 || [.throttled, .unavailable].contains(meaning) ? refused.union(.mayPass) : refused
  }
}

extension SignInError {
  fileprivate var outlook: Outlook {
    switch self {
    case .needed, .timedOut, .refreshPaused: .mayPass
    case .refused, .noAssignment: .refused
    case .foreignPage, .foreignStartURL: []
    }
  }
}

extension SourceError {
  /// Whoever waits for another's program would run the same one: it fails once, or asks once.
  fileprivate var outlook: Outlook {
    switch self {
    case .program, .output, .notAToken, .expiredToken: [.refused, .mayPass]
    case .version, .refusedToken: .refused
    case .tokenFile, .expired: .mayPass
    case .missingVariables, .unusableEndpoint: []
    }
  }
}

extension SessionError {
  fileprivate var outlook: Outlook {
    switch self {
    // Nobody answered: the next process in line would open another window.
    case .promptCancelled, .prompt(.timedOut): [.refused, .mayPass]
    case .noPrompt, .mfaProcess, .prompt, .clockWasOff, .busy: .mayPass
    case .noValidCode, .refusedElsewhere: .refused
    case .noKey, .damagedKey, .securityKey, .invalidCode, .forgottenMeanwhile: []
    }
  }
}
