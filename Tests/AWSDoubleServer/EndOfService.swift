import Dispatch
import Glibc

/// Waits for SIGTERM, SIGINT, or the end of standard input where that is a pipe: the end of whoever started us.
struct EndOfService {
  private let signals: sigset_t

  init() {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signals = set
  }

  func wait() {
    if Self.isInputPipe { Self.terminateAtEndOfInput() }
    var (set, signal) = (signals, Int32(0))
    sigwait(&set, &signal)
  }

  /// A shell gives its background commands /dev/null, whose end means nothing.
  private static var isInputPipe: Bool {
    var status = stat()
    guard fstat(STDIN_FILENO, &status) == 0 else { return false }
    return [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
  }

  private static func terminateAtEndOfInput() {
    DispatchQueue.global().async {
      var byte: UInt8 = 0
      while read(STDIN_FILENO, &byte, 1) > 0 {}
      kill(getpid(), SIGTERM)
    }
  }
}
