import Glibc

/// What stands at a path, as far as reading it is concerned.
enum FileKind: Equatable {
  /// Its size in bytes; 0 also for the files of proc(5), which tell none.
  case regular(size: Int)
  case pipe
  /// `/dev/null`.
  case nullDevice
  case folder
  /// A terminal, another device or a socket.
  case other

  init(_ status: stat) {
    self =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular(size: Int(status.st_size))
      case S_IFIFO: .pipe
      case S_IFDIR: .folder
      // Major number 1, minor number 3 (null(4)).
      case S_IFCHR where status.st_rdev == 0x103: .nullDevice
      case _: .other
      }
  }

  /// What `path` leads to; nil where that cannot be told.
  init?(of path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  var isRegular: Bool {
    switch self {
    case .regular: true
    case .pipe, .nullDevice, .folder, .other: false
    }
  }
}
