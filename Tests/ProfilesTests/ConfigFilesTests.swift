import Foundation
import TestSupport
import Testing

@testable import Profiles

struct ConfigFilesTests {
  @Test(arguments: [
    ("/etc/aws", "/etc/aws"), ("~", "/home/al"), ("~/aws", "/home/al/aws"), ("~bob/aws", "~bob/aws"),
    ("/x/~/aws", "/x/~/aws"), ("$DIR/aws", "/dir/aws"), ("${DIR}x/aws", "/dirx/aws"), ("$DIRx/aws", "$DIRx/aws"),
    ("a$", "a$"), ("${DIR", "${DIR"), ("$$DIR", "$/dir"), ("$TILDE/aws", "/home/al/aws"), ("", "/home/al/.aws/config"),
  ])
  func `the config's place is expanded like a shell's word`(written: String, expanded: String) throws {
    let environment = ["HOME": "/home/al", "AWS_CONFIG_FILE": written, "DIR": "/dir", "TILDE": "~"]
    #expect(try ConfigFiles(environment: environment).config == expanded)
  }

  @Test(arguments: [
    ([:], "AWS_CONFIG_FILE"), (["HOME": ""], "AWS_CONFIG_FILE"),
    (["AWS_CONFIG_FILE": "/c"], "AWS_SHARED_CREDENTIALS_FILE"),
  ])
  func `without a home the usual places are unknown`(environment: [String: String], variable: String) {
    #expect(throws: ConfigError.homeUnknown(nil, insteadOf: variable)) {
      try ConfigFiles(environment: environment)
    }
  }

  @Test(arguments: ["home", "./home", "~", "../home/al"])
  func `a home from the working folder is none`(home: String) {
    #expect(throws: ConfigError.homeUnknown(home, insteadOf: "AWS_CONFIG_FILE")) {
      try ConfigFiles(environment: ["HOME": home])
    }
  }

  @Test(arguments: ["HOME", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
  func `a path that is not text does not count as a missing file`(variable: String) {
    let path = String(decoding: Array("/caf".utf8) + [0xe9], as: UTF8.self)
    let environment = ["HOME": "/home/al"].merging([variable: path]) { $1 }
    #expect(throws: ConfigError.pathNotText(variable == "HOME" ? path + "/.aws/config" : path)) {
      try ConfigFiles(environment: environment)
    }
  }

  @Test func `a home is not needed when both places are given`() throws {
    let files = try ConfigFiles(environment: ["AWS_CONFIG_FILE": "/c", "AWS_SHARED_CREDENTIALS_FILE": "/d"])
    #expect(files.config == "/c")
    #expect(files.credentials == "/d")
  }

  @Test func `missing files are empty`() throws {
    let files = try ConfigFiles(environment: ["HOME": "/nonexistent", "AWS_CONFIG_FILE": "/dev/null/config"])
    #expect(try files.read().names.isEmpty)
  }

  @Test func `both files are read`() throws {
    let folder = ScratchFolder()
    folder.write("[profile a]\nregion = r", to: "config")
    folder.write("[b]\nregion = s", to: "credentials")
    let profiles = try folder.files().read()
    #expect(profiles.names == ["a", "b"])
    let location = SourceLocation(file: folder.path("credentials"), line: 2)
    #expect(profiles.profile(named: "b")?[.region] == Property(value: "s", location: location))
  }

  @Test func `a file that cannot be read is named`() throws {
    let error = ConfigError.unreadable(file: "/", .call(EISDIR))
    #expect(throws: error) { try ConfigFiles(environment: ["HOME": "/nonexistent", "AWS_CONFIG_FILE": "/"]).read() }
  }

  @Test func `a pipe that nobody writes to is named`() throws {
    let folder = ScratchFolder()
    try #require(mkfifo(folder.path("config"), 0o600) == 0)
    var files = try folder.files()
    files.timeout = .milliseconds(30)
    let seen = files
    #expect(throws: ConfigError.unreadable(file: folder.path("config"), .silent)) { try seen.read() }
  }

  @Test func `a file without end is refused`() throws {
    #expect(throws: ConfigError.unreadable(file: "/dev/zero", .notRegular)) {
      try ConfigFiles(environment: ["HOME": "/nonexistent", "AWS_CONFIG_FILE": "/dev/zero"]).read()
    }
  }
}

// MARK: - Config files suite tests

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
