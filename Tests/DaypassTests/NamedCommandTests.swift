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

  @Test(arguments: [
    ["exec", "prod", "--", "terraform", "plan", "--help"], ["exec", "a b@c", "--", "x", "--", "--version"],
    ["exec", "--", "env"], ["exec", "help", "--", "-v"], ["exec", "prod", "--"],
    ["exec", "--no-session", "prod", "--", "env"], ["exec", "prod", "--no-session", "--", "--no-session"],
    ["credential-process", "prod"], ["credential-process", "help"], ["credential-process", "\u{e9}"],
    ["list", "--names"],
  ])
  func `a call understood without the parser is what the parser makes of it`(words: [String]) throws {
    let plain = DaypassCommand.plainCall(in: words)
    let parsed = try #require(DaypassCommand.namedCommand(in: words))
    if let plain { #expect("\(type(of: plain)) \(plain)" == "\(type(of: parsed)) \(parsed)") }
    #expect((plain == nil) == (words.dropFirst().first == "--"))
  }

  @Test(arguments: [
    [], ["exec"], ["exec", "prod"], ["exec", "--", "env"], ["exec", "--debug", "--", "env"],
    ["exec", "-\u{301}", "--", "env"], ["exec", "", "--", "env"], ["exec", "prod", "--debug", "--", "env"],
    ["exec", "prod", "extra", "--", "env"],
    ["exec", "--no-session", "--", "env"], ["exec", "--no-session", "prod", "--no-session", "--", "env"],
    ["exec", "--no-session", "prod", "extra", "--", "env"], ["credential-process"], ["credential-process", "--help"],
    ["credential-process", "prod", "--debug"], ["credential-process", "prod", "extra"], ["list"], ["list", "--json"],
    ["list", "--names", "--debug"], ["clear", "prod"], ["export", "prod"],
  ])
  func `every other call is the parser's`(words: [String]) {
    #expect(DaypassCommand.plainCall(in: words) == nil)
  }
}
