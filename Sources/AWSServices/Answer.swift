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
    return .notAWS(UnrecognizedResponse(response))
  }
}

// MARK: - Values

extension Answer {
  typealias Place = XMLDocument.Place

  /// The one element at `path`, names separated by `/`.
  func element(_ path: String, in place: Place = XMLDocument.root) throws(AWSError) -> Place {
    let found = elements(path, in: place)
    guard let element = found.first, found.count == 1 else { throw malformed(path) }
    return element
  }

  /// All elements at `path`.
  func elements(_ path: String, in place: Place = XMLDocument.root) -> [Place] {
    document.elements(at: path.split(separator: "/"), in: place)
  }

  /// The text at `path`, which is there once, is not empty and has no control characters.
  func text(_ path: String, in place: Place = XMLDocument.root) throws(AWSError) -> String {
    let text = document.text(at: try element(path, in: place))
    guard !text.isEmpty, text.unicodeScalars.allSatisfy(\.isDisplayable) else { throw malformed(path) }
    return text
  }

  /// As `text`, but nil where the element is missing or empty.
  func optionalText(_ path: String, in place: Place = XMLDocument.root) throws(AWSError) -> String? {
    guard let first = elements(path, in: place).first, !document.text(at: first).isEmpty else { return nil }
    return try text(path, in: place)
  }

  /// The text at `path` as a value with rules of its own, which it keeps.
  func value<Value: RestrictedText>(_ path: String, in place: Place = XMLDocument.root) throws(AWSError) -> Value {
    guard let value = Value(try text(path, in: place)) else { throw malformed(path) }
    return value
  }

  func date(_ path: String, in place: Place = XMLDocument.root) throws(AWSError) -> Date {
    guard let date = Date(timestamp: try text(path, in: place)) else { throw malformed(path) }
    return date
  }

  func optionalDate(_ path: String, in place: Place = XMLDocument.root) throws(AWSError) -> Date? {
    try optionalText(path, in: place) == nil ? nil : date(path, in: place)
  }

  /// A secret of visible ASCII, which may go into a header, an environment variable and JSON.
  func secret(_ path: String, in place: Place = XMLDocument.root) throws(AWSError) -> SecretBytes {
    let secret = document.secret(at: try element(path, in: place))
    let isVisible = secret.withBytes { bytes in bytes.indices.allSatisfy { (0x21...0x7e).contains(bytes[$0]) } }
    guard !secret.isEmpty, isVisible else { throw malformed(path) }
    return secret
  }

  func malformed(_ element: String) -> AWSError { .malformed(call: call, element: element) }
}

// MARK: - Pages

/// Walks through an answer of several pages, and ends even where the service does not.
struct Pages {
  /// Where the next page begins; nil for the first page, and after the last.
  private(set) var marker: String?
  private var turned = 0
  private let call: String
  private let limit: Int

  init(call: String, limit: Int) {
    self.call = call
    self.limit = limit
  }

  /// Goes on to `next`; an error where that is the page before, or one too many.
  mutating func turn(to next: String?) throws(AWSError) {
    turned += 1
    guard next == nil || (next != marker && turned < limit) else {
      throw .malformed(call: call, element: "next page")
    }
    marker = next
  }
}
