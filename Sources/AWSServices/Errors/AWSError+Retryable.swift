internal import HTTP

extension AWSError {
  /// The kind of fault where the same call may succeed later; nil where it will not.
  var retryableFault: RetryableFault? {
    switch self {
    case .http(let error): error.isTransient ? .transient : nil
    case .service(let error): error.retryableFault
    case .notAWS(let answer): RetryableFault(status: answer.status)
    case .endpoint, .invalidRequest, .signing, .malformed, .otherRole, .libraryMissing: nil
    }
  }
}

extension ServiceError {
  fileprivate var retryableFault: RetryableFault? {
    if meaning == .throttled { return .throttling }
    return ServiceError.transientCodes.contains(code) ? .transient : RetryableFault(status: status)
  }

  private static let transientCodes: Set = ["RequestTimeout", "RequestTimeoutException", "IDPCommunicationError"]
}

extension RetryableFault {
  fileprivate init?(status: Int) {
    switch status {
    case 429: self = .throttling
    case 500, 502, 503, 504: self = .transient
    default: return nil
    }
  }
}

extension HTTPError {
  fileprivate var isTransient: Bool {
    switch self {
    case .cannotResolve, .cannotConnect, .connectTimedOut, .timedOut, .interrupted: true
    case .givenUp, .responseTooLarge, .notHTTP, .encoded, .tls, .caBundleUnreadable, .proxy, .invalidProxy, .insecure,
      .invalidURL,
      .invalidHeader, .libraryMissing, .optionRefused, .other:
      false
    }
  }
}
