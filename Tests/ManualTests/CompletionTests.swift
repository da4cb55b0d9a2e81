import AWSValues
import Foundation
import TestSupport
import Testing

@testable import daypass

@Suite(.waiting, .enabled(if: CompletingShell.areInstalled, "bash, zsh and fish are not all installed"))
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
    let withProfile = groups.filter { $0.commandName == "mfa" }.flatMap(\.typed)
    let lines = groups.map { "daypass \($0) " } + withProfile.map { "daypass \($0.words) " }
    let offers = try shell.offers(for: lines, in: world)
    for (group, offered) in zip(groups, offers) {
      #expect(offered.sorted() == (group.subcommands ?? []).map(\.commandName).sorted())
    }
    for offered in offers.dropFirst(groups.count) { #expect(offered.sorted() == Self.names) }
  }

  @Test(arguments: CompletingShell.allCases)
  func `profiles are offered where a profile is wanted`(shell: CompletingShell) throws {
    let wanting = [
      "exec ", "exec --region eu-west-1 ", "export --format json ", "exec -d 15m ", "list ", "import --from granted ",
    ]
    for offered in try shell.offers(for: wanting.map { "daypass " + $0 }, in: world) {
      #expect(offered.sorted() == Self.names)
    }
    for offered in try shell.offers(for: ["daypass whoami prod ", "daypass help "], in: world) {
      #expect(Set(offered).isDisjoint(with: ["prod", "prod@eu"]))
    }
  }

  @Test(arguments: CompletingShell.allCases)
  func `regions, times, policies and services are offered, and what shells offer is the same`(
    shell: CompletingShell
  ) throws {
    let lines = [
      "exec --region ", "exec prod -d ", "rotate --older-than ", "exec --policy-arn ", "exec --service ",
      "import --from ",
    ]
    let (mine, bash) = (
      try shell.offers(for: lines.map { "daypass " + $0 }, in: world),
      try CompletingShell.bash.offers(for: lines.map { "daypass " + $0 }, in: world)
    )
    #expect(mine.map { $0.sorted() } == bash.map { $0.sorted() })
    #expect(mine[0].count > 30 && mine[0].allSatisfy { $0.wholeMatch(of: /[a-z]{2}(-gov)?-[a-z]+-[0-9]/) != nil })
    #expect(mine[1].allSatisfy { SessionDuration($0) != nil } && mine[1].contains("12h"))
    #expect(mine[2].contains("90d"))
    #expect(mine[3].contains("ReadOnlyAccess") && mine[4].contains("s3"))
    #expect(mine[5].sorted() == ImportSource.allCases.map(\.rawValue).sorted())
  }

  @Test(arguments: CompletingShell.allCases)
  func `daypass is asked for profiles with a key where one is rotated or removed, with a session where it is cleared`(
    shell: CompletingShell
  ) throws {
    let world = try CompletionWorld(profiles: ["good"])
    let offers = try shell.offers(for: ["daypass rotate ", "daypass remove ", "daypass clear "], in: world)
    #expect(offers == [["good"], ["good"], ["good"]])
    let asked = try world.home.text(of: "asked").split(separator: "\n").map(String.init)
    #expect(Set(asked) == ["list --names --keys", "list --names --cached"])
  }

  @Test(arguments: CompletingShell.allCases)
  func `sessions of Identity Center are offered where one is wanted`(shell: CompletingShell) throws {
    let world = try CompletionWorld(config: "[profile prod]\n[sso-session corp]\n[sso-session lab]\n")
    let lines = ["login --sso-session ", "logout --sso-session ", "sso accounts ", "sso roles ", "sso import "]
    for offered in try shell.offers(for: lines.map { "daypass " + $0 }, in: world) {
      #expect(offered.sorted() == ["corp", "lab"])
    }
  }

  /// Whatever the keyring does not tell, a key may be there; it is not unlocked to see.
  @Test(arguments: CompletingShell.allCases)
  func `every profile is offered where the keyring does not tell which have a key`(shell: CompletingShell) throws {
    #expect(try shell.offers(for: "daypass remove ", in: world).sorted() == Self.names)
    #expect(try shell.offers(for: "daypass clear ", in: world) == [])
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
    let offers = try shell.offers(
      for: ["daypass export --format ", "daypass add bob --csv myk", "daypass exec --prompt z"], in: world)
    #expect(Set(offers[0]) == ["sh", "fish", "powershell", "env", "json", "ini"])
    #expect(offers[1] == ["mykey.csv"])
    #expect(offers[2] == ["zenity"])
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

// MARK: - Completion world

/// A home with a config file and nothing else: no session bus, so no keyring, and no network to speak of.
struct CompletionWorld {
  let home = ScratchFolder()
  /// The first `daypass` in PATH.
  private let program: String

  /// The real daypass, and a config file.
  init(config: String) throws {
    home.makeFolder(".aws")
    home.write(config, to: ".aws/config")
    program = try builtProgram("daypass")
    try setUp(linking: program)
  }

  /// A daypass that notes what it is asked in `asked` and says that these are the profiles.
  init(profiles: [String]) throws {
    home.write(profiles.map { $0 + "\n" }.joined(), to: "profiles")
    program = home.write("#!/bin/sh\necho \"$*\" >>~/asked\ncat ~/profiles\n", to: "asked-daypass", mode: 0o700)
    try setUp(linking: program)
  }

  func launch(_ shell: String, _ arguments: [String]) throws -> Launch {
    guard let path = Installed.path(of: shell) else { throw SetupFailure("no \(shell)") }
    var launch = Launch(
      path, arguments,
      environment: [
        "HOME=\(home.path)", "ZDOTDIR=\(home.path)", "PATH=\(home.path)/bin:/usr/bin:/bin", "TERM=dumb",
        "LC_ALL=C.UTF-8",
        "DAYPASS_COMPLETIONS=\(Project.path("completions"))",
      ])
    launch.folder = home.path
    return launch
  }

  /// Beside daypass, a command to be wrapped whose name nothing else begins with.
  private func setUp(linking program: String) throws {
    home.makeFolder("bin")
    home.write("#!/bin/sh\nexec \(program) \"$@\"\n", to: "bin/daypass", mode: 0o700)
    home.write("#!/bin/sh\n", to: "bin/wrapped-tool", mode: 0o700)
  }
}

// MARK: - Completing shell

/// A shell that daypass has completions for, run for real.
enum CompletingShell: String, CaseIterable {
  case bash, zsh, fish

  static let areInstalled = Installed.has("bash", "zsh", "fish")

  /// The file that is installed.
  var completions: String {
    switch self {
    case .bash: "daypass.bash"
    case .zsh: "_daypass"
    case .fish: "daypass.fish"
    }
  }

  /// What is offered at the end of each line.
  func offers(for lines: [String], in world: CompletionWorld) throws -> [[String]] {
    world.home.write(lines.map { $0 + "\n" }.joined(), to: "lines")
    try complete(in: world)
    let answers = try world.home.text(of: "results").split(separator: "\n", omittingEmptySubsequences: true)
      .split(separator: "==", omittingEmptySubsequences: false).map { $0.map(String.init) }
    guard answers.count == lines.count + 1 else { throw SetupFailure("\(rawValue) gave \(answers)") }
    return answers.dropLast()
  }

  func offers(for line: String, in world: CompletionWorld) throws -> [String] {
    try offers(for: [line], in: world)[0]
  }

  private func complete(in world: CompletionWorld) throws {
    let script = Project.path("Tests/ManualTests/Shells/complete.\(rawValue)")
    switch self {
    case .bash: try run(world.launch(rawValue, ["--norc", "--noprofile", script]))
    case .fish: try run(world.launch(rawValue, ["--no-config", script]))
    case .zsh:
      world.home.write(try Project.text("Tests/ManualTests/Shells/complete.zsh"), to: ".zshrc")
      // Its completions live in its line editor, which needs a terminal.
      let terminal = try PseudoTerminal(world.launch(rawValue, ["-d", "-i"]))
      _ = try terminal.waitForExit()
    }
  }

  private func run(_ launch: Launch) throws {
    let outcome = try launch.run()
    guard outcome.status == .exited(0), outcome.errors.isEmpty else {
      throw SetupFailure("\(rawValue): \(outcome.status), \(outcome.errorText)")
    }
  }
}

// MARK: - Hostile profile names

@Suite(.waiting, .enabled(if: CompletingShell.areInstalled, "bash, zsh and fish are not all installed"))
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

// MARK: - Readline

@Suite(.waiting, .enabled(if: CompletingShell.areInstalled, "bash, zsh and fish are not all installed"))
struct ReadlineTests {
  @Test func `bash types the rest of a profile's name and of a wrapped command`() throws {
    let world = try CompletionWorld(config: "[profile prod@eu]\n")
    let terminal = try PseudoTerminal(world.launch("bash", ["--norc", "--noprofile", "-i"]))
    try terminal.send(
      "bind 'set enable-bracketed-paste off'; source \"$DAYPASS_COMPLETIONS/daypass.bash\"; PS1=ready-\n")
    try terminal.expect("\nready-")
    try terminal.send("echo daypass; daypass exec pr\t-- wrapped-t\t--one")
    try terminal.expect("exec prod@eu -- wrapped-tool --one")
    try terminal.send("\u{15}exit\n")
    _ = try terminal.waitForExit()
  }
}
