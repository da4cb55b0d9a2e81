import ArgumentParser
import Testing

@testable import daypass

/// The short way to a command, which must lead where the long one does.
struct NamedCommandTests {
  @Test(arguments: DaypassCommand.commands.map { $0._commandName })
  func `every command can be named first`(name: String) throws {
    let words = name == "scenario" ? [name, "cleanup"] : [name, "prod"].prefix(name == "list" ? 1 : 2)
    let named = try #require(DaypassCommand.namedCommand(in: Array(words)))
    #expect(try type(of: named) == type(of: DaypassCommand.parseAsRoot(Array(words))))
  }

  @Test func `a command named first is parsed as from the root`() throws {
    let words = [
      "exec", "--no-session", "--region", "eu-west-1", "prod", "--debug", "--", "env", "--help", "--version",
    ]
    let exec = try #require(DaypassCommand.namedCommand(in: words) as? Exec)
    let fromRoot = try #require(DaypassCommand.parseAsRoot(words) as? Exec)
    #expect("\(exec)" == "\(fromRoot)")
    #expect(exec.command == ["env", "--help", "--version"])
  }

  @Test(arguments: [
    [], ["help"], ["help", "exec"], ["--help"], ["--version"], ["nonsense"], ["exec", "--help"],
    ["exec", "-h", "prod"],
    ["exec", "--version"], ["exec", "--nonsense"], ["exec", "prod", "extra"],
    ["export", "--format", "nonsense", "prod"],
    ["exec", "--generate-completion-script", "bash"], ["--generate-completion-script", "bash"],
    ["exec", "--experimental-dump-help"], ["--experimental-dump-help"],
  ])
  func `help, faults and unknown words are left to the root`(words: [String]) {
    #expect(DaypassCommand.namedCommand(in: words) == nil)
  }
}
