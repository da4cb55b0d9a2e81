internal import AWSValues
internal import FoundationEssentials
internal import Secrets

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
