import Glibc

/// A file that the user named, open for reading: a regular one, a pipe such as the shell's `<(…)`, or `/dev/null`.
///
/// Folders, sockets and other devices are refused: they may block for ever, or never end. A pipe is waited for, whether
/// its writer or what it writes is late, but not for ever.
package struct InputFile: ~Copyable {
  private let descriptor: FileDescriptor
  private let kind: FileKind
  private let deadline: ContinuousClock.Instant

  private init(_ descriptor: consuming FileDescriptor, _ kind: FileKind, timeout: Duration) {
    self.descriptor = descriptor
    self.kind = kind
    deadline = .now + timeout
  }

  /// Nil if there is no file at `path`. All that a pipe is to give has to come within `timeout`.
  package static func open(_ path: String, timeout: Duration) throws(FileFailure) -> InputFile? {
    // Neither waits for the writer of a pipe, nor makes a terminal ours.
    let number = unsafe Glibc.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard let descriptor = FileDescriptor(number) else {
      switch errno {
      case ENOENT, ENOTDIR: return nil
      // A socket, or a device that nothing is behind.
      case ENXIO, ENODEV: throw .notRegular
      case _: throw .last
      }
    }
    let kind = try descriptor.kind()
    switch kind {
    case .regular, .pipe, .nullDevice: return InputFile(descriptor, kind, timeout: timeout)
    case .folder: throw .call(EISDIR)
    case .other: throw .notRegular
    }
  }

  /// Whether it is a regular file of this user.
  package var isOwnRegularFile: Bool {
    var status = stat()
    return unsafe fstat(descriptor.number, &status) == 0 && status.st_uid == geteuid() && kind.isRegular
  }

  /// For one read(2) at a time, after `waitForData`.
  package var number: Int32 { descriptor.number }

  /// Waits until a pipe has something to read or has ended; throws `silent` if that takes too long.
  package func waitForData() throws(FileFailure) {
    guard kind == .pipe else { return }
    // Nothing is told of a pipe that nobody has opened for writing yet.
    guard .now < deadline, try FileDescriptor.wait(for: .reading, on: number, until: deadline) else { throw .silent }
  }

  /// Everything up to the end of the file; throws `EFBIG` beyond `limit` bytes.
  package func readAll(limit: Int) throws(FileFailure) -> [UInt8] {
    var size = 0
    if case .regular(let told) = kind { size = told }
    var bytes: [UInt8] = []
    while size <= limit, bytes.count <= limit {
      try waitForData()
      let chunk = try descriptor.readSome(max(65536, bytes.count))
      bytes += chunk
      // Where the size is known, the end need not be looked for.
      if chunk.isEmpty || bytes.count == size { return bytes }
    }
    throw .call(EFBIG)
  }
}

// MARK: - File kind

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

  /// What `path` leads to; nil if that cannot be told.
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
