import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: CompletingShell.areInstalled, "bash, zsh and fish are not all installed"))
struct CompletionTests {
  private static let names = ["list", "prod", "prod@eu", "team:a/b", "x%+y"]
  private static let config = names.map { "[profile \($0)]\n" }.joined()
  private let world: CompletionWorld

  init() throws {
    world = try CompletionWorld(config: Self.config)
  }

  @Test(arguments: CompletingShell.allCases)
  func `all commands are offered`(shell: CompletingShell) throws {
    let expected = try CommandDescription.all().map(\.commandName) + ["help"]
    #expect(try shell.offers(for: "daypass ", in: world).sorted() == expected.sorted())
  }

  @Test(arguments: CompletingShell.allCases)
  func `each command is offered its own options, and no others`(shell: CompletingShell) throws {
    let commands = try CommandDescription.all().flatMap(\.typed)
    let offers = try shell.offers(for: commands.map { "daypass \($0.words) -" }, in: world)
    for (command, offered) in zip(commands, offers) {
      #expect(Set(offered).subtracting(["--"]) == command.command.flags, "\(shell), \(command.words)")
    }
  }

  @Test(arguments: CompletingShell.allCases)
  func `the commands of a group are offered, and profiles after them`(shell: CompletingShell) throws {
    let groups = try CommandDescription.all().filter { $0.subcommands != nil }
    let lines = groups.map { "daypass \($0) " } + groups.flatMap(\.typed).map { "daypass \($0.words) " }
    let offers = try shell.offers(for: lines, in: world)
    for (group, offered) in zip(groups, offers) {
      #expect(offered.sorted() == (group.subcommands ?? []).map(\.commandName).sorted())
    }
    for offered in offers.dropFirst(groups.count) { #expect(offered.sorted() == Self.names) }
  }

  @Test(arguments: CompletingShell.allCases)
  func `profiles are offered where a profile is wanted`(shell: CompletingShell) throws {
    let wanting = ["exec ", "exec --region eu-west-1 ", "export --format json ", "clear ", "remove --force "]
    for offered in try shell.offers(for: wanting.map { "daypass " + $0 }, in: world) {
      #expect(offered.sorted() == Self.names)
    }
    for offered in try shell.offers(for: ["daypass list ", "daypass whoami prod ", "daypass help "], in: world) {
      #expect(Set(offered).isDisjoint(with: ["prod", "prod@eu"]))
    }
  }

  @Test(arguments: CompletingShell.allCases)
  func `a profile named like a command does not confuse`(shell: CompletingShell) throws {
    let offered = try shell.offers(for: "daypass exec list -", in: world)
    #expect(offered.contains("--duration") && !offered.contains("--names"))
  }

  @Test func `bash is offered what follows the last character that splits words`() throws {
    let offers = try CompletingShell.bash.offers(
      for: ["daypass exec prod@", "daypass exec prod@e", "daypass exec team:", "daypass export --format=j"], in: world)
    #expect(offers == [["eu"], ["eu"], ["a/b"], ["json"]])
  }

  @Test(arguments: CompletingShell.allCases)
  func `formats are offered, and files for a key`(shell: CompletingShell) throws {
    world.home.write("", to: "mykey.csv")
    let offers = try shell.offers(for: ["daypass export --format ", "daypass add bob --csv myk"], in: world)
    #expect(Set(offers[0]) == ["sh", "fish", "powershell", "env", "json", "ini"])
    #expect(offers[1] == ["mykey.csv"])
  }

  @Test(arguments: CompletingShell.allCases)
  func `commands are offered after the double dash`(shell: CompletingShell) throws {
    let lines = ["exec prod -- wrapped-t", "exec prod@eu --region x -- wrapped-t", "exec -- wrapped-t"]
    for offered in try shell.offers(for: lines.map { "daypass " + $0 }, in: world) {
      #expect(offered == ["wrapped-tool"])
    }
  }

  @Test(arguments: CompletingShell.allCases)
  func `files are offered to a wrapped command`(shell: CompletingShell) throws {
    world.home.write("", to: "wrapped-file")
    #expect(try shell.offers(for: "daypass exec prod -- wrapped-tool wrapped-f", in: world) == ["wrapped-file"])
  }

  @Test(arguments: CompletingShell.allCases)
  func `a wrapped command has its own completions`(shell: CompletingShell) throws {
    let rules = "_command_offset() { [[ ${COMP_WORDS[$1]} == wrapped-tool ]] && COMPREPLY=(--volume); }"
    world.home.write(rules, to: "extra.bash")
    world.home.write("_wrapped() { _arguments --volume }; compdef _wrapped wrapped-tool\n", to: "extra.zsh")
    world.home.write("complete -c wrapped-tool -l volume\n", to: "extra.fish")
    #expect(try shell.offers(for: "daypass exec prod@eu -- wrapped-tool --vo", in: world) == ["--volume"])
  }

  @Test(arguments: CompletingShell.allCases)
  func `no file mentions an option that does not exist`(shell: CompletingShell) throws {
    let known = try CommandDescription.all().reduce(into: Set<String>()) { $0.formUnion($1.flags) }
    let text = try Project.text("completions/" + shell.completions)
    let long = text.matches(of: /--[a-z][a-z-]+/).map { String($0.0) }
    let fish = text.matches(of: /complete .* -l ([a-z-]+)/).map { "--" + $0.1 }
    #expect(Set(long + fish).subtracting(known) == [])
  }
}
