internal import AWSValues
internal import Delivery
import Glibc
internal import Secrets

/// One line typed at a terminal, read into locked memory while signals and a deadline are minded.
struct LineInput: ~Copyable {
  /// Bytes in a line; AWS's secrets have 40, its longest session tokens are never typed.
  static let limit = 1024

  let terminal: Int32
  let question: Question
  let deadline: ContinuousClock.Instant?
  /// What stands above the question until it is answered.
  var picture: AlternateScreen?

  /// - Throws: `endOfInput`, `timedOut`, `lineTooLong`, `interrupted` by a signal that is still to be obeyed, `failed`.
  mutating func read(_ mode: borrowing TerminalMode, _ signals: borrowing SignalWatch) throws(TerminalError)
    -> SecretBytes
  {
    var line = try askAnew(mode)
    while true {
      switch try nextEvent(signals) {
      case .signal(SIGTSTP):
        picture?.hide()
        mode.restore()
        signals.stop()
        line = try askAnew(mode)
      case .signal(SIGCONT): line = try askAnew(mode)
      case .signal(let signal): throw .interrupted(signal: signal)
      case .byte(UInt8(ascii: "\n")): return try accepted(line)
      // One byte more than allowed tells that the line was too long; the rest is read and dropped.
      case .byte(let byte): if line.count <= Self.limit { line.append(byte) }
      }
    }
  }

  private enum Event {
    case byte(UInt8)
    case signal(Int32)
  }

  /// Setting the mode throws away what was typed before, so only then the question is shown.
  private mutating func askAnew(_ mode: borrowing TerminalMode) throws(TerminalError) -> SecretBytes {
    try mode.apply()
    picture?.show()
    // Where this cannot be written, reading tells why.
    _ = Output(descriptor: terminal).failure(writing: question.text().displayLine().utf8.span)
    return SecretBytes(capacity: Self.limit)
  }

  private func accepted(_ line: consuming SecretBytes) throws(TerminalError) -> SecretBytes {
    guard line.count <= Self.limit else { throw .lineTooLong(limit: Self.limit) }
    return line
  }

  private func nextEvent(_ signals: borrowing SignalWatch) throws(TerminalError) -> Event {
    while true {
      if let signal = signals.next() { return .signal(signal) }
      let timeLeft = timeLeft()
      var sources = [
        pollfd(fd: terminal, events: Int16(POLLIN), revents: 0),
        pollfd(fd: signals.readEnd, events: Int16(POLLIN), revents: 0),
      ]
      let ready = unsafe poll(&sources, nfds_t(sources.count), nextWake(timeLeft))
      guard ready != 0 else {
        try wake(timeLeft)
        continue
      }
      guard ready > 0 || errno == EINTR else { throw .failed(errno: errno) }
      if ready > 0, sources[1].revents == 0, let byte = try nextByte() { return .byte(byte) }
    }
  }

  /// Milliseconds for poll(2); -1 waits for ever.
  private func timeLeft() -> Int32 {
    deadline?.millisecondsAway ?? -1
  }

  /// nil when the call was interrupted. Byte by byte, so that no other buffer holds what was typed.
  private func nextByte() throws(TerminalError) -> UInt8? {
    var byte: UInt8 = 0
    switch unsafe Glibc.read(terminal, &byte, 1) {
    case 1: return byte
    case 0: throw .endOfInput
    default:
      switch errno {
      case EINTR, EAGAIN: return nil
      case EIO: throw .endOfInput
      default: throw .failed(errno: errno)
      }
    }
  }
}

extension ContinuousClock.Instant {
  /// Milliseconds until then, as poll(2) takes them; 0 once it has passed.
  var millisecondsAway: Int32 {
    let (seconds, attoseconds) = ContinuousClock.now.duration(to: self).components
    return Int32(clamping: max(0, seconds * 1_000 + attoseconds / 1_000_000_000_000_000))
  }
}

// MARK: - Redrawing

/// A live question is drawn anew in front of what has been typed, whose line the terminal itself edits.
extension LineInput {
  /// Milliseconds for poll(2): until the deadline, which is `timeLeft` away, or the next look at a live question.
  func nextWake(_ timeLeft: Int32) -> Int32 {
    guard question.isLive else { return timeLeft }
    return timeLeft < 0 ? Self.second : min(timeLeft, Self.second)
  }

  /// Throws `timedOut` where no time is left; otherwise it is time for another look at a live question.
  func wake(_ timeLeft: Int32) throws(TerminalError) {
    guard timeLeft != 0 else { throw .timedOut }
    redraw()
  }

