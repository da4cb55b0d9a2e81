import Foundation
import TestSupport
import Testing

// MARK: - Shell setup

/// A shell, and what else its user has in the prompt.
struct ShellSetup: CustomTestStringConvertible, Sendable {
  let shell: Program
  let neighbour: String
  /// Before and after the line of daypass.
  var before = ""
  var after = ""
  /// What shows that the other hook has run: commands, which write into ~/shown, and what is then there.
  var proof: (commands: [String], text: String)?

  enum Program: String, Sendable { case bash, zsh, fish }

  var testDescription: String { "\(shell.rawValue), \(neighbour)" }

  static let plain = [Program.bash, .zsh, .fish].map { ShellSetup(shell: $0, neighbour: "plain") }
  static let all = plain + bash + zsh + fish

  /// The real direnv, zoxide and bash-preexec, each before and behind daypass.
  private static func beside(_ name: String, _ code: String, in shell: Program, _ proof: Proof) -> [ShellSetup] {
    [
      ShellSetup(shell: shell, neighbour: name + " before", before: code + "\n", proof: proof),
      ShellSetup(shell: shell, neighbour: name + " behind", after: code + "\n", proof: proof),
    ]
  }

  private typealias Proof = (commands: [String], text: String)
  /// The .envrc of the home is loaded.
  private static let loaded: Proof = (["echo $FROM_ENVRC >~/shown"], "seen\n")
  /// zoxide knows a folder that somebody went to.
  private static let visited: Proof = (["cd ~/.aws", "cd ~", "zoxide query aws >~/shown"], "/.aws\n")
  private static let noted: Proof = (["cp ~/hooked ~/shown"], "1\n")

  /// Notes the status that it is given, as a prompt shows it.
  private static let note = "note_status() { local given=$?; echo $given >>~/hooked; return $given; }\n"
  /// Built like starship 1, which is in no package here: a hook behind what is there, and a trap at each command that
  /// keeps `$_`.
  private static let starship =
    note + """
      note_start() { if [[ ${prompt_is_shown-} ]]; then prompt_is_shown=; fi; : "$1"; }
      trap 'note_start "$_"' DEBUG
      PROMPT_COMMAND="${PROMPT_COMMAND:+${PROMPT_COMMAND%;};}note_status;prompt_is_shown=yes;"

      """
  private static let direnvBash = #"eval "$(direnv hook bash)""#
  private static let zoxideBash = #"eval "$(zoxide init bash)""#
  private static let preexec = note + ". '\(BashPreexec.path)'\nprecmd_functions+=(note_status)"

