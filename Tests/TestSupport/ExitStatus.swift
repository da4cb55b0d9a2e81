import Glibc

/// How a process ended.
package enum ExitStatus: Equatable, Sendable {
  case exited(Int32)
  case signaled(Int32)

  /// From the number that waitpid(2) fills in.
  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7f
    self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signaled(signal)
  }
}

extension ExitStatus: CustomStringConvertible {
  /// The number of an exit; a signal's number after its word.
  package var description: String {
    switch self {
    case .exited(let status): "\(status)"
    case .signaled(let signal): "signal \(signal)"
    }
  }
}
