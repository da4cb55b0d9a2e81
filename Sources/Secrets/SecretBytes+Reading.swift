import Glibc

extension SecretBytes {
  /// Appends what one read(2) of at most `limit` bytes gives, without a copy elsewhere; returns its result, with errno
  /// set where it is negative, and starts over where a signal came in between.
  package mutating func append(from descriptor: Int32, atMost limit: Int) -> Int {
    var result = 0
    append(upTo: limit) { bytes in
      repeat {
        result = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      } while result < 0 && errno == EINTR
      return max(0, result)
    }
    return result
  }
}
