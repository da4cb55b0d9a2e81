import Glibc

/// Which file stood at a path, and in which state.
struct FileIdentity: Equatable {
  private let device: UInt
  private let inode: UInt
  private let size: Int
  /// Seconds and nanoseconds of the last change of contents, and of anything.
  private let changed: [Int]
  let mode: mode_t
  let owner: uid_t
  let group: gid_t

  init(_ status: stat) {
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    size = Int(status.st_size)
    changed = [status.st_mtim, status.st_ctim].flatMap { [$0.tv_sec, $0.tv_nsec] }
    mode = status.st_mode
    owner = status.st_uid
    group = status.st_gid
  }

  var isRegular: Bool { mode & S_IFMT == S_IFREG }
}
