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
  var picture: ScreenPicture?

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
