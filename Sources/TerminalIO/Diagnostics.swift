internal import AWSValues
package import Delivery
internal import POSIX
internal import Synchronization

/// Messages on stderr, a line at a time. A reader that went away, or does not read, is no reason to stop.
package struct Diagnostics: Sendable {
  package enum Verbosity: Sendable { case normal, debug }

  private let verbosity: Verbosity
  private let output: Output
  private let secrets: [String]

  /// - Parameter secrets: what must not be shown, such as a secret that was typed as an argument.
  package init(verbosity: Verbosity, output: Output = .standardError, hiding secrets: [String] = []) {
    self.verbosity = verbosity
    self.output = output
    self.secrets = secrets
  }

  /// What is wrong, what another program has said of it, and what to type next if that is known.
  package func report(_ problem: String, quoting lines: [String] = [], hint: String? = nil) {
    line("daypass: " + problem)
    for quoted in lines { line("daypass: | " + quoted) }
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

  /// A line of a dialogue, as it is.
  package func say(_ text: String) { line(text) }

  /// What a person at a terminal is waiting for; nothing if stderr is not a terminal.
  package func waiting(for event: String) {
    guard output.isTerminal else { return }
    line("daypass: waiting for " + event)
  }

  /// A step, logged with `--debug` only; never a secret.
  package func debug(_ step: @autoclosure () -> String) {
    switch verbosity {
    case .normal: return
    case .debug: line("daypass: debug: " + step())
    }
  }

  private func line(_ text: String) {
    let shown = secrets.reduce(text) { $0.replacing($1, with: "(hidden)") }
    var rest = Array((shown.displayLine() + "\n").utf8)[...]
    while !rest.isEmpty, mayWrite() {
      let piece = Array(rest.prefix(Self.pieceSize))
      guard output.failure(writing: piece.span) == nil else { return }
      rest = rest.dropFirst(Self.pieceSize)
    }
  }

  /// Bytes that a pipe takes without blocking once it is ready: PIPE_BUF of pipe(7).
  private static let pieceSize = 4_096

  /// Whether the reader takes a piece within two seconds: a log that nobody empties must not hold up credentials for ever.
  /// After one such wait there is no other. A person who has stopped a terminal's output is always waited for.
  private func mayWrite() -> Bool {
    if output.isTerminal { return true }
    guard !readerIsStalled.load(ordering: .relaxed) else { return false }
    let isReady = output.isReady(within: 2_000)
    if !isReady { readerIsStalled.store(true, ordering: .relaxed) }
    return isReady
  }
}

/// Whether the reader of this process's messages has not read for so long that there are no more messages.
private let readerIsStalled = Atomic<Bool>(false)

extension DeliveryError.NotExecutable {
  /// Why the kernel does not run a command, for the messages of daypass and of its server.
  package var words: String {
    switch self {
    case .noPermission: "permission denied"
    case .directory: "it is a directory"
    case .argumentsTooLong: "the arguments and the environment are too long"
    case .interpreterMissing: "the program that its first line names is missing"
    case .other(let code): String.systemError(code)
    }
  }
}

// MARK: - Progress line

/// A line on the terminal behind stderr that is redrawn as a wait goes on; written once if stderr is not a terminal.
package final class ProgressLine {
  private let output: Output
  private let diagnostics: Diagnostics
  private var shown: String?

  /// Characters of the bar.
  private static let width = 20

  package init(_ diagnostics: Diagnostics) {
    output = .standardError
    self.diagnostics = diagnostics
  }

  /// Shows what we wait for; `share` of the longest time it can take is over.
  package func show(_ event: String, share: Double) {
    show(event, as: "\(Self.bar(share)) waiting for \(event)", once: "waiting for \(event)")
  }

  /// The same, with a time instead of a bar.
  package func show(_ event: String, secondsLeft: Int) {
    let words = "waiting \(secondsLeft) s for \(event)"
    show(event, as: words, once: words)
  }

  private func show(_ event: String, as line: String, once words: String) {
    defer { shown = event }
    if output.isTerminal { draw(line) } else if shown != event { diagnostics.note(words) }
  }

  /// Shows how far some work has got; nothing if stderr is not a terminal.
  package func show(_ work: String, _ done: Int, of count: Int) {
    guard output.isTerminal else { return }
    shown = work
    draw("\(Self.bar(Double(done) / Double(count))) \(work) (\(done)/\(count))")
  }

  private static func bar(_ share: Double) -> String {
    let filled = Int((min(1, max(0, share)) * Double(width)).rounded())
    return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
  }

  /// Erases the line.
  package func clear() {
    if shown != nil, output.isTerminal { output.show(Self.lineStart) }
    shown = nil
  }

  /// Goes to the first column and erases the line (ECMA-48, 8.3.41).
  private static let lineStart = "\r\u{1b}[K"

  private func draw(_ line: String) { output.show(Self.lineStart + "daypass: \(line)".displayLine()) }
}
