internal import AWSValues
package import Delivery

/// What is said on stderr, a line at a time; a reader that went away, or does not read, is no reason to stop.
package struct Diagnostics: Sendable {
  package enum Verbosity: Sendable { case normal, debug }

  package let verbosity: Verbosity
  private let output: Output

  package init(verbosity: Verbosity, output: Output = .standardError) {
    self.verbosity = verbosity
    self.output = output
  }

  /// What is wrong, and what to type next where that is known.
  package func report(_ problem: String, hint: String? = nil) {
    line("daypass: " + problem)
    if let hint { line("daypass: hint: " + hint) }
  }

  /// Something the user should know although the work went on.
  package func warn(_ problem: String) {
    line("daypass: warning: " + problem)
  }

  /// A fact that belongs beside the output: who asked, how long is left.
  package func note(_ fact: String) {
    line("daypass: " + fact)
  }

  /// What a person at a terminal is waiting for; nothing where stderr is not one.
  package func waiting(for event: String) {
    guard output.isTerminal else { return }
    line("daypass: waiting for " + event)
  }

  /// A step, told with `--debug` only; never a secret.
  package func debug(_ step: @autoclosure () -> String) {
    switch verbosity {
    case .normal: return
    case .debug: line("daypass: debug: " + step())
    }
  }

  private func line(_ text: String) {
    var rest = Array((text.displayLine() + "\n").utf8)[...]
    while !rest.isEmpty, Patience.ofProcess.allowsWriting(to: output) {
      let piece = Array(rest.prefix(Self.pieceSize))
      guard output.failure(writing: piece.span) == nil else { return }
      rest = rest.dropFirst(Self.pieceSize)
    }
  }

  /// What a pipe that is ready takes without blocking: PIPE_BUF of pipe(7).
  private static let pieceSize = 4_096
}
