import Glibc
import TestSupport

/// How a person ends a command before its time.
enum GivingUp: CaseIterable {
  case controlC, endOfInput, hangUp, termination, closedWindow

  func happen(on terminal: PseudoTerminal) throws {
    switch self {
    case .controlC: try terminal.send("\u{3}")
    case .endOfInput: try terminal.send("\u{4}")
    case .hangUp: kill(terminal.pid, SIGHUP)
    case .termination: kill(terminal.pid, SIGTERM)
    case .closedWindow: terminal.hangUp()
    }
  }

  /// Whether anything can be seen afterwards.
  var leavesWindow: Bool { self != .closedWindow }

  var status: ExitStatus {
    switch self {
    case .controlC: .signaled(SIGINT)
    case .endOfInput: .exited(1)
    case .hangUp, .closedWindow: .signaled(SIGHUP)
    case .termination: .signaled(SIGTERM)
    }
  }
}
