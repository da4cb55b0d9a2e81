extension Optional where Wrapped: ~Copyable {
  /// Lends the value to `body` where there is one.
  package func withValue<Result: ~Copyable, Failure: Error>(
    _ body: (borrowing Wrapped) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    switch self {
    case .some(let value): try body(value)
    case .none: nil
    }
  }

  package var exists: Bool {
    switch self {
    case .some: true
    case .none: false
    }
  }
}
