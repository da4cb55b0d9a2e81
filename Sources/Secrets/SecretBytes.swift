import CLinux
import Glibc

/// Secret bytes in locked memory, wiped when their owner ends.
///
/// They cannot be copied by accident, printed or encoded: there is no `description`, and what reads them borrows them.
package struct SecretBytes: ~Copyable, Sendable {
  private var memory: LockedMemory
  package private(set) var count = 0

  /// No bytes yet, with room for `capacity` of them before memory has to be moved.
  package init(capacity: Int = 0) {
    memory = LockedMemory(capacity: capacity)
  }

  /// A copy of `bytes`, whose first owner still has to wipe them.
  package init(copying bytes: borrowing Span<UInt8>) {
    self.init(capacity: bytes.count)
    append(bytes)
  }

  /// A copy of text that was never secret memory to begin with: a test's constant, an environment variable.
  package init(copying text: String) {
    self.init(copying: text.utf8.span)
  }

  package var isEmpty: Bool { count == 0 }

  /// Lends the bytes to `body`.
  package func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try memory.withBytes(count, body)
  }

  package mutating func append(_ bytes: borrowing Span<UInt8>) {
    reserve(count + bytes.count)
    memory.write(bytes, at: count)
    count += bytes.count
  }

  package mutating func append(_ text: String) {
    append(text.utf8.span)
  }

  package mutating func append(_ byte: UInt8) {
    let bytes: InlineArray<1, UInt8> = [byte]
    append(bytes.span)
  }

  package mutating func append(_ other: borrowing SecretBytes) {
    other.withBytes { append($0) }
  }

  /// Grows by up to `limit` bytes, which `body` writes, telling how many: read(2) without a copy in between.
  package mutating func append<Failure: Error>(
    upTo limit: Int, filledBy body: (inout MutableSpan<UInt8>) throws(Failure) -> Int
  ) throws(Failure) {
    reserve(count + limit)
    let written = try memory.fill(limit, at: count, body)
    precondition((0...limit).contains(written), "more bytes reported than there is room for")
    count += written
  }

  /// A second owner of the same bytes, for a caller that must keep one and give one away.
  package func clone() -> SecretBytes {
    withBytes { SecretBytes(copying: $0) }
  }

  /// The bytes of `range` as a secret of their own.
  package func clone(_ range: Range<Int>) -> SecretBytes {
    withBytes { SecretBytes(copying: $0.extracting(range)) }
  }

  /// Whether both hold the same bytes, in time that depends on their number only.
  package func equals(_ other: borrowing SecretBytes) -> Bool {
    guard count == other.count else { return false }
    return withBytes { mine in
      other.withBytes { theirs in
        var difference: UInt8 = 0
        for index in mine.indices { difference |= mine[index] ^ theirs[index] }
        return difference == 0
      }
    }
  }

  /// The bytes as text, nil if they are not UTF-8; the copy is not wiped, so this is for the last step out only.
  package func revealed() -> String? {
    revealed(0..<count)
  }

  /// The bytes of `range` as text, for parts beside a secret that are not secret.
  package func revealed(_ range: Range<Int>) -> String? {
    withBytes { bytes in
      do { return String(copying: try UTF8Span(validating: bytes.extracting(range))) } catch { return nil }
    }
  }

  private mutating func reserve(_ capacity: Int) {
    guard capacity > memory.capacity else { return }
    var larger = LockedMemory(capacity: max(capacity, memory.capacity * 2))
    memory.withBytes(count) { larger.write($0, at: 0) }
    memory = larger
  }
}

// MARK: - Text

extension SecretBytes {
  /// Whether they may go into a header, an environment variable and JSON as they are: letters, digits and signs of ASCII.
  package var isVisibleASCII: Bool {
    withBytes { bytes in bytes.indices.allSatisfy { (0x21...0x7e).contains(bytes[$0]) } }
  }

  /// The parts of `range`, or of all, between `separator`s, which are part of none.
  package func ranges(of range: Range<Int>? = nil, separatedBy separator: UInt8) -> [Range<Int>] {
    let range = range ?? 0..<count
    return withBytes { bytes in
      var ranges: [Range<Int>] = []
      var start = range.lowerBound
      for index in range where bytes[index] == separator {
        ranges.append(start..<index)
        start = index + 1
      }
      return ranges + [start..<range.upperBound]
    }
  }

  /// `range` with `%41` decoded to the byte 0x41, and the byte `blank` to a space. A `%` without two hexadecimal digits
  /// after it is left as it is.
  package func percentDecoded(_ range: Range<Int>, blank: UInt8? = nil) -> SecretBytes {
    withBytes { bytes in
      var decoded = SecretBytes(capacity: range.count)
      var rest = range
      while let index = rest.popFirst() {
        if bytes[index] == UInt8(ascii: "%"), rest.count >= 2,
          let high = Character(Unicode.Scalar(bytes[index + 1])).hexDigitValue,
          let low = Character(Unicode.Scalar(bytes[index + 2])).hexDigitValue
        {
          decoded.append(UInt8(high << 4 | low))
          rest = rest.dropFirst(2)
        } else {
          decoded.append(bytes[index] == blank ? UInt8(ascii: " ") : bytes[index])
        }
      }
      return decoded
    }
  }

  /// What is left of `range`, or of all, without the bytes at both ends for which `isOuter` is true.
  package func trimmedRange(of range: Range<Int>? = nil, where isOuter: (UInt8) -> Bool) -> Range<Int> {
    withBytes { bytes in
      var inner = range ?? 0..<bytes.count
      while let first = inner.first, isOuter(bytes[first]) { inner.removeFirst() }
      while let last = inner.last, isOuter(bytes[last]) { inner.removeLast() }
      return inner
    }
  }
}

// MARK: - Borrowing

extension Optional where Wrapped: ~Copyable {
  /// Lends the value to `body` if there is one.
  package func withValue<Result: ~Copyable, Failure: Error>(
    _ body: (borrowing Wrapped) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    switch self {
    case .some(let value): try body(value)
    case .none: nil
    }
  }

  package var exists: Bool {
    switch self {
    case .some: true
    case .none: false
    }
  }
}

// MARK: - Reading

extension SecretBytes {
  /// `count` bytes of the kernel's randomness (getrandom(2)).
  package static func random(_ count: Int) -> SecretBytes {
    var secret = SecretBytes(capacity: count)
    while secret.count < count {
      secret.append(upTo: count - secret.count) { bytes in
        max(0, unsafe bytes.withUnsafeMutableBytes { unsafe getrandom($0.baseAddress, $0.count, 0) })
      }
    }
    return secret
  }

  /// `count` characters of base64url (RFC 4648, 5), with six bits of randomness in each: 64 divides 256.
  package static func randomText(_ count: Int) -> SecretBytes {
    let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var text = SecretBytes(capacity: count)
    random(count).withBytes { bytes in
      for index in bytes.indices { text.append(characters[Int(bytes[index] & 63)]) }
    }
    return text
  }

  /// Appends what one read(2) of at most `limit` bytes gives, without a copy elsewhere; returns its result, with errno
  /// set if it is negative, and starts over if a signal came in between.
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
