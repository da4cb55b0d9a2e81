import Foundation
import HTTP
import Secrets
import TestSupport
import Testing

@testable import AWSServices

@Suite(.enabled(if: ProtocolSuite.folder.isPresent, "the suite protocol/botocore is not beside the checkout"))
struct ProtocolSuiteTests {
  /// Answers of the calls we make, and lists and structures like theirs.
  @Test(arguments: [
    "iam-get-user", "iam-list-mfa-devices", "iam-list-access-keys", "iam-list-users", "iam-list-account-aliases",
    "iam-list-virtual-mfa-devices", "iam-get-group", "s3-list-buckets", "sts-get-session-token",
    "iam-create-virtual-mfa-device",
  ])
  func `every value of an answer is found at its path`(name: String) throws {
    let document = try SecretDocument(xml: SecretBytes(copying: ProtocolSuite.folder.text("responses/\(name).xml")))
    let expected = try JSONSerialization.jsonObject(
      with: Data(ProtocolSuite.folder.text("responses/\(name).json").utf8))
    let root = document.children(of: SecretDocument.root).first { document.name(of: $0).hasSuffix("Result") }
    let mismatches = ProtocolSuite.compare(document, root ?? SecretDocument.root, with: expected, path: name)
    #expect(mismatches == [])
  }

  @Test(arguments: ["iam-get-user", "s3-create-bucket", "s3-list-objects", "sts-get-session-token"])
  func `an error has its code, message and request id`(name: String) throws {
    let response = HTTPResponse(
      status: 403, body: SecretBytes(copying: try ProtocolSuite.folder.text("errors/\(name).xml")))
    let error = ServiceError(xml: try SecretDocument(xml: response.body), of: response, receivedAt: Fixture.now)
    let json = try JSONDecoder.ofSuites.decode(
      ExpectedError.self, from: Data(ProtocolSuite.folder.text("errors/\(name).json").utf8))
    #expect(error?.code == json.error.code)
    #expect(error?.message == json.error.message)
    if let id = json.responseMetadata.requestId { #expect(error?.requestID == id) }
  }

  @Test func `buckets of a real answer are listed`() throws {
    let fixture = Fixture([.answer(200, try ProtocolSuite.folder.text("responses/s3-list-buckets.xml"))])
    let buckets = try S3(fixture.client).buckets(signedBy: Fixture.longTermKey())
    #expect(buckets.count == 36)
    #expect(buckets.first?.name == "botostats")
    #expect(buckets.first?.creationDate == Date(timeIntervalSince1970: 1_329_759_932))
  }

  @Test func `the timestamps and errors of the Query protocol's cases are read`() throws {
    let data = Data(try ProtocolSuite.folder.text("query/output-query.json").utf8)
    let cases = try JSONDecoder.ofSuites.decode([QueryOutput].self, from: data).flatMap(\.cases)
    let dates = cases.filter { $0.id.contains("DateTime") || $0.id.contains("Timestamps") }
    #expect(dates.count == 10)
    for test in dates { #expect(try test.timestamp() == test.expectedTimestamp, "\(test.id)") }
    let errors = cases.filter { $0.errorCode != nil }
    #expect(errors.count == 3)
    for test in errors { #expect(try test.error()?.code == test.errorCode, "\(test.id)") }
  }

  private struct ExpectedError: Decodable {
    struct Body: Decodable { let code: String, message: String }
    struct Metadata: Decodable { let requestId: String? }
    let error: Body
    let responseMetadata: Metadata
  }
}

// MARK: - Protocol suite

/// Answers of AWS and the JSON they stand for.
enum ProtocolSuite {
  static let folder = ExternalSuite("protocol/botocore")

  /// The paths at which the document says something else than `expected`.
  static func compare(
    _ document: borrowing SecretDocument, _ place: SecretDocument.Place, with expected: Any, path: String
  ) -> [String] {
    if let object = expected as? [String: Any] {
      var mismatches: [String] = []
      for (name, value) in object where name != "ResponseMetadata" {
        guard let child = document.elements(at: name, in: place).first else {
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
    _ document: borrowing SecretDocument, _ place: SecretDocument.Place, with expected: Any, path: String
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
