import Foundation
import Profiles
import TestSupport
import Testing

/// The cases that AWS's SDKs share, in smithy-rs' copy.
struct ParserSuiteTests {
  static let suite = ExternalSuite("config/smithy-rs")
  typealias Sections = [String: [String: String]]

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var input: Input
    var output: Output
    var testDescription: String { name }

    struct Input: Decodable, Sendable {
      var configFile: String?
      var credentialsFile: String?
    }

    struct Output: Decodable, Sendable {
      var config: Expected?
      var errorContaining: String?
    }

    struct Expected: Decodable, Sendable {
      var profiles: Sections
      var ssoSessions: Sections?

      enum CodingKeys: String, CodingKey {
        case profiles
        case ssoSessions = "sso_sessions"
      }
    }
  }

  struct Cases: Decodable {
    var tests: [Case]
  }

  static func cases() throws -> [Case] {
    guard suite.isPresent else { return [] }
    return try JSONDecoder().decode(Cases.self, from: Data(suite.text("profile-parser-tests.json").utf8)).tests
  }

  @Test(.enabled(if: suite.isPresent, "the external suites are not beside the checkout"), arguments: try cases())
  func `files read as the AWS SDKs read them`(example: Case) throws {
    let input = example.input
    let result = Result { () throws(ConfigError) in
      try ProfileSet(config: input.configFile ?? "", credentials: input.credentialsFile ?? "")
    }
    switch result {
    case .success(let profiles): try expect(profiles, toBe: #require(example.output.config))
    case .failure(.malformed(let syntax, let location)):
      let text = try #require(example.output.errorContaining)
      #expect(syntax == Self.syntax(text))
      #expect(location == .config((input.configFile ?? "").split(separator: "\n").count))
    case .failure(let error): Issue.record(error)
    }
  }

  @Test(.enabled(if: suite.isPresent, "the external suites are not beside the checkout"))
  func `the suite is the one this was written for`() throws {
    #expect(try Self.cases().count == 65)
  }

  private func expect(_ profiles: ProfileSet, toBe expected: Case.Expected) throws {
    #expect(profiles.names == expected.profiles.keys.sorted())
    for (name, properties) in expected.profiles {
      let profile = try #require(profiles.profile(named: name))
      #expect(Dictionary(uniqueKeysWithValues: profile.keys.map { ($0, profile.property($0)?.value) }) == properties)
    }
    for (name, properties) in expected.ssoSessions ?? [:] {
      let session = try #require(profiles.ssoSession(named: name))
      #expect(Dictionary(uniqueKeysWithValues: session.keys.map { ($0, session.property($0)?.value) }) == properties)
    }
  }

  private static func syntax(_ text: String) -> ConfigError.Syntax? {
    switch text {
    case "Profile definition must end with ']'": .sectionNotClosed
    case "Expected a profile definition": .outsideSection
    case "Expected a property definition", "Expected a property definition, found continuation":
      .continuationWithoutProperty
    case "Expected an '=' sign defining a property": .propertyWithoutEquals
    case "Property did not have a name": .propertyWithoutName
    case "Expected an '=' sign defining a sub-property": .subPropertyWithoutEquals
    case "Sub-property did not have a name": .subPropertyWithoutName
    default: nil
    }
  }
}
