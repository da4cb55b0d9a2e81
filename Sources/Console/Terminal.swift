internal import AWSValues
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
    let screen = ScreenPicture(picture.clone(), on: descriptor)
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
