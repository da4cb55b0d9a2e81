import Glibc

/// Why a file could not be read or replaced.
enum FileFailure: Error, Equatable {
  /// A system call failed with this errno(3).
  case call(Int32)
  case notRegular
  /// Somebody else changed the file since it was read.
  case changedMeanwhile
  /// Another process of ours is changing it, and does not come to an end.
  case busy

  /// The failure of the call just made.
  static var last: FileFailure { .call(errno) }
}
