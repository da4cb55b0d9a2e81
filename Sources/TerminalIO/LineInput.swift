internal import AWSValues
internal import Delivery
import Glibc
internal import POSIX
internal import Secrets

/// One line typed at a terminal that neither echoes nor edits: both are done here, byte by byte and into locked memory,
/// so that no other buffer holds what was typed, and nothing half-typed is left for the shell however we end.
package struct LineInput: ~Copyable {
  /// Bytes in a line; AWS's secrets have 40, its longest session tokens are never typed.
  package static let defaultLimit = 1024

  private let dialogue: DialogueMode
  private let prompt: Prompt
  private let echo: Echo
  private let deadline: ContinuousClock.Instant?
  /// What is above the prompt until it is answered.
  private var picture: AlternateScreen?
  private let limit: Int
  private var line: SecretBytes
  /// How many bytes of the line the terminal shows.
  private var shown = 0

  init(
    _ prompt: Prompt, _ echo: Echo, in dialogue: DialogueMode, until deadline: ContinuousClock.Instant?,
    below picture: consuming AlternateScreen?, limit: Int
  ) {
    self.limit = limit
    line = SecretBytes(capacity: limit)
    self.dialogue = dialogue
    self.prompt = prompt
    self.echo = echo
    self.deadline = deadline
    self.picture = picture
  }

  /// - Throws: `endOfInput`, `timedOut`, `lineTooLong`, `interrupted` by a signal that is still to be obeyed, `failed`.
  consuming func read(_ signals: borrowing SignalWatch) throws(TerminalError) -> SecretBytes {
    ask()
    while true {
      switch try nextEvent(signals) {
      case .signal(SIGTSTP):
        picture?.hide()
        dialogue.restore()
        signals.stop()
        try askAgain()
      case .signal(SIGCONT): try askAgain()
      case .signal(let signal): throw .interrupted(signal: signal)
      case .byte(UInt8(ascii: "\n")): return try accepted()
      case .byte(let byte): try take(byte)
      }
    }
  }

  private mutating func ask() {
    picture?.show()
    // If this cannot be written, reading says why.
    dialogue.output.show(prompt.text().displayLine())
  }

  /// Entering the mode discards what was typed before, so only then is the prompt shown.
  private mutating func askAgain() throws(TerminalError) {
    try dialogue.enter()
    line = SecretBytes(capacity: limit)
    shown = 0
    ask()
  }

  private consuming func accepted() throws(TerminalError) -> SecretBytes {
    guard line.count <= limit else { throw .lineTooLong(limit: limit) }
    if let error = dialogue.output.failure(writing: "\n".utf8.span) { throw .failed(errno: error) }
    return line
  }
}

// MARK: - Editing

extension LineInput {
  /// Appends a byte, or does what the user's erase, kill or end-of-file character does.
  private mutating func take(_ byte: UInt8) throws(TerminalError) {
    switch byte {
    case dialogue.keys.endOfFile: if line.isEmpty { throw .endOfInput }
    case dialogue.keys.kill, dialogue.keys.wordErase: while !line.isEmpty { eraseCharacter() }
    // One byte beyond the limit shows that the line is too long; the rest is dropped, and nothing makes it fit again.
    case _ where line.count > limit: return
    case dialogue.keys.erase, Self.backspace, Self.delete: eraseCharacter()
    default:
      line.append(byte)
      if echo.shows(line) { show() }
    }
  }

  private mutating func show() {
    line.withBytes { bytes in
      let visible = (shown..<bytes.count).filter { !Self.isControl(bytes[$0]) }.map { bytes[$0] }
      _ = dialogue.output.failure(writing: visible.span)
    }
    shown = line.count
  }

  /// Takes back the last character, which has several bytes in UTF-8.
  private mutating func eraseCharacter() {
    var rest = line.count
    var width = 0
    line.withBytes { bytes in
      while rest > 0 {
        rest -= 1
        guard bytes[rest] & 0xc0 == 0x80 else {
          if rest < shown, !Self.isControl(bytes[rest]) { width = 1 }
          break
        }
      }
    }
    line = line.clone(0..<rest)
    shown = min(shown, rest)
    if width > 0 { dialogue.output.show("\u{8} \u{8}") }
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == delete }

  private static let backspace: UInt8 = 0x08
  private static let delete: UInt8 = 0x7f
}

// MARK: - Waiting

extension LineInput {
  private enum Event {
    case byte(UInt8)
    case signal(Int32)
  }

  private func nextEvent(_ signals: borrowing SignalWatch) throws(TerminalError) -> Event {
    while true {
      if let signal = signals.next() { return .signal(signal) }
      let timeLeft = deadline?.millisecondsAway
      if try dialogue.isReady(within: timeout(timeLeft), unless: signals) {
        if let byte = try dialogue.readByte() { return .byte(byte) }
      } else {
        guard timeLeft != 0 else { throw .timedOut }
        redraw()
      }
    }
  }

  /// For poll(2): until the deadline, or until a live prompt changes; -1 for no limit.
  private func timeout(_ timeLeft: Int32?) -> Int32 {
    guard prompt.isLive else { return timeLeft ?? -1 }
    return min(timeLeft ?? Self.second, Self.second)
  }

  /// Draws a live prompt again in front of what has been typed, unless both may take more than one line.
  private func redraw() {
    guard prompt.isLive else { return }
    let text = prompt.text().displayLine()
    guard text.count + Self.room < TerminalSize(ofTerminal: dialogue.terminal).columns else { return }
    dialogue.output.show(Self.saveCursor + "\r" + text + Self.restoreCursor)
  }

