import Foundation
import Profiles
import TestSupport
import Testing

/// Where AWS's SDKs look for the files, in smithy-rs' copy; the cases for Linux.
struct ConfigFilesSuiteTests {
  static let suite = ExternalSuite("config/smithy-rs")

  struct Case: Decodable, Sendable {
    var environment: [String: String]
    var platform: String
    var configLocation: String
    var credentialsLocation: String
  }

  struct Cases: Decodable {
    var tests: [Case]
  }

  static func cases() throws -> [Case] {
    guard suite.isPresent else { return [] }
    let all = try JSONDecoder().decode(Cases.self, from: Data(suite.text("file-location-tests.json").utf8)).tests
    return all.filter { $0.platform == "linux" }
  }

  @Test(.enabled(if: suite.isPresent, "the external suites are not beside the checkout"), arguments: try cases())
  func `files are found where the AWS SDKs find them`(example: Case) throws {
    let files = try ConfigFiles(environment: example.environment)
    #expect(files.config == example.configLocation)
    #expect(files.credentials == example.credentialsLocation)
  }

  @Test(.enabled(if: suite.isPresent, "the external suites are not beside the checkout"))
  func `the suite has the cases for Linux`() throws {
    #expect(try Self.cases().count == 4)
  }
}
