internal import Delivery
internal import Secrets

/// Secret text on a screen of its own above a question; once its owner ends it is neither on the terminal nor in what
/// the terminal scrolls back to.
///
/// The escape sequences are xterm's (ctlseqs, "The Alternate Screen Buffer") and ECMA-48's. Terminals without a second
/// screen, such as GNU screen as it comes, show the picture on the only one.
struct ScreenPicture: ~Copyable {
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
