/// An AWS error: what goes into the error document.
package struct Refusal: Error, Equatable, Sendable {
  package var status: Int
  package var code: String
  package var message: String
  /// Further elements of S3's error documents.
  var details: [String: String] = [:]

  init(_ status: Int, _ code: String, _ message: String) {
    (self.status, self.code, self.message) = (status, code, message)
  }

  /// `Sender` or `Receiver`: whose fault AWS says it is.
  var type: String { status < 500 ? "Sender" : "Receiver" }
}
