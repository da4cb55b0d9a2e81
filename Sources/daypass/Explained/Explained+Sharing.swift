import AWSValues
import Glibc
import Keyring
import Sessions

extension Explained {
  /// What a process that waits for another waits for.
  static func waiting(for process: Int32?) -> String {
    (process.map { "process \($0)" } ?? "another process") + ", which is getting this session"
  }
}

extension KernelKeyError {
  /// Why sessions are not in the kernel.
  var words: String {
    switch self {
    case .refused(let errno): "the kernel keeps no sessions for us (\(Self.reason(errno))): using the keyring"
    }
  }

  private static func reason(_ errno: Int32) -> String {
    unsafe String(cString: strerror(errno))
  }
}

extension LockError {
  /// What it means that processes do not wait for each other.
  var words: String { "several daypass processes may ask at once: \(reason)" }

  var reason: String {
    switch self {
    case .noFolder: "neither XDG_RUNTIME_DIR nor HOME has a folder that is yours alone"
    case .foreign(let path): "\(path.displayText()) is not what daypass makes there, or not yours: remove it"
    case .failed(let path, let errno):
      "\(path.displayText()): \(unsafe String(cString: strerror(errno)))"
    case .timedOut: "the lock was not given back in time"
    }
  }
}