  /// Milliseconds.
  private static let second: Int32 = 1_000
  /// Columns for the answer.
  private static let room = 20
  // DECSC and DECRC of the VT100.
  private static let saveCursor = "\u{1b}7"
  private static let restoreCursor = "\u{1b}8"
}

// MARK: - Dialogue mode

/// The terminal's mode while we ask, beside the one to give back: neither echo nor lines, so that what is typed ahead of
/// a prompt is kept for it and never shown.
///
/// Each change discards what was typed but not read, so that nothing typed before the first prompt becomes an answer, and
/// nothing typed too late becomes a shell command (CVE-2025-64170).
struct DialogueMode {
  let terminal: Int32
  let keys: Keys
  private let saved: termios
  private let asking: termios

  /// The characters that edit a line (termios(3)).
  struct Keys {
    let erase, kill, wordErase, endOfFile: UInt8
  }

  /// Whether Ctrl-C and the like send signals, or are keys like others.
  enum Interrupts { case asSignals, asKeys }

  /// Notes the mode and changes nothing yet.
  init(of terminal: Int32, interrupts: Interrupts = .asSignals) throws(TerminalError) {
    var mode = termios()
    guard unsafe tcgetattr(terminal, &mode) == 0 else { throw .failed(errno: errno) }
    self.terminal = terminal
    saved = mode
    // VERASE, VKILL, VWERASE and VEOF of asm-generic/termbits.h.
    keys = Keys(erase: mode.c_cc.2, kill: mode.c_cc.3, wordErase: mode.c_cc.14, endOfFile: mode.c_cc.4)
    mode.c_iflag |= tcflag_t(ICRNL)
    switch interrupts {
    case .asSignals: mode.c_lflag |= tcflag_t(ISIG)
    case .asKeys: mode.c_lflag &= ~tcflag_t(ISIG)
    }
    mode.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHOE | ECHOK | ECHONL)
    // VTIME and VMIN: read(2) returns from the first byte on.
    mode.c_cc.5 = 0
    mode.c_cc.6 = 1
    asking = mode
  }

  var output: Output { Output(descriptor: terminal) }

  /// Whether there is something to read; false if a signal came first, or if nothing came within this many milliseconds.
  func isReady(within milliseconds: Int32, unless signals: borrowing SignalWatch) throws(TerminalError) -> Bool {
    var sources = [
      pollfd(fd: terminal, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals.readEnd, events: Int16(POLLIN), revents: 0),
    ]
    let count = unsafe poll(&sources, nfds_t(sources.count), milliseconds)
    guard count >= 0 || errno == EINTR else { throw .failed(errno: errno) }
    return count > 0 && sources[1].revents == 0
  }

  /// What was typed next; nil if the call was interrupted.
  func readByte() throws(TerminalError) -> UInt8? {
    var byte: UInt8 = 0
    switch unsafe read(terminal, &byte, 1) {
    case 1: return byte
    case 0: throw .endOfInput
    case _ where errno == EINTR || errno == EAGAIN: return nil
    default: throw errno == EIO ? .endOfInput : .failed(errno: errno)
    }
  }

  /// In the background this stops us until we are in the foreground again.
  func enter() throws(TerminalError) {
    guard set(asking) == 0 else { throw .failed(errno: errno) }
  }

  func restore() {
    // In the background the terminal is the shell's, which has set its own mode.
    guard tcgetpgrp(terminal) == getpgrp() else { return }
    _ = set(saved)
  }

  private func set(_ mode: termios) -> Int32 {
    var mode = mode
    while unsafe tcsetattr(terminal, TCSAFLUSH, &mode) != 0 {
      guard errno == EINTR else { return -1 }
    }
    return 0
  }
}

// MARK: - Alternate screen

/// Secret text on a screen of its own above a prompt; when its owner ends, it is neither on the terminal nor in the
/// scrollback.
///
/// The escape sequences are xterm's (ctlseqs, "The Alternate Screen Buffer") and ECMA-48's. Terminals without a second
/// screen, such as GNU screen as it comes, show the text on the only one.
struct AlternateScreen: ~Copyable {
  private static let enter = "\u{1b}[?1049h"
  private static let leave = "\u{1b}[?1049l"
  private static let clear = "\u{1b}[H\u{1b}[J"

  private let output: Output
  private let text: SecretBytes
  private var isShown = false

  init(_ text: consuming SecretBytes, on output: Output) {
    self.output = output
    self.text = text
  }

  deinit {
    if isShown { erase() }
  }

  /// Shows the text at the top of an empty screen, and leaves the cursor below it.
  mutating func show() {
    hide()
    isShown = true
    output.show(Self.enter + Self.clear)
    // If this cannot be written, reading the answer says why.
    _ = text.withBytes { output.failure(writing: $0) }
    output.show("\r\n")
  }

  mutating func hide() {
    guard isShown else { return }
    erase()
    isShown = false
  }

  /// Empties the text and the prompt line by line: if the whole screen is cleared, some terminals keep it for scrolling
  /// back.
  private func erase() {
    let lines = text.withBytes { bytes in bytes.indices.count { bytes[$0] == UInt8(ascii: "\n") } } + 1
    for line in (1...lines + 2).reversed() { output.show("\u{1b}[\(line);1H\u{1b}[2K") }
    output.show(Self.leave)
  }
}