  private static let bash =
    beside("starship", starship, in: .bash, noted) + beside("direnv", direnvBash, in: .bash, loaded)
    + beside("zoxide", zoxideBash, in: .bash, visited) + beside("bash-preexec", preexec, in: .bash, noted) + [
      ShellSetup(
        shell: .bash, neighbour: "an array", before: note + "PROMPT_COMMAND=(note_status true)\n", proof: noted),
      ShellSetup(
        shell: .bash, neighbour: "an array and direnv", before: "PROMPT_COMMAND=(true)\n", after: direnvBash + "\n",
        proof: loaded),
      ShellSetup(
        shell: .bash, neighbour: "all of them", before: "\(direnvBash)\n\(zoxideBash)\n",
        after: "\(preexec)\n", proof: noted),
      ShellSetup(
        shell: .bash, neighbour: "PIPESTATUS in a string",
        before: "note_pipe() { echo \"${PIPESTATUS[*]}\" >>~/hooked; }\nPROMPT_COMMAND=note_pipe\n",
        proof: (["false | true", "cp ~/hooked ~/shown"], "\n1 0\n")),
      ShellSetup(shell: .bash, neighbour: "set -eu", after: "set -eu\n"),
      ShellSetup(
        shell: .bash, neighbour: "direnv, set -eu", before: direnvBash + "\n", after: "set -eu\n", proof: loaded),
    ]
  private static let zsh =
    beside("direnv", #"eval "$(direnv hook zsh)""#, in: .zsh, loaded)
    + beside("zoxide", #"eval "$(zoxide init zsh)""#, in: .zsh, visited) + [
      ShellSetup(
        shell: .zsh, neighbour: "starship",
        after: note + "autoload -Uz add-zsh-hook; add-zsh-hook precmd note_status\n", proof: noted),
      ShellSetup(shell: .zsh, neighbour: "precmd itself", before: "precmd() { echo $? >>~/hooked }\n", proof: noted),
      ShellSetup(
        shell: .zsh, neighbour: "direnv, set -eu", before: "eval \"$(direnv hook zsh)\"\n", after: "set -eu\n",
        proof: loaded),
      ShellSetup(
        shell: .zsh, neighbour: "ksh's options", before: "setopt ksh_arrays sh_word_split rc_quotes\n"),
    ]
  private static let fish =
    beside("direnv", "direnv hook fish | source", in: .fish, loaded)
    + beside("zoxide", "zoxide init fish | source", in: .fish, visited) + [
      ShellSetup(
        shell: .fish, neighbour: "another hook",
        before: "function note_status --on-event fish_prompt; echo $status >>~/hooked; end\n", proof: noted)
    ]

  /// The user's own file: a prompt that shows the status, variables of all kinds, daypass twice.
  var file: String {
    let line = shell == .fish ? "daypass init fish | source\n" : "eval \"$(daypass init \(shell.rawValue))\"\n"
    let prompt =
      switch shell {
      case .bash: "PS1='<$?> '\n"
      case .zsh: "PS1='<%?> '\nunsetopt zle prompt_cr prompt_sp\nHISTSIZE=100\n"
      case .fish: "function fish_prompt; echo \"<$status> \"; end\nfunction fish_greeting; end\n"
      }
    // direnv itself changes what is not UTF-8.
    let byte = neighbour.contains("direnv") ? "" : "\\xff"
    let variables =
      shell == .fish
      ? "set -gx AWS_SECRET_ACCESS_KEY \"earlier\n'\\\"\\$x\"\(byte)\" é\"\nset -g AWS_REGION unexported\nset -gx AWS_VAULT\n"
      : "export AWS_SECRET_ACCESS_KEY=$'earlier\\n\\'\"$x\(byte) é'\nAWS_REGION=unexported\nexport AWS_VAULT\(shell == .zsh ? "=" : "")\n"
    return prompt + variables + exporting("AWS_PROFILE", "work") + "\n" + exporting("AWS_ACCESS_KEY_ID", "AKIAEARLIER")
      + "\n" + before + line + line + after
  }

  /// Prints every variable that `use` may touch, with its attributes.
  var state: String {
    switch shell {
    case .bash: "declare -p $(compgen -v AWS) $(compgen -v DAYPASS) $(compgen -v GRANTED)"
    case .zsh: "typeset -p ${(ok)parameters[(I)(AWS|DAYPASS|GRANTED)*]}"
    case .fish: "set -S (set -n | string match -r '^(?:AWS|DAYPASS|GRANTED).*')"
    }
  }

  /// What declares a variable X of each kind.
  var kinds: [String] {
    let both = [
      "true", "X=plain", "X=", "X=$'two\\nlines '", "export X=exported", "export X=", "export X", "typeset X",
      "typeset -i X=7", "typeset -ix X=7", "typeset -l X=lower", "typeset -ux X=UPPER", "typeset -a X=(a 'b c' '')",
      "typeset -ax X=(a)", "typeset -A X=([k]=v ['x y']=z)", "typeset -i X", "typeset -a X",
    ]
    // The option is of zsh 5.9, and stays set.
    let unset = ["setopt typeset_to_unset; export X", "typeset X", "typeset -i X"]
    return shell == .zsh
      ? both + ["typeset -F X=1.5", "typeset -Ua X=(a b)", "typeset -T X tied_X; tied_X=(a b)"] + unset
      : both + ["typeset -A X", "typeset -n X=target; target=kept"]
  }

  /// A command whose status is 1. Nil if direnv's hook would end the shell then, as it does without daypass: it returns
  /// the status that it got, and `set -e` counts that as a failure.
  var failing: String? {
    if shell == .bash, neighbour == "direnv, set -eu" { return nil }
    return shell == .fish ? "not true" : "! true"
  }

  var makingDue: String { shell == .fish ? "set -g __daypass_renew_at 0" : "__daypass_renew_at=1" }

  func exporting(_ name: String, _ value: String) -> String {
    shell == .fish ? "set -gx \(name) \(value)" : "export \(name)=\(value)"
  }
}

// MARK: - Shell user

/// Somebody at a terminal with a shell that has the integration, and a daypass that notes how it is called.
final class ShellUser {
  static let config = """
    [profile alice]
    region = eu-west-1

    [profile coded]
    mfa_serial = \(Scene.device)

    [profile audit]
    external_id = audit-2026
    role_arn = arn:aws:iam::123456789012:role/Audit
    source_profile = alice
    role_session_name = e2e
    region = eu-west-1

    """

