internal import Files
internal import Glibc

/// Why processes cannot be kept from getting the same session at once.
package enum LockError: Error, Equatable {
  /// Neither `XDG_RUNTIME_DIR` nor the home has a folder that is ours alone.
  case noFolder
  /// What stands at `path` is not ours, or not what we make there.
  case foreign(path: String)
  /// A system call failed with this errno(3).
  case failed(path: String, errno: Int32)
  /// Another process, where it is known which, kept the lock all the time.
  case timedOut(holder: Int32?, seconds: Int)
}

extension LockError {
  /// A link where a file should be, a file where a folder should be, and the reverse are nothing of ours.
  init(_ failure: FileFailure, at path: String) {
    self =
      switch failure {
      case .call(ELOOP), .call(ENOTDIR), .call(EISDIR), .call(ENXIO): .foreign(path: path)
      case .call(let errno): .failed(path: path, errno: errno)
      case .notRegular, .silent, .foreign, .changedMeanwhile, .busy: .foreign(path: path)
      }
  }
}
