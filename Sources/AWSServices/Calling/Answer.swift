internal import AWSValues
internal import FoundationEssentials
internal import HTTP
internal import Secrets

/// The document with which AWS answered a call; what is read from it is checked.
struct Answer: ~Copyable {
  let call: String
  let document: XMLDocument

  /// Reads `response`, an error unless it is the answer that `call` expects.
  init(_ response: consuming HTTPResponse, to call: borrowing SignedCall, receivedAt now: Date) throws(AWSError) {
    let document = try Answer.document(of: response, to: call)
    let root = document.name(of: XMLDocument.root)
    guard (200..<300).contains(response.status), root == call.root else {
      let refusal = ServiceError(document, of: response, receivedAt: now)
      throw refusal.map { .service($0) } ?? Answer.unexpected(response, root: root, call: call.action)
    }
    self.call = call.action
    self.document = document
  }

  private static func document(
    of response: borrowing HTTPResponse, to call: borrowing SignedCall
  ) throws(AWSError) -> XMLDocument {
    do {
      return try XMLDocument(response.body)
    } catch {
      switch error {
      case .libraryMissing(let library, let package): throw .libraryMissing(library, package: package)
      case .notWellFormed(let root, _): throw unexpected(response, root: root, call: call.action)
      case .documentType: throw unexpected(response, root: nil, call: call.action)
      case .tooDeep, .tooManyElements, .outOfMemory: throw .malformed(call: call.action, element: call.root)
      }
    }
  }

  // What begins like an answer of AWS may hold credentials, so none of it goes into the error.
  private static func unexpected(_ response: borrowing HTTPResponse, root: String?, call: String) -> AWSError {
    if let root, root.hasSuffix("Response") || root.hasSuffix("Result") {
      return .malformed(call: call, element: root.displayText(limit: 100))
    }
    return .notAWS(ForeignAnswer(response))
  }
}
