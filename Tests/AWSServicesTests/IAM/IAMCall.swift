import AWSServices
import AWSValues
import Secrets
import TestSupport
import Testing

/// The calls of IAM that answer nothing but that they were carried out, or what a list has nothing of.
struct IAMCall: CustomTestStringConvertible, Sendable {
  let action: String
  let parameters: [String: String]
  var isSentOnce = false
  let send: @Sendable (IAM, borrowing Credentials) throws -> Void

  init(
    _ action: String, _ parameters: [String: String],
    _ send: @escaping @Sendable (IAM, borrowing Credentials) throws -> Void
  ) {
    (self.action, self.parameters, self.send) = (action, parameters, send)
  }

  var testDescription: String { action }

  var answer: ScriptedTransport.Step {
    .answer(
      200, "<\(action)Response><\(action)Result><IsTruncated>false</IsTruncated></\(action)Result></\(action)Response>")
  }

  var sentOnce: IAMCall {
    var call = self
    call.isSentOnce = true
    return call
  }
}
