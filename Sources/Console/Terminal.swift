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
    do {
      return try signalSafeAnswer(to: question, echo, deadline)
    } catch {
      // Here the handlers are gone, so the signal does what it would have done without us.
      if case .interrupted(let signal) = error { raise(signal) }
      throw error
    }
  }

  /// Holds signals for longer than the mode is changed, so that none can end us in between.
  private func signalSafeAnswer(
    to question: String, _ echo: Echo, _ deadline: ContinuousClock.Instant?
  ) throws(TerminalError) -> SecretBytes {
    let signals = try SignalWatch()
    return try modalAnswer(to: question, echo, deadline, signals)
  }

  private func modalAnswer(
    to question: String, _ echo: Echo, _ deadline: ContinuousClock.Instant?, _ signals: borrowing SignalWatch
  ) throws(TerminalError) -> SecretBytes {
    let mode = try TerminalMode(of: descriptor, echo: echo)
    do {
      let line = try LineInput(terminal: descriptor, question: question, deadline: deadline).read(mode, signals)
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
