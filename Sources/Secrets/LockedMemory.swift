/// Memory that is not swapped, not written to core files and not inherited by a forked child; wiped when its owner ends.
@safe
struct LockedMemory: ~Copyable, Sendable {
  private let place: LockedPages

  /// Room for at least `capacity` bytes, all zero.
  init(capacity: Int) { place = LockedPages.taken(for: capacity) }

  deinit { place.giveBack() }

  private var pages: UnsafeMutableRawBufferPointer { unsafe place.bytes }

  var capacity: Int { unsafe pages.count }

  /// Lends the first `count` bytes.
  func withBytes<Result: ~Copyable, Failure: Error>(
    _ count: Int, _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: pages[..<count]).bindMemory(to: UInt8.self)
    return unsafe try body(bytes.span)
  }

  mutating func write(_ bytes: borrowing Span<UInt8>, at offset: Int) {
    unsafe bytes.withUnsafeBytes { source in
      unsafe UnsafeMutableRawBufferPointer(rebasing: pages[offset..<(offset + source.count)]).copyMemory(from: source)
    }
  }

  /// Lends `count` bytes from `offset` to `body`, to be filled by a system call.
  mutating func fill<Result, Failure: Error>(
    _ count: Int, at offset: Int, _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = unsafe UnsafeMutableRawBufferPointer(rebasing: pages[offset..<(offset + count)])
    var span = unsafe bytes.bindMemory(to: UInt8.self).mutableSpan
    return try body(&span)
  }
}
