import Glibc

/// A shell, and the ways its users read what `export` prints.
enum Shell: String, CaseIterable {
  case dash, bash, bashPosix, zsh, zshRCQuotes, mksh, fishEval, fishEvalUnquoted, fishSource, fishEnglish

  static let installed = allCases.filter { access($0.path, X_OK) == 0 }

  var path: String { "/usr/bin/" + program }

  private var program: String {
    switch self {
    case .dash: "dash"
    case .bash, .bashPosix: "bash"
    case .zsh, .zshRCQuotes: "zsh"
    case .mksh: "mksh"
    case .fishEval, .fishEvalUnquoted, .fishSource, .fishEnglish: "fish"
    }
  }

  /// Arguments that read the script at `file` and then show the environment, entries ended by NUL.
  func arguments(reading file: String) -> [String] {
    let posix = "set -eu; eval \"$(cat \(file))\"; exec env -0"
    return switch self {
    case .dash, .mksh: ["-c", posix]
    case .bash: ["--norc", "-c", posix]
    case .bashPosix: ["--posix", "-c", "set -H; " + posix]
    case .zsh: ["-f", "-c", posix]
    case .zshRCQuotes: ["-f", "-o", "RC_QUOTES", "-c", posix]
    case .fishEval: ["--no-config", "-c", "eval (cat \(file) | string collect); exec env -0"]
    case .fishEvalUnquoted: ["--no-config", "-c", "eval (cat \(file)); exec env -0"]
    case .fishSource, .fishEnglish: ["--no-config", "-c", "cat \(file) | source; exec env -0"]
    }
  }

  var locale: String {
    switch self {
    case .fishEnglish, .bash, .zsh: "C.UTF-8"
    case .dash, .bashPosix, .zshRCQuotes, .mksh, .fishEval, .fishEvalUnquoted, .fishSource: "C"
    }
  }
}
