import Glibc

/// Which file stood at a path, and in which state.
package struct FileIdentity: Equatable {
  private let device: UInt
  private let inode: UInt
  private let size: Int
  /// Seconds and nanoseconds of the last change of contents, and of anything.
  private let changed: [Int]
  package let mode: mode_t
  package let owner: uid_t
  package let group: gid_t

  init(_ status: stat) {
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    size = Int(status.st_size)
    changed = [status.st_mtim, status.st_ctim].flatMap { [$0.tv_sec, $0.tv_nsec] }
    mode = status.st_mode
    owner = status.st_uid
    group = status.st_gid
  }

  /// Whether it is that very file, in whatever state.
  func isSameFile(as other: FileIdentity) -> Bool { device == other.device && inode == other.inode }

  package var isRegular: Bool { mode & S_IFMT == S_IFREG }
  var isLink: Bool { mode & S_IFMT == S_IFLNK }
  /// Whether none but us and root can have made it.
  var isTrusted: Bool { owner == geteuid() || owner == 0 }
  package var isOurs: Bool { owner == geteuid() }
  package var isWritableByOthers: Bool { mode & 0o022 != 0 }
  /// Whether nobody but its owner may do anything with it.
  package var isPrivate: Bool { mode & 0o077 == 0 }
}
