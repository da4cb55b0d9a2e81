import Glibc

/// A file that the user named, open for reading: a regular one, a pipe such as the shell's `<(…)`, or `/dev/null`.
///
/// Folders, sockets and other devices are refused: they may block for ever, or never end. A pipe is waited for, whether
/// its writer or what it writes is late, but not for ever.
package struct InputFile: ~Copyable {
  private let descriptor: FileDescriptor
  private let identity: FileIdentity
  private let deadline: ContinuousClock.Instant

  private init(_ descriptor: consuming FileDescriptor, _ identity: FileIdentity, timeout: Duration) {
    self.descriptor = descriptor
    self.identity = identity
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
    let identity = try descriptor.identity()
    switch identity.kind {
    case .regular, .pipe, .nullDevice: return InputFile(descriptor, identity, timeout: timeout)
    case .folder: throw .call(EISDIR)
    case .link, .other: throw .notRegular
    }
  }

  /// Whether it is a regular file of this user.
  package var isOwnRegularFile: Bool { identity.isOurs && identity.isRegular }

  /// For one read(2) at a time, after `waitForData`.
  package var number: Int32 { descriptor.number }

  /// Waits until a pipe has something to read or has ended; throws `silent` if that takes too long.
  package func waitForData() throws(FileFailure) {
    guard identity.kind == .pipe else { return }
    // Nothing is told of a pipe that nobody has opened for writing yet.
    guard .now < deadline, try FileDescriptor.wait(for: .reading, on: number, until: deadline) else { throw .silent }
  }

  /// Everything up to the end of the file; throws `EFBIG` beyond `limit` bytes.
  package func readAll(limit: Int) throws(FileFailure) -> [UInt8] {
    // 0 also for the files of proc(5), which tell none.
    let size = identity.isRegular ? identity.size : 0
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
