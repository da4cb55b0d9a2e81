import Glibc

/// A system call that failed, by its errno(3).
struct FileFailure: Error, Equatable {
  var errno: Int32

  /// The failure of the call just made.
  static var last: FileFailure { FileFailure(errno: Glibc.errno) }
}
