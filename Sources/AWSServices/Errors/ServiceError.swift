/// AWS's refusal of a call, in its own words with control characters made visible.
package struct ServiceError: Error, Equatable, Sendable {
  package let code: String
  package let message: String
  /// Nil where AWS gave none.
  package let requestID: String?
  package let status: Int
  /// How far AWS's clock is ahead of ours, in seconds; nil where the response does not say.
  package let clockOffset: Int?

  package init(code: String, message: String, requestID: String? = nil, status: Int, clockOffset: Int? = nil) {
    self.code = VisibleText.escape(code, limit: 100)
    self.message = VisibleText.escape(message)
    self.requestID = requestID.map { VisibleText.escape($0, limit: 100) }
    self.status = status
    self.clockOffset = clockOffset
  }
}
