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

  /// Everything up to the end of the file; throws `EFBIG` beyond `limit` bytes.
  func readAll(limit: Int) throws(FileFailure) -> [UInt8] {
    // One byte more than the file should hold, so that the whole of it comes with one call.
    var bytes = try readSome(min(size() + 1, limit))
    while true {
      let chunk = try readSome(65536)
      if chunk.isEmpty { return bytes }
      bytes += chunk
      guard bytes.count <= limit else { throw .call(EFBIG) }
    }
  }

  /// How many bytes a regular file holds; 0 for pipes and devices.
  private func size() throws(FileFailure) -> Int {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { throw .last }
    return max(0, Int(status.st_size))
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
      if failure != .call(EINTR) { throw failure }
    }
  }
}
