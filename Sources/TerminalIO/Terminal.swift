internal import AWSValues
import CLinux
internal import Delivery
import Glibc
internal import POSIX
package import Secrets

/// The user's terminal, for questions that must reach a person although stdin and stdout belong to a program.
///
/// Our manners there: we ask in the foreground only; the terminal echoes nothing while we ask, and what a prompt shows we
/// show ourselves; whatever ends the question, the terminal is as it was before, and no key press is left for the shell.
package struct Terminal: ~Copyable {
  private let file: FileDescriptor

  /// The controlling terminal while we are in its foreground; nil if there is none or if others use it, since a question
  /// asked there would stop us (SIGTTIN) instead of being answered.
  package static func foreground() -> Terminal? {
    guard let terminal = controlling(), terminal.isOurs else { return nil }
    return terminal
  }

  /// Whether there is a terminal, and we are in its background.
  package static var isInBackground: Bool {
    switch controlling() {
    case .some(let terminal): !terminal.isOurs
    case .none: false
    }
  }

  private static func controlling() -> Terminal? {
    guard let file = FileDescriptor(unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) else { return nil }
    return Terminal(file: file)
  }

  var descriptor: Int32 { file.number }

  private var isOurs: Bool { tcgetpgrp(descriptor) == getpgrp() }

  package var size: TerminalSize { TerminalSize(ofTerminal: descriptor) }

  /// Writes a line, such as why a question is asked again.
  package func say(_ line: String) throws(TerminalError) {
    let output = Output(descriptor: descriptor)
    if let error = output.failure(writing: (line.displayLine() + "\n").utf8.span) { throw .failed(errno: error) }
  }

  /// Asks for one line of up to `limit` bytes and returns it without its line break.
  ///
  /// - Parameter picture: secret text of at most `size.rows - 1` lines above the prompt. Once the prompt is answered or
  ///   given up, it is gone from the terminal and from its scrollback.
  /// - Throws: `endOfInput`, `timedOut` after `deadline`, `lineTooLong`, `failed`; `interrupted` if a signal came that our
  ///   caller defers, since otherwise it ends us.
  package func readLine(
    _ prompt: Prompt, echo: Echo, below picture: borrowing SecretBytes = SecretBytes(),
    until deadline: ContinuousClock.Instant? = nil, limit: Int = LineInput.defaultLimit
  ) throws(TerminalError) -> SecretBytes {
    do {
      let dialogue = try Dialogue(on: descriptor)
      return try dialogue.readLine(prompt, echo: echo, below: picture, until: deadline, limit: limit)
    } catch {
      Self.obey(error)
      throw error
    }
  }

  /// Asks several questions as one: what is typed ahead of a prompt answers it, and is never shown.
  package func dialogue<Result: ~Copyable>(_ body: (borrowing Dialogue) throws -> Result) throws -> Result {
    do {
      let dialogue = try Dialogue(on: descriptor)
      return try body(dialogue)
    } catch let error as TerminalError {
      Self.obey(error)
      throw error
    }
  }

  /// Lends the terminal to another program, which may end without giving it back its mode.
  package func lend<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
    try deferringSignals { _ in
      let mode = try DialogueMode(of: descriptor)
      defer { mode.restore() }
      return try body()
    }
  }

  /// Asks a question that is answered by yes or no; Enter alone means `preset`.
  package func confirms(_ question: String, preset: Confirmation = .no) throws(TerminalError) -> Bool {
    let answer = try readLine(Prompt(question + preset.choices), echo: .visible).revealed() ?? ""
    let word = answer.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    return word.isEmpty ? preset == .yes : ["y", "yes"].contains(word)
  }

  /// Lets a signal do what it would have done without us, now that our handlers are gone.
  static func obey(_ error: TerminalError) {
    if case .interrupted(let signal) = error { raise(signal) }
  }
}

/// What Enter alone means.
package enum Confirmation: Sendable {
  case yes, no

  fileprivate var choices: String {
    switch self {
    case .yes: " [Y/n] "
    case .no: " [y/N] "
    }
  }
}

// MARK: - Dialogue

/// A terminal from the first of some prompts to the last. Signals wait for longer than its mode is changed, so that none
/// can end us in between.
package struct Dialogue: ~Copyable {
  let mode: DialogueMode
  let signals: SignalWatch

  init(on terminal: Int32, interrupts: DialogueMode.Interrupts = .asSignals) throws(TerminalError) {
    let signals = try SignalWatch()
    let mode = try DialogueMode(of: terminal, interrupts: interrupts)
    try mode.enter()
    self.mode = mode
    self.signals = signals
  }

  deinit {
    mode.restore()
  }

  /// As `Terminal.readLine`.
  package func readLine(
    _ prompt: Prompt, echo: Echo, below picture: borrowing SecretBytes = SecretBytes(),
    until deadline: ContinuousClock.Instant? = nil, limit: Int = LineInput.defaultLimit
  ) throws(TerminalError) -> SecretBytes {
    let screen = picture.isEmpty ? nil : AlternateScreen(picture.clone(), on: mode.output)
    do {
      return try LineInput(prompt, echo, in: mode, until: deadline, below: screen, limit: limit).read(signals)
    } catch {
      // What is said next starts on a line of its own.
      mode.output.show("\n")
      throw error
    }
  }

  /// Writes a line.
  package func say(_ line: String) { mode.output.show(line.displayLine() + "\n") }
}

