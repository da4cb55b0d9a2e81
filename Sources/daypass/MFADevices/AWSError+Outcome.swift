import AWSServices

extension AWSError {
  /// Whether the call may have been carried out all the same.
  var leavesOutcomeOpen: Bool {
    switch self {
    case .http, .notAWS, .malformed: true
    case .service(let refusal): refusal.meaning == .unavailable
    case .endpoint, .invalidRequest, .signing, .otherRole, .libraryMissing: false
    }
  }
}
