import Foundation
import HTTP
import Secrets
import Testing

@testable import AWSServices

/// An operation of the Query protocol's suite, with the cases of its answers.
struct QueryOutput: Decodable {
  let cases: [Case]

  struct Case: Decodable {
    struct Response: Decodable {
      let statusCode: Int
      let body: String?

      enum CodingKeys: String, CodingKey {
        case statusCode = "status_code"
        case body
      }
    }
    let id: String
    let result: [String: Value]?
    let errorCode: String?
    let response: Response

    var expectedTimestamp: Date? {
      guard case .number(let seconds)? = result?.values.first else { return nil }
      return Date(timeIntervalSince1970: seconds)
    }

    /// The only value of the answer.
    func timestamp() throws -> Date? {
      let document = try XMLDocument(SecretBytes(copying: response.body ?? ""))
      let result = try #require(document.children(of: XMLDocument.root).first)
      let value = try #require(document.children(of: result).first)
      return Date(timestamp: document.text(at: value))
    }

    func error() throws -> ServiceError? {
      let answer = HTTPResponse(status: response.statusCode, body: SecretBytes(copying: response.body ?? ""))
      return ServiceError(try XMLDocument(answer.body), of: answer, receivedAt: Bench.now)
    }
  }

  enum Value: Decodable {
    case number(Double)
    case other

    init(from decoder: any Decoder) throws {
      let number = try? decoder.singleValueContainer().decode(Double.self)
      self = number.map { .number($0) } ?? .other
    }
  }
}