/// What is shown of an answer while it is typed: nothing of a secret; all of an MFA code, worthless after its half minute,
/// so that it can be compared with the device; an access key ID as long as it can be one, so that a secret typed or
/// pasted in its place is not shown.
package enum Echo: Sendable {
  case hidden, visible, accessKeyID

  func shows(_ line: borrowing SecretBytes) -> Bool {
    switch self {
    case .hidden: false
    case .visible: true
    case .accessKeyID: line.isStartOfAccessKeyID
    }
  }
}

extension SecretBytes {
  /// Whether they are, or begin, `AKIA` with capital letters and digits after it.
  fileprivate var isStartOfAccessKeyID: Bool {
    withBytes { bytes in
      bytes.indices.allSatisfy { index in
        switch index {
        case 0, 3: bytes[index] == UInt8(ascii: "A")
        case 1: bytes[index] == UInt8(ascii: "K")
        case 2: bytes[index] == UInt8(ascii: "I")
        default: (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[index]) || bytes[index].isDigit
        }
      }
    }
  }
}

// MARK: - Prompt

/// What precedes an answer: a text, or one that changes while it waits, such as a countdown.
package struct Prompt: Sendable, ExpressibleByStringInterpolation {
  let text: @Sendable () -> String
  let isLive: Bool

  package init(_ text: String) {
    self.text = { text }
    isLive = false
  }

  package init(stringLiteral text: String) { self.init(text) }

  /// `text` is evaluated each second, and has to keep its width: the answer begun follows it.
  package init(live text: @escaping @Sendable () -> String) {
    self.text = text
    isLive = true
  }
}

// MARK: - Other processes

extension Terminal {
  /// The terminal that controls another process, such as `pts/3`: the seventh word of /proc/PID/stat (proc(5)).
  package static func name(ofProcess process: Int32) -> String? {
    let bytes: [UInt8]?
    do { bytes = try FileDescriptor.contents(ofFile: "/proc/\(process)/stat", timeout: .zero) } catch { return nil }
    // The second word, a name in parentheses, may hold anything.
    let rest = (bytes ?? []).split(separator: UInt8(ascii: ")")).last ?? []
    let words = rest.split(separator: UInt8(ascii: " "))
    guard words.count > 4, let number = Int(String(decoding: words[4], as: UTF8.self)) else { return nil }
    // The kernel numbers the terminals of windows from major 136 on, 256 to each, and consoles by major 4.
    let (major, minor) = (number >> 8 & 0xff, number & 0xff | number >> 12 & 0xfff00)
    return 136...143 ~= major ? "pts/\((major - 136) << 8 | minor)" : major == 4 && minor < 64 ? "tty\(minor)" : nil
  }
}

// MARK: - What a terminal can show

extension Terminal {
  /// Whether a terminal in this environment shows `▀` and `▄` in colours.
  package static func showsBlocks(in environment: [String: String]) -> Bool {
    isUTF8(environment) && !["", "dumb"].contains(environment["TERM"] ?? "")
  }

  /// Whether a line may be redrawn: not if a screen reader would repeat it.
  package static func redraws(in environment: [String: String]) -> Bool {
    ["", "0"].contains(environment["DAYPASS_PLAIN"] ?? "") && !["", "dumb"].contains(environment["TERM"] ?? "")
  }

  /// Whether the locale's characters are UTF-8 (locale(7): the first of three variables that says anything).
  private static func isUTF8(_ environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let characters = locale.lowercased().split(separator: ".").dropFirst().first?.prefix { $0 != "@" }
    return ["utf-8", "utf8"].contains(characters)
  }
}

/// What a terminal has room for, in characters.
package struct TerminalSize: Equatable, Sendable {
  package let columns: Int
  package let rows: Int

  /// As the terminal says; 80 × 24 if it does not know, as on a serial line.
  init(ofTerminal descriptor: Int32) {
    var window = winsize()
    let isKnown = unsafe linux_window_size(descriptor, &window) == 0 && window.ws_col > 0 && window.ws_row > 0
    columns = isKnown ? Int(window.ws_col) : 80
    rows = isKnown ? Int(window.ws_row) : 24
  }
}

// MARK: - Terminal error

/// Why the terminal gave no answer.
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
