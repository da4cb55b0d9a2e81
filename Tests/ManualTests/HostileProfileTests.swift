import TestSupport
import Testing

@Suite(.enabled(if: CompletingShell.areInstalled, "bash, zsh and fish are not all installed"))
struct HostileProfileTests {
  private static let names = [
    "$(touch ~/canary)", "`touch ~/canary`", ";touch ~/canary", "a\\\\b", "${HOME}", "*", "'q", "~", "--force",
  ]

  @Test(arguments: CompletingShell.allCases)
  func `names are never run, whatever daypass says`(shell: CompletingShell) throws {
    let world = try CompletionWorld(profiles: Self.names + ["good"])
    let lines = ["daypass exec ", "daypass exec $", "daypass exec ;", "daypass exec `", "daypass exec g"]
    let offers = try shell.offers(for: lines, in: world)
    #expect(offers[4] == ["good"])
    #expect(offers[0].count >= Self.names.count)
    #expect(try !world.home.names().contains("canary"))
  }

  @Test(arguments: CompletingShell.allCases)
  func `hostile sections of a config file are not offered`(shell: CompletingShell) throws {
    let names = ["$(touch ~/canary)", "`touch ~/canary`", "${HOME}", "*", "a\\b"]
    let world = try CompletionWorld(config: (names + ["good"]).map { "[profile \($0)]\n" }.joined())
    #expect(try shell.offers(for: "daypass exec ", in: world) == ["good"])
    #expect(try !world.home.names().contains("canary"))
  }

  @Test(arguments: CompletingShell.allCases)
  func `a config file with a mistake offers nothing, without a word`(shell: CompletingShell) throws {
    let world = try CompletionWorld(config: "[profile good]\n[profile $(touch ~/canary)\n")
    #expect(try shell.offers(for: "daypass exec ", in: world) == [])
    #expect(try !world.home.names().contains("canary"))
  }

  @Test(arguments: CompletingShell.allCases)
  func `daypass is asked for names and for nothing else`(shell: CompletingShell) throws {
    let world = try CompletionWorld(profiles: ["good"])
    _ = try shell.offers(
      for: ["daypass ", "daypass exec g", "daypass exec good -", "daypass exec good -- wrapped-t"], in: world)
    let asked = Set(try world.home.text(of: "asked").split(separator: "\n").map(String.init))
    #expect(asked == ["list --names"])
  }
}
