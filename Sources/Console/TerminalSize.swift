import CLinux
import Glibc

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
