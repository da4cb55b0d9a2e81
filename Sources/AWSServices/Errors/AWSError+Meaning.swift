extension AWSError {
  /// AWS's refusal, where it is one.
  package var refusal: ServiceError? {
    guard case .service(let refusal) = self else { return nil }
    return refusal
  }

  /// AWS's refusal, where it means one of `meanings`.
  package func refusal(meaning meanings: [ServiceError.Meaning]) -> ServiceError? {
    refusal.flatMap { meanings.contains($0.meaning) ? $0 : nil }
  }

  /// Whether AWS refused, and this is what it means.
  package func means(_ meaning: ServiceError.Meaning) -> Bool {
    refusal?.meaning == meaning
  }
}
