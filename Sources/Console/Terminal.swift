internal import AWSValues
import CLinux
internal import Delivery
import Glibc
package import Secrets

/// The user's terminal, for questions that must reach a person although stdin and stdout belong to a program.
package struct Terminal: ~Copyable {
  private let descriptor: Int32

  /// The controlling terminal while we are in its foreground; nil where there is none or where others use it, since a
  /// question asked there would stop us (SIGTTIN) instead of being answered.
  package static func foreground() -> Terminal? {
    let descriptor = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { return nil }
    let terminal = Terminal(descriptor: descriptor)
    guard tcgetpgrp(descriptor) == getpgrp() else { return nil }
    return terminal
  }

  deinit {
    close(descriptor)
  }

  package var size: TerminalSize { TerminalSize(ofTerminal: descriptor) }

  /// Writes a line, such as why a question is asked again.
  package func say(_ line: String) throws(TerminalError) {
    try write(line.displayLine() + "\n")
  }

  /// Asks for one line of up to `LineInput.limit` bytes and gives it back without its line break.
  ///
  /// The terminal is as before in every outcome. A signal that ends processes ends us too, once the terminal is restored.
  /// - Throws: `endOfInput`, `timedOut` after `deadline`, `lineTooLong`, `failed`.
  package func answer(
    to question: String, echo: Echo, until deadline: ContinuousClock.Instant? = nil
  ) throws(TerminalError) -> SecretBytes {
    try answer(to: Question(question), echo: echo, until: deadline)
  }

  /// The same for a question that may change while it waits.
  package func answer(
    to question: Question, echo: Echo, until deadline: ContinuousClock.Instant? = nil
  ) throws(TerminalError) -> SecretBytes {
    try answer(LineInput(terminal: descriptor, question: question, deadline: deadline), echo)
  }

  /// Asks in the same way below `picture`, secret text of `size.rows - 1` lines at most. When the question is answered or
  /// given up, stopped or ended by a signal, the picture is gone from the terminal, and in no scrollback.
  package func answer(
    to question: String, below picture: borrowing SecretBytes, echo: Echo,
    until deadline: ContinuousClock.Instant? = nil
  ) throws(TerminalError) -> SecretBytes {
    try answer(to: Question(question), below: picture, echo: echo, until: deadline)
  }

  /// The same for a question that may change while it waits.
  package func answer(
    to question: Question, below picture: borrowing SecretBytes, echo: Echo,
    until deadline: ContinuousClock.Instant? = nil
  ) throws(TerminalError) -> SecretBytes {
    let screen = AlternateScreen(picture.clone(), on: descriptor)
    return try answer(
      LineInput(terminal: descriptor, question: question, deadline: deadline, picture: screen), echo)
  }

  private func answer(_ input: consuming LineInput, _ echo: Echo) throws(TerminalError) -> SecretBytes {
    do {
      return try signalSafeAnswer(input, echo)
    } catch {
      // Here the handlers are gone, so the signal does what it would have done without us.
      if case .interrupted(let signal) = error { raise(signal) }
      throw error
    }
  }

  /// Holds signals for longer than the mode is changed, so that none can end us in between.
  private func signalSafeAnswer(_ input: consuming LineInput, _ echo: Echo) throws(TerminalError) -> SecretBytes {
    let signals = try SignalWatch()
    return try modalAnswer(input, echo, signals)
  }

  private func modalAnswer(
    _ input: consuming LineInput, _ echo: Echo, _ signals: borrowing SignalWatch
  ) throws(TerminalError) -> SecretBytes {
    let mode = try TerminalMode(of: descriptor, echo: echo)
    do {
      let line = try input.read(mode, signals)
      if echo == .hidden { try write("\n") }
      return line
    } catch {
      // What is said next starts on a line of its own.
      _ = Output(descriptor: descriptor).failure(writing: "\n".utf8.span)
      throw error
    }
  }

  private func write(_ text: String) throws(TerminalError) {
    if let error = Output(descriptor: descriptor).failure(writing: text.utf8.span) { throw .failed(errno: error) }
  }
}

/// Whether the terminal shows what is typed: secrets are hidden; an MFA code, worthless after its half minute, is shown
/// so that it can be compared with the device.
package enum Echo: Sendable {
  case hidden, visible
}

// MARK: - Question

/// What stands before an answer: a text, or one that changes while it waits, such as a countdown.
package struct Question: Sendable {
  let text: @Sendable () -> String
  let isLive: Bool

  package init(_ text: String) {
    self.text = { text }
    isLive = false
  }

  /// `text` is asked for again each second, and has to be as wide as before: the answer begun stands behind it.
  package init(live text: @escaping @Sendable () -> String) {
    self.text = text
    isLive = true
  }
}

// MARK: - Confirmation

extension Terminal {
  /// Whether the user answers yes; anything but `y` or `yes` means no.
  package func confirms(_ question: String) throws(TerminalError) -> Bool {
    let answer = try answer(to: question + " [y/N] ", echo: .visible).revealed() ?? ""
    return ["y", "yes"].contains(answer.trimmedOfBlanks.lowercased())
  }
}

extension String {
  fileprivate var trimmedOfBlanks: Substring {
    drop { $0.isWhitespace }.prefix { !$0.isWhitespace }
  }
}

extension Terminal {
  /// Whether a terminal in this environment shows `▀` and `▄` in colours: by `TERM`, and by the characters of the locale
  /// (locale(7): the first of three variables that says anything).
  package static func showsBlocks(in environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let characters = locale.lowercased().split(separator: ".").dropFirst().first?.prefix { $0 != "@" }
    return ["utf-8", "utf8"].contains(characters) && !["", "dumb"].contains(environment["TERM"] ?? "")
  }
}

/// Why the user's answer could not be had from the terminal.
package enum TerminalError: Error, Equatable {
  /// Ctrl-D on an empty line, or the terminal was closed.
  case endOfInput
  case timedOut
  /// The line was longer than `limit` bytes; none of it is kept.
  case lineTooLong(limit: Int)
  /// A signal that ends us arrived while we asked; the terminal is as it was.
  case interrupted(signal: Int32)
  case failed(errno: Int32)
}

// MARK: - Terminal size

/// What a terminal has room for, in characters.
package struct TerminalSize: Equatable, Sendable {
  package let columns: Int
  package let rows: Int

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// As many as the terminal says, or the 80 × 24 of old where it does not know, as on a serial line.
  init(ofTerminal descriptor: Int32) {
    var window = winsize()
    let isKnown = unsafe linux_window_size(descriptor, &window) == 0 && window.ws_col > 0 && window.ws_row > 0
    self.init(columns: isKnown ? Int(window.ws_col) : 80, rows: isKnown ? Int(window.ws_row) : 24)
  }
}