  let scene: Scene
  let terminal: PseudoTerminal
  private let setup: ShellSetup
  private var steps = 0

  init(_ setup: ShellSetup) throws {
    scene = try Scene(config: Self.config)
    self.setup = setup
    try scene.storeKey(of: "alice")
    try scene.storeKey(of: "alice", as: "coded")
    let program = try builtProgram("daypass")
    try FileManager.default.removeItem(atPath: scene.scratch.path("bin/daypass"))
    scene.scratch.write(
      "#!/bin/sh\necho \"$*\" >>~/asked\nexec \(program) \"$@\"\n", to: "bin/daypass", mode: 0o700)
    scene.environment["TERM"] = "dumb"
    scene.environment["ZDOTDIR"] = scene.home
    scene.environment["XDG_CONFIG_HOME"] = scene.home + "/.config"
    scene.environment["LC_ALL"] = "C.UTF-8"
    for folder in [".config", ".config/fish"] { scene.scratch.makeFolder("home/" + folder) }
    for file in [".bashrc", ".zshrc", ".config/fish/config.fish"] {
      scene.scratch.write(setup.file, to: "home/" + file)
    }
    scene.scratch.write("export FROM_ENVRC=seen AWS_DEFAULT_REGION=eu-south-1\n", to: "home/.envrc")
    try scene.prepare("direnv allow")
    terminal = try scene.terminal("exec \(setup.shell.rawValue) -i")
    try terminal.expect("<")
    try type("true")
  }

  /// Types a command, waits for it to end, and returns what was shown since.
  @discardableResult
  func type(_ command: String) throws -> String {
    steps += 1
    try terminal.send("\(command)\(setup.isErrorFatal ? " || :" : "")\necho st''ep-\(steps)-\n")
    return try terminal.expect("step-\(steps)-")
  }

  /// Types a command whose status the prompt is to show.
  func send(_ command: String) throws { try terminal.send(command + "\n") }

  func text(of file: String) throws -> String {
    let bytes = FileManager.default.contents(atPath: scene.home + "/" + file) ?? Data()
    return String(bytes.map { Character(Unicode.Scalar($0)) })
  }

  /// How daypass was called.
  var asked: [String] { get throws { try text(of: "asked").split(separator: "\n").map(String.init) } }
}

extension ShellSetup {
  var isErrorFatal: Bool { neighbour.hasSuffix("set -eu") }
}

/// The script of that name, which Debian does not package: `.ci/setup test` installs a program that brings it along.
enum BashPreexec {
  static let isInstalled = FileManager.default.fileExists(atPath: path)

  static let path: String = {
    let folder = URL(filePath: #filePath).appending(path: "../../../.build/python/lib").standardized.path
    let version = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.first ?? ""
    return "\(folder)/\(version)/site-packages/bashhub/shell/deps/bash-preexec.sh"
  }()
}
