import Glibc
import TestSupport

/// How an enrolment ends before its time.
enum GivingUp: CaseIterable {
  case controlC, endOfInput, hangUp, termination

  func happen(on terminal: PseudoTerminal) throws {
    switch self {
    case .controlC: try terminal.send("\u{3}")
    case .endOfInput: try terminal.send("\u{4}")
    case .hangUp: kill(terminal.pid, SIGHUP)
    case .termination: kill(terminal.pid, SIGTERM)
    }
  }

  var status: ExitStatus {
    switch self {
    case .controlC: .signaled(SIGINT)
    case .endOfInput: .exited(1)
    case .hangUp: .signaled(SIGHUP)
    case .termination: .signaled(SIGTERM)
    }
  }
}
