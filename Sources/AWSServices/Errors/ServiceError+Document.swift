internal import FoundationEssentials
internal import HTTP

extension ServiceError {
  /// Reads an error document: `ErrorResponse/Error` (STS, IAM), `Error` alone (S3), or `Errors/Error` in any root (EC2's
  /// shape). Nil for any other document.
  init?(_ document: borrowing XMLDocument, of response: borrowing HTTPResponse, receivedAt now: Date) {
    guard let error = ServiceError.place(in: document), let code = document.text(at: "Code", in: error) else {
      return nil
    }
    let message = document.text(at: "Message", in: error) ?? ""
    let serverTime =
      ServiceError.date(inHeadersOf: response) ?? ServiceError.date(inMessage: message)
      ?? document.text(at: "ServerTime", in: error).flatMap { Date(timestamp: $0) }
    self.init(
      code: code, message: message, requestID: ServiceError.requestID(in: document, error: error),
      status: response.status, clockOffset: serverTime.map { Int($0.timeIntervalSince(now).rounded()) })
  }

  private static func place(in document: borrowing XMLDocument) -> XMLDocument.Place? {
    if document.name(of: XMLDocument.root) == "Error" { return XMLDocument.root }
    return document.elements(at: ["Error"], in: XMLDocument.root).first
      ?? document.elements(at: ["Errors", "Error"], in: XMLDocument.root).first
  }

  private static func requestID(in document: borrowing XMLDocument, error: XMLDocument.Place) -> String? {
    document.text(at: "RequestId") ?? document.text(at: "RequestID") ?? document.text(at: "RequestId", in: error)
      ?? document.text(at: "ResponseMetadata/RequestId")
  }

  private static func date(inHeadersOf response: borrowing HTTPResponse) -> Date? {
    response.headers["date"].flatMap { Date(httpDate: $0) }
  }

  /// STS tells its own time in brackets: "Signature expired: … is now earlier than … (20220127T015928Z - 15 min.)".
  private static func date(inMessage message: String) -> Date? {
    guard message.hasPrefix("Signature "), let bracket = message.lastIndex(of: "(") else { return nil }
    return Date(iso8601: String(message[bracket...].dropFirst().prefix { $0 != " " }))
  }
}
