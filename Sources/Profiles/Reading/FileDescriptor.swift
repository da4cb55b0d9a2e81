import Glibc

/// An open file, closed when its owner ends.
struct FileDescriptor: ~Copyable {
  let number: Int32

  /// Takes over `number`; nil where it is the -1 of a call that failed.
  init?(_ number: Int32) {
    guard number >= 0 else { return nil }
    self.number = number
  }

  deinit {
    close(number)
  }

  /// Everything up to the end of the file; throws the `errno` of the read, or `EFBIG` beyond `limit` bytes.
  func readAll(limit: Int) throws(FileFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let chunk = try readSome(max(65536, bytes.count))
      if chunk.isEmpty { return bytes }
      bytes += chunk
      guard bytes.count <= limit else { throw FileFailure(errno: EFBIG) }
    }
  }

  func writeAll(_ bytes: [UInt8]) throws(FileFailure) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe write(number, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count >= 0 { written += count } else if errno != EINTR { throw .last }
    }
  }

  private func readSome(_ capacity: Int) throws(FileFailure) -> [UInt8] {
    while true {
      var failure: FileFailure?
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        let got = unsafe read(number, buffer.baseAddress, capacity)
        if got < 0 { failure = .last }
        count = max(0, got)
      }
      guard let failure else { return chunk }
      if failure.errno != EINTR { throw failure }
    }
  }
}

extension FileDescriptor {
  /// A config file of 10 000 profiles is 1 MB; what is larger than this is no config file.
  static let largestFile = 32 << 20

  /// What `path` holds; nil where there is no such file.
  static func contents(ofFile path: String) throws(ConfigError) -> [UInt8]? {
    guard let file = FileDescriptor(unsafe open(path, O_RDONLY | O_CLOEXEC)) else {
      guard errno == ENOENT || errno == ENOTDIR else { throw .unreadable(file: path, errno: errno) }
      return nil
    }
    do throws(FileFailure) {
      return try file.readAll(limit: largestFile)
    } catch {
      throw .unreadable(file: path, errno: error.errno)
    }
  }
}
