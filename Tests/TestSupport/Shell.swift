import Glibc

/// A shell, and the ways its users read what `export` prints.
package enum Shell: String, CaseIterable {
  case sh, dash, bash, zsh, mksh, fish
  case bashPosix, zshRCQuotes, fishEvalUnquoted, fishSource

  package static let installed = allCases.filter { access($0.path, X_OK) == 0 }

  package var path: String { "/usr/bin/" + program }

  /// Whether every hostile value is tried; those by hand are in any case.
  package var triesAll: Bool {
    switch self {
    case .sh, .dash, .bash, .zsh, .mksh, .fish: true
    case .bashPosix, .zshRCQuotes, .fishEvalUnquoted, .fishSource: false
    }
  }

  package var syntax: Syntax {
    switch self {
    case .sh, .dash, .bash, .zsh, .mksh, .bashPosix, .zshRCQuotes: .posix
    case .fish, .fishEvalUnquoted, .fishSource: .fish
    }
  }

  /// A family of shells that read the same documents.
  package enum Syntax: CaseIterable, Sendable { case posix, fish }

  private var program: String {
    switch self {
    case .sh: "sh"
    case .dash: "dash"
    case .bash, .bashPosix: "bash"
    case .zsh, .zshRCQuotes: "zsh"
    case .mksh: "mksh"
    case .fish, .fishEvalUnquoted, .fishSource: "fish"
    }
  }

  /// Keep the user's own settings out; some people's are on.
  package var options: [String] {
    switch self {
    case .sh, .dash, .mksh: []
    case .bash: ["--norc"]
    case .bashPosix: ["--posix", "-o", "history", "-o", "histexpand"]
    case .zsh: ["-f"]
    case .zshRCQuotes: ["-f", "-o", "RC_QUOTES"]
    case .fish, .fishEvalUnquoted, .fishSource: ["--no-config"]
    }
  }

  /// A command that reads the document in `file` as users do, and then runs `next`.
  package func reading(_ file: String, then next: String) -> String {
    switch self {
    case .sh, .dash, .bash, .zsh, .mksh, .bashPosix, .zshRCQuotes: "set -eu; eval \"$(cat \(file))\"; \(next)"
    case .fish: "eval (cat \(file) | string collect); \(next)"
    case .fishEvalUnquoted: "eval (cat \(file)); \(next)"
    case .fishSource: "cat \(file) | source; \(next)"
    }
  }

  package var locale: String {
    switch self {
    case .fish, .bash, .zsh, .sh: "C.UTF-8"
    case .dash, .bashPosix, .zshRCQuotes, .mksh, .fishEvalUnquoted, .fishSource: "C"
    }
  }
}
