internal import AWSServices

extension AWSError {
  /// AWS's refusal, where it means one of `meanings`.
  func refusal(meaning meanings: [ServiceError.Meaning]) -> ServiceError? {
    guard case .service(let refusal) = self, meanings.contains(refusal.meaning) else { return nil }
    return refusal
  }
}
