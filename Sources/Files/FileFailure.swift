import Glibc

/// Why a file could not be read or replaced.
package enum FileFailure: Error, Equatable {
  /// A system call failed with this errno(3).
  case call(Int32)
  case notRegular
  /// Nothing came through a pipe in time.
  case silent
  /// The folder, or a link on the way to the file, belongs to another user.
  case foreign
  /// Somebody else changed the file since it was read.
  case changedMeanwhile
  /// Another process of ours is changing it, and does not come to an end.
  case busy

  /// The failure of the call just made.
  package static var last: FileFailure { .call(errno) }
}