  /// Nothing where question and answer may take more than one line.
  private func redraw() {
    let text = question.text().displayLine()
    guard text.count + Self.room < TerminalSize(ofTerminal: terminal).columns else { return }
    _ = Output(descriptor: terminal).failure(writing: (Self.save + "\r" + text + Self.restore).utf8.span)
  }

  /// Milliseconds.
  private static let second: Int32 = 1_000
  /// Columns for the answer.
  private static let room = 20
  // The cursor's place (DECSC and DECRC of the VT100).
  private static let save = "\u{1b}7"
  private static let restore = "\u{1b}8"
}

// MARK: - Screen picture

/// Secret text on a screen of its own above a question; once its owner ends it is neither on the terminal nor in what
/// the terminal scrolls back to.
///
/// The escape sequences are xterm's (ctlseqs, "The Alternate Screen Buffer") and ECMA-48's. Terminals without a second
/// screen, such as GNU screen as it comes, show the picture on the only one.
struct AlternateScreen: ~Copyable {
  private static let secondScreen = "\u{1b}[?1049h"
  private static let firstScreen = "\u{1b}[?1049l"
  private static let clearScreen = "\u{1b}[H\u{1b}[J"

  private let terminal: Int32
  private let text: SecretBytes
  private var isShown = false

  init(_ text: consuming SecretBytes, on terminal: Int32) {
    self.terminal = terminal
    self.text = text
  }

  deinit {
    if isShown { erase() }
  }

  /// Shows the picture at the top of an empty screen, and leaves the cursor below it.
  mutating func show() {
    hide()
    isShown = true
    write(Self.secondScreen + Self.clearScreen)
    // Where this cannot be written, reading the answer tells why.
    _ = text.withBytes { Output(descriptor: terminal).failure(writing: $0) }
    write("\r\n")
  }

  mutating func hide() {
    guard isShown else { return }
    erase()
    isShown = false
  }

  /// Empties line by line what was drawn and the question below: where the whole screen is cleared, some terminals keep
  /// what it held for scrolling back.
  private func erase() {
    let lines = text.withBytes { bytes in bytes.indices.count { bytes[$0] == UInt8(ascii: "\n") } } + 1
    for line in (1...lines + 2).reversed() { write("\u{1b}[\(line);1H\u{1b}[2K") }
    write(Self.firstScreen)
  }

  private func write(_ text: String) {
    _ = Output(descriptor: terminal).failure(writing: text.utf8.span)
  }
}

// MARK: - Terminal mode

/// The terminal's mode while we ask: lines, with or without echo; given back when its owner ends.
///
/// Each change throws away what was typed but not read, so that nothing typed ahead becomes an answer and nothing typed
/// too late becomes a shell command (CVE-2025-64170).
struct TerminalMode: ~Copyable {
  private let terminal: Int32
  private let saved: termios
  private let wanted: termios

  /// Notes the mode and changes nothing yet.
  init(of terminal: Int32, echo: Echo) throws(TerminalError) {
    var current = termios()
    guard unsafe tcgetattr(terminal, &current) == 0 else { throw .failed(errno: errno) }
    self.terminal = terminal
    saved = current
    wanted = Self.asking(current, echo)
  }

  deinit {
    restore()
  }

  /// Sets the mode for asking; in the background this stops us until we are in the foreground again.
  func apply() throws(TerminalError) {
    guard set(wanted) == 0 else { throw .failed(errno: errno) }
  }

  func restore() {
    // In the background the terminal is the shell's, which has set its own mode.
    guard tcgetpgrp(terminal) == getpgrp() else { return }
    _ = set(saved)
  }

  private static func asking(_ mode: termios, _ echo: Echo) -> termios {
    var mode = mode
    mode.c_iflag |= tcflag_t(ICRNL)
    mode.c_lflag |= tcflag_t(ICANON | ISIG)
    switch echo {
    case .hidden: mode.c_lflag &= ~tcflag_t(ECHO | ECHOE | ECHOK | ECHONL)
    case .visible: mode.c_lflag |= tcflag_t(ECHO | ECHOE | ECHOK)
    }
    return mode
  }

  private func set(_ mode: termios) -> Int32 {
    var mode = mode
    while unsafe tcsetattr(terminal, TCSAFLUSH, &mode) != 0 {
      guard errno == EINTR else { return -1 }
    }
    return 0
  }
}
