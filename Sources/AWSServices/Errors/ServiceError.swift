internal import AWSValues

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
    self.code = code.displayText(limit: 100)
    self.message = message.displayText(limit: 1000)
    self.requestID = requestID.map { $0.displayText(limit: 100) }
    self.status = status
    self.clockOffset = clockOffset
  }
}
