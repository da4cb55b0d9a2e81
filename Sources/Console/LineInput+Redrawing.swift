internal import AWSValues
internal import Delivery

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
