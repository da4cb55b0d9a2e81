import ArgumentParser
import Delivery
import Glibc
import POSIX

struct Init: HostCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Print the code that gives a shell 'use', 'off' and completions.",
    usage: "daypass init bash | zsh | fish",
    discussion: """
      In ~/.bashrc:
        eval "$(daypass init bash)"
      In ~/.zshrc, after compinit:
        eval "$(daypass init zsh)"
      In ~/.config/fish/config.fish:
        daypass init fish | source
      """)

  @Argument(help: ArgumentHelp("The shell: bash, zsh or fish.", valueName: "shell"))
  var shell: IntegratedShell

  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    try host.output.write(shell.integration)
    if host.output.isTerminal { host.diagnostics.note("hint: to use it, put into \(shell.file): \(shell.line)") }
  }
}

extension IntegratedShell: ExpressibleByArgument {}

extension IntegratedShell {
  /// The shell that runs us, if it is one of these; the parent's name is in proc_pid_comm(5).
  static var ofCaller: IntegratedShell? {
    do {
      let name = try FileDescriptor.contents(ofFile: "/proc/\(getppid())/comm", timeout: .zero) ?? []
      return IntegratedShell(rawValue: String(decoding: name.dropLast(), as: UTF8.self))
    } catch {
      return nil
    }
  }

  /// The file for the user's own commands.
  var file: String {
    switch self {
    case .bash: "~/.bashrc"
    case .zsh: "~/.zshrc"
    case .fish: "~/.config/fish/config.fish"
    }
  }

  /// The line that loads the integration there.
  var line: String {
    switch self {
    case .bash, .zsh: "eval \"$(daypass init \(rawValue))\""
    case .fish: "daypass init fish | source"
    }
  }

  /// Function, hook and completions; nothing in a shell that is not interactive.
  var integration: String {
    switch self {
    case .bash:
      "if [[ $- == *i* ]]; then\n\(Self.text(PackageResources.completions_bash))\(Self.text(PackageResources.init_bash))fi\n"
    case .zsh:
      "if [[ -o interactive ]]; then\n\(zshCompletions)\(Self.text(PackageResources.init_zsh))fi\n"
    case .fish:
      "if status is-interactive\n\(Self.text(PackageResources.completions_fish))\(Self.text(PackageResources.init_fish))end\n"
    }
  }

  /// If zsh loads the file by itself, the file is the function's body; here it only defines the function.
  private var zshCompletions: String {
    Self.text(PackageResources.completions_zsh)
      .replacing("\n_daypass \"$@\"\n", with: "\n(( ${+functions[compdef]} )) && compdef _daypass daypass\n")
  }

  private static func text(_ resource: [UInt8]) -> String { String(decoding: resource, as: UTF8.self) }
}
