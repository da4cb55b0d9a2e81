import Glibc

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
