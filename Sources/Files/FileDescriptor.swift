import Glibc

/// An open file, closed when its owner ends.
package struct FileDescriptor: ~Copyable {
  package let number: Int32

  /// Takes over `number`; nil where it is the -1 of a call that failed.
  package init?(_ number: Int32) {
    guard number >= 0 else { return nil }
    self.number = number
  }

  deinit {
    close(number)
  }

  /// Everything up to the end of the file; throws the `errno` of the read, or `EFBIG` beyond `limit` bytes.
  package func readAll(limit: Int) throws(FileFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let chunk = try readSome(max(65536, bytes.count))
      if chunk.isEmpty { return bytes }
      bytes += chunk
      guard bytes.count <= limit else { throw .call(EFBIG) }
    }
  }

  package func writeAll(_ bytes: [UInt8]) throws(FileFailure) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe write(number, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count >= 0 { written += count } else if errno != EINTR { throw .last }
    }
  }

  /// What one read(2) gives; nothing at the end.
  func readSome(_ capacity: Int) throws(FileFailure) -> [UInt8] {
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
