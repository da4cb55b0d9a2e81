internal import Foundation
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

// MARK: - Batch

/// Many documents read in one start of a shell.
extension Shell {
  static let variables = [
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION",
  ]

  /// A script that evaluates each document as the whole output of a command, and shows the variables, a line each. No
  /// value has a line break, or it would have been refused.
  package func script(evaluating documents: [ExportedDocument]) -> String {
    documents.reduce(into: preparation) { script, document in
      script += evaluation.before + quoted(document.text) + evaluation.after
    }
  }

  /// What the script shows if every value is read back as it was.
  package func expectedOutput(of documents: [ExportedDocument]) -> String {
    documents.reduce(into: "") { output, document in
      for value in document.values { output += value + "\n" }
    }
  }

  /// Forgets the variables, so that what is shown comes from the document just read.
  private var preparation: String {
    let values = Self.variables.map { "\"$\($0)\"" }.joined(separator: " ")
    let names = Self.variables.joined(separator: " ")
    return switch self {
    case .sh, .dash, .bash, .zsh, .bashPosix, .zshRCQuotes:
      "show() { printf '%s\\n' \(values); unset \(names); }\n"
    case .mksh: "show() { for i in \(values); do print -r -- \"$i\"; done; unset \(names); }\n"
    case .fish, .fishEvalUnquoted, .fishSource:
      "function show; printf '%s\\n' \(values); set -e \(names); end\n"
    }
  }

  private var evaluation: (before: String, after: String) {
    switch self {
    case .sh, .dash, .bash, .zsh, .mksh, .bashPosix, .zshRCQuotes: ("eval '", "'; show\n")
    case .fish: ("eval '", "'; show\n")
    case .fishEvalUnquoted: ("eval (string split \\n -- '", "'); show\n")
    case .fishSource: ("echo -n '", "' | source; show\n")
    }
  }

  /// A document within the quotes of `evaluation`. Byte by byte: a mark that combines with a quote does not hide it.
  private func quoted(_ text: String) -> String {
    let quote = Array((syntax == .fish ? "\\'" : self == .zshRCQuotes ? "''" : "'\\''").utf8)
    let backslash = Array((syntax == .fish ? "\\\\" : "\\").utf8)
    var quoted: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "'"): quoted += quote
      case UInt8(ascii: "\\"): quoted += backslash
      default: quoted.append(byte)
      }
    }
    return String(decoding: quoted, as: UTF8.self)
  }
}

// MARK: - Reading

/// What a shell made of documents.
package struct ShellReading {
  /// Nil if every variable held what it should.
  package let difference: String?
  /// Files that were made in the folder it ran in.
  package let effects: [String]
}

extension Shell {
  /// Evaluates each document as the whole output of a command, in a folder of its own, and compares what the variables
  /// then hold.
  package func read(_ documents: [ExportedDocument]) throws -> ShellReading {
    var effects: [String] = []
    // What mksh takes for a script grows with the square of its length.
    for start in stride(from: 0, to: documents.count, by: 1_000) {
      let reading = try readTogether(Array(documents[start...].prefix(1_000)))
      effects += reading.effects
      if reading.difference != nil { return ShellReading(difference: reading.difference, effects: effects) }
    }
    return ShellReading(difference: nil, effects: effects)
  }

  private func readTogether(_ documents: [ExportedDocument]) throws -> ShellReading {
    let folder = ScratchFolder()
    folder.write(script(evaluating: documents), to: "script")
    var launch = Launch(
      path, options + ["script"], environment: ["PATH=/usr/bin:/bin", "HOME=\(folder.path)", "LC_ALL=\(locale)"])
    launch.folder = folder.path
    let outcome = try launch.run(within: 120)
    let effects = try folder.names().filter { $0 != "script" && !$0.hasPrefix(".") }
    return ShellReading(difference: difference(outcome, documents), effects: effects)
  }

  private func difference(_ outcome: Launch.Outcome, _ documents: [ExportedDocument]) -> String? {
    guard outcome.status == .exited(0), outcome.errors.isEmpty else {
      return "\(outcome.status): \(outcome.errorText.prefix(1_000))"
    }
    let expected = Array(expectedOutput(of: documents).utf8)
    guard outcome.output != expected else { return nil }
    let same = zip(outcome.output, expected).prefix { $0 == $1 }.count
    return "other from \(same): \(String(decoding: outcome.output.dropFirst(same).prefix(200), as: UTF8.self))"
  }
}

/// What `export` printed, and what the variables that it sets then hold, in the order of `Shell.variables`.
package struct ExportedDocument: Sendable {
  let text: String
  let values: [String]

  package init(_ text: String, holding values: [String]) {
    self.text = text
    self.values = values
  }
}
