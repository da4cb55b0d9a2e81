import CLinux
import Glibc

/// Pages of memory that are not swapped, not written to core files and not inherited by a forked child; wiped when
/// their owner ends.
///
/// Where `RLIMIT_MEMLOCK` is used up the pages can still be swapped; they are never less protected otherwise.
@safe
struct LockedMemory: ~Copyable, @unchecked Sendable {
  private let pages: UnsafeMutableRawBufferPointer

  /// Room for at least `capacity` bytes, all zero.
  init(capacity: Int) {
    let pageSize = sysconf(Int32(_SC_PAGESIZE))
    let length = max(1, (capacity + pageSize - 1) / pageSize) * pageSize
    let start = unsafe mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start = unsafe start, unsafe start != MAP_FAILED else { preconditionFailure("out of memory") }
    _ = unsafe mlock(start, length)
    _ = unsafe madvise(start, length, MADV_DONTDUMP)
    _ = unsafe madvise(start, length, MADV_WIPEONFORK)
    unsafe pages = UnsafeMutableRawBufferPointer(start: start, count: length)
  }

  deinit {
    guard let start = unsafe pages.baseAddress else { return }
    unsafe linux_wipe(start, pages.count)
    _ = unsafe munmap(start, pages.count)
  }

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
