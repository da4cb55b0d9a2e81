internal import Glibc

/// An open file or folder, closed when its owner ends; never reached through a link.
struct OpenFile: ~Copyable {
  let number: Int32
  let path: String
  private let status: stat

  init(_ path: String, _ flags: Int32) throws(LockError) {
    try self.init(unsafe Glibc.open(path, flags | O_NOFOLLOW | O_CLOEXEC), at: path)
  }

  private init(_ number: Int32, at path: String) throws(LockError) {
    guard number >= 0 else { throw Self.failure(at: path) }
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else {
      close(number)
      throw .failed(path: path, errno: errno)
    }
    self.number = number
    self.path = path
    self.status = status
  }

  deinit { close(number) }

  var isOurs: Bool { status.st_uid == geteuid() }
  var isRegular: Bool { status.st_mode & S_IFMT == S_IFREG }
  var isWritableByOthers: Bool { status.st_mode & 0o022 != 0 }
  var isPrivate: Bool { status.st_mode & 0o077 == 0 }

  /// A file in this folder.
  func open(_ name: String, _ flags: Int32) throws(LockError) -> OpenFile {
    try OpenFile(unsafe openat(number, name, flags | O_NOFOLLOW | O_CLOEXEC, 0o600), at: "\(path)/\(name)")
  }

  /// Makes a folder in this one, for the user alone, where it is missing.
  func makeFolder(_ name: String) throws(LockError) {
    guard unsafe mkdirat(number, name, 0o700) == 0 || errno == EEXIST else {
      throw .failed(path: "\(path)/\(name)", errno: errno)
    }
  }

  /// A link where a file should be, a file where a folder should be, and the reverse are nothing of ours.
  private static func failure(at path: String) -> LockError {
    [ELOOP, ENOTDIR, EISDIR, ENXIO].contains(errno) ? .foreign(path: path) : .failed(path: path, errno: errno)
  }
}
