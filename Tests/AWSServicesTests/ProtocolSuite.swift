import Foundation
import TestSupport

@testable import AWSServices

/// Answers of AWS and the JSON they stand for.
enum ProtocolSuite {
  static let folder = ExternalSuite("protocol/botocore")

  /// The paths at which the document says something else than `expected`.
  static func compare(
    _ document: borrowing XMLDocument, _ place: XMLDocument.Place, with expected: Any, path: String
  ) -> [String] {
    if let object = expected as? [String: Any] {
      var mismatches: [String] = []
      for (name, value) in object where name != "ResponseMetadata" {
        guard let child = document.elements(at: [name[...]], in: place).first else {
          mismatches.append("\(path)/\(name) is missing")
          continue
        }
        mismatches += compare(document, child, with: value, path: "\(path)/\(name)")
      }
      return mismatches
    }
    return compareItem(document, place, with: expected, path: path)
  }

  private static func compareItem(
    _ document: borrowing XMLDocument, _ place: XMLDocument.Place, with expected: Any, path: String
  ) -> [String] {
    let text = document.text(at: place)
    guard let list = expected as? [Any] else {
      let isBoolean = (expected as? Bool).map { text == String($0) } ?? false
      return isBoolean || text == "\(expected)" || decoded(text) == "\(expected)" ? [] : ["\(path): \(text)"]
    }
    let members = document.children(of: place)
    guard members.count == list.count else { return ["\(path) has \(members.count) members"] }
    var mismatches: [String] = []
    for (member, item) in zip(members, list) {
      mismatches += compare(document, member, with: item, path: "\(path)[]")
    }
    return mismatches
  }

  /// Blobs go over the wire in base64.
  private static func decoded(_ text: String) -> String? {
    Data(base64Encoded: text).flatMap { String(data: $0, encoding: .utf8) }
  }
}
