import AWSValues
import ArgumentParser
import Delivery
import Testing

@testable import daypass

struct CommandLineTests {
  private func parse<Command: ParsableCommand>(_ words: String..., as type: Command.Type) throws -> Command {
    try #require(DaypassCommand.parseAsRoot(words) as? Command)
  }

  /// How a command line that cannot be understood is explained.
  private func misuse(_ words: [String]) -> Explanation? {
    do {
      _ = try DaypassCommand.parseAsRoot(words)
      return nil
    } catch {
      return Explained.error(error)
    }
  }

  @Test func `what stands after two dashes is the command's`() throws {
    let exec = try parse("exec", "prod", "--", "terraform", "--region", "x", "--debug", "--help", as: Exec.self)
    #expect(exec.profile.profile == "prod")
    #expect(exec.command == ["terraform", "--region", "x", "--debug", "--help"])
    #expect(exec.session.region == nil)
    #expect(!exec.diagnostics.debug)
  }

  @Test func `a command without a profile runs with the default one`() throws {
    let exec = try parse("exec", "--", "env", as: Exec.self)
    #expect(exec.profile.profile == nil)
    #expect(exec.command == ["env"])
    #expect(exec.profile.name(in: [:]) == "default")
    #expect(exec.profile.name(in: ["AWS_PROFILE": ""]) == "default")
    #expect(exec.profile.name(in: ["AWS_PROFILE": "dev"]) == "dev")
    #expect(try parse("exec", "prod", as: Exec.self).profile.name(in: ["AWS_PROFILE": "dev"]) == "prod")
  }

  @Test func `without a command there is none`() throws {
    #expect(try parse("exec", as: Exec.self).command.isEmpty)
    #expect(try parse("exec", "prod", "--", as: Exec.self).command.isEmpty)
  }

  @Test func `options stand before or after the profile`() throws {
    for words in [["--no-session", "--duration", "15m", "prod"], ["prod", "--no-session", "--duration", "15m"]] {
      let exec = try #require(DaypassCommand.parseAsRoot(["exec"] + words + ["--", "env"]) as? Exec)
      #expect(exec.profile.profile == "prod")
      #expect(exec.session.withoutSession)
      #expect(exec.session.duration == SessionDuration(seconds: 900))
    }
  }

  @Test(arguments: ExportFormat.allCases)
  func `every format has its name on the command line`(format: ExportFormat) throws {
    #expect(try parse("export", "--format", format.rawValue, "prod", as: Export.self).format == format)
  }

  @Test func `sh is the format where none is named`() throws {
    #expect(try parse("export", as: Export.self).format == .sh)
  }

  @Test(arguments: [
    ["bogus"], ["exec", "prod", "env"], ["exec", "--bogus"], ["export", "--format", "bogus"], ["export", "--format"],
    ["exec", "--duration", "soon"], ["add", "--mfa-serial", "no device"], ["whoami", "a", "b"], ["list", "a"],
    ["list", "--json=maybe"], ["export", "--form\u{1b}[2Jat"],
  ])
  func `a command line that cannot be understood is a usage error of one line`(words: [String]) throws {
    let explanation = try #require(misuse(words))
    #expect(explanation.status == .usage)
    #expect(explanation.hint?.isEmpty == false)
    #expect(!explanation.problem.hasSuffix("."))
    #expect(explanation.problem.first?.isUppercase == false)
    #expect(explanation.problem.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
  }

  @Test(arguments: [["--help"], ["help", "exec"], ["exec", "--help"], ["--version"]])
  func `what is asked for is no error`(words: [String]) {
    let error = #expect(throws: (any Error).self) {
      var command = try DaypassCommand.parseAsRoot(words)
      try command.run()
    }
    if let error { #expect(DaypassCommand.exitCode(for: error).isSuccess) }
  }

  @Test(arguments: [
    ([], KeyInput.terminal), (["--env"], .environment), (["--stdin"], .standardInput),
    (["--csv", "k.csv"], .csv(path: "k.csv")), (["--import"], .plainText),
  ])
  func `a key has one source`(words: [String], source: KeyInput) throws {
    let add = try #require(DaypassCommand.parseAsRoot(["add", "me"] + words) as? Add)
    #expect(try add.input.source == source)
  }

  @Test(arguments: [
    ["--env", "--stdin"], ["--csv", "k", "--import"], ["--env", "--stdin", "--csv", "k", "--import"],
  ])
  func `several sources of a key are one too many`(words: [String]) throws {
    let add = try #require(DaypassCommand.parseAsRoot(["add", "me"] + words) as? Add)
    #expect(throws: CommandError.oneInputOnly) { try add.input.source }
  }

  @Test(arguments: [("900", 900), ("15m", 900), ("12h", 43200)])
  func `a variable holds a time span`(text: String, seconds: Int) throws {
    #expect(try ["X": text].time("X") == SessionDuration(seconds: seconds))
  }

  @Test func `a variable that holds no time span is named, and an empty one counts as unset`() throws {
    #expect(try ["X": ""].time("X") == nil)
    #expect(try [:].time("X") == nil)
    #expect(throws: CommandError.invalidTime(variable: "X", "soon")) { try ["X": "soon"].time("X") }
  }
}
