import Foundation
import TestSupport
import Testing

@testable import Profiles

struct ConfigParserTests {
  @Test(arguments: [
    ("k = v", "v"), ("k=v", "v"), ("k \t=\t v \t", "v"), ("K = v", "v"), ("k = a=b", "a=b"), ("k =", ""),
    ("k = v\r", "v"), ("k = v\r\r", "v\r"), ("k = v # c", "v"), ("k = v\t;c", "v"), ("k = v#c", "v#c"),
    ("k = v; c", "v; c"), ("k = # c", ""), ("k =#c", "#c"), ("k = \u{e4}\u{1f600}", "\u{e4}\u{1f600}"),
    ("k = v\n  w ", "v\nw"), ("k = v\r\n w\r\n", "v\nw"), ("k = v # c\n w # d", "v\nw # d"), ("k = v\n\t\n w", "v\nw"),
    ("k = v\n # c\n w", "v\nw"), ("k = v\n # c", "v"), ("k = v\n# c\n w", "v\nw"), ("k =\n a = b", "\na = b"),
    ("k = # c\n a = b ; d", "\na = b ; d"), ("k = 1\nk = 2", "2"), ("k = 1\nK = 2", "2"),
    ("k = 1\n[profile q]\nk = 3\n[profile p]\nj = 2", "1"), ("k = 1\n[profile p]\nk = 2", "2"),
    ("k = 1\nx y = 2\n z", "1"), ("k = 1\n[typo p]\nk = 2\n z\n", "1"), ("k = [v]", "[v]"), ("k = \"v\"", "\"v\""),
  ])
  func `values are read as the SDKs read them`(lines: String, value: String) throws {
    let profiles = try ProfileSet(config: "[profile p]\n" + lines)
    #expect(profiles.profile(named: "p")?.property("k")?.value == value)
  }

  @Test(arguments: [
    ("[profile p]", ["p"]), ("[profile p]\r", ["p"]), ("[  profile \t p ] # c", ["p"]), ("[profile p];c", ["p"]),
    ("[profile p]#c", ["p"]), ("[default]", ["default"]), ("[profile default]", ["default"]), ("[p]", []),
    ("[profilep]", []), ("[Profile p]", []), ("[profile a b]", []), ("[profile a!]", []), ("[profile]", []), ("[]", []),
    ("[profile aZ0-_/.%@:+]", ["aZ0-_/.%@:+"]), ("[profile \u{e4}]", []), ("[sso-session p]", []),
    ("[services p]", []), ("[[profile p]]", []), ("", []), ("\n\n", []), ("# [profile p]", []), (" # c", []),
    ("[profile b]\n[profile a]\n[profile b]", ["a", "b"]),
  ])
  func `the config file's profiles carry their type`(text: String, names: [String]) throws {
    #expect(try ProfileSet(config: text).names == names)
  }

  @Test(arguments: [
    ("[p]", ["p"]), ("[default]", ["default"]), ("[profile p]", []), ("[sso-sessionp]", ["sso-sessionp"]),
    ("[ p ] ; c", ["p"]), ("[a b]", []),
  ])
  func `the credentials file's profiles do not`(text: String, names: [String]) throws {
    #expect(try ProfileSet(credentials: text).names == names)
  }

  @Test(arguments: [
    ("[profile p", ConfigError.Syntax.sectionNotClosed, 1), ("[", .sectionNotClosed, 1),
    ("[profile p # c]", .sectionNotClosed, 1), ("[profile p] x", .sectionNotClosed, 1), ("k = v", .outsideSection, 1),
    ("\n\nword", .outsideSection, 3), (" k", .outsideSection, 1),
    ("[profile p]\n\n k", .continuationWithoutProperty, 3),
    ("[profile p]\nk = v\n[profile p]\n k", .continuationWithoutProperty, 4), (" [profile p]", .outsideSection, 1),
    ("[profile p]\nk : v", .propertyWithoutEquals, 2), ("[profile p]\nk # = v", .propertyWithoutEquals, 2),
    ("[profile p]\n= v", .propertyWithoutName, 2), ("[profile p]\r\n = v", .continuationWithoutProperty, 2),
    ("[profile p]\nk =\n j", .subPropertyWithoutEquals, 3),
    ("[profile p]\nk =\n\n # c\n = v", .subPropertyWithoutName, 5),
    ("[profile p]\nk =\n a = b\n j", .subPropertyWithoutEquals, 4), ("[typo]\nword", .propertyWithoutEquals, 2),
    ("[profile p]\nk = \u{0}", .notText, 2),
  ])
  func `what breaks the grammar is named with its line`(text: String, syntax: ConfigError.Syntax, line: Int) {
    #expect(throws: ConfigError.malformed(syntax, at: .config(line))) { try ProfileSet(config: text) }
  }

  @Test(arguments: [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80]] as [[UInt8]])
  func `bytes that are not UTF-8 are named with their line`(bytes: [UInt8]) {
    #expect(throws: ConfigError.malformed(.notText, at: .config(3))) {
      try ConfigDocument(parsing: Array("[profile p]\r\nk = \u{e4}\n".utf8) + bytes, file: "/config", as: .config)
    }
  }

  @Test func `properties keep their lines`() throws {
    let profiles = try ProfileSet(
      config: "# c\n\n[profile p]\r\na = 1\r\n  2\r\n\r\nregion = 3", credentials: "[p]\nc=4")
    let profile = try #require(profiles.profile(named: "p"))
    #expect(profile.property("a") == Property(value: "1\n2", location: .config(4)))
    #expect(profile[.region] == Property(value: "3", location: .config(7)))
    #expect(profile.property("c") == Property(value: "4", location: .credentials(2)))
  }
}

// MARK: - Parser suite tests

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
      let read = profile.propertyLocations.map { ($0.key, profile.property($0.key)?.value) }
      #expect(Dictionary(uniqueKeysWithValues: read) == properties)
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
