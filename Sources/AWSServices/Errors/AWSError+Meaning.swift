extension AWSError {
  /// AWS's refusal, where it means one of `meanings`.
  package func refusal(meaning meanings: [ServiceError.Meaning]) -> ServiceError? {
    guard case .service(let refusal) = self, meanings.contains(refusal.meaning) else { return nil }
    return refusal
  }

  /// Whether AWS refused, and this is what it means.
  package func means(_ meaning: ServiceError.Meaning) -> Bool {
    refusal(meaning: [meaning]) != nil
  }
}
