package import AWSServices

extension AWSError {
  /// Whether AWS refused because the session that signed has expired.
  package var isExpiredSession: Bool {
    guard case .service(let refusal) = self else { return false }
    return refusal.meaning == .expiredSession
  }
}
