import CLinux
import Glibc
import Synchronization

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

// MARK: - Locked pages

/// Whole pages of memory that are not swapped, not written to core files and not inherited by a forked child.
///
/// If `RLIMIT_MEMLOCK` is used up they can still be swapped; they are never less protected otherwise.
@safe
struct LockedPages: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer

  /// Single pages for the next secrets, mapped together: to map and lock one costs as much as to read a small file.
  private static let spare = Mutex<[LockedPages]>([])
  private static let mappedTogether = 8
  private static let size = sysconf(Int32(_SC_PAGESIZE))

  /// Pages for at least `capacity` bytes, all zero.
  static func taken(for capacity: Int) -> LockedPages {
    guard capacity <= size else { return LockedPages(mapping: (capacity + size - 1) / size * size) }
    return spare.withLock { spare in
      if spare.isEmpty { spare = LockedPages(mapping: mappedTogether * size).singlePages }
      return spare.removeLast()
    }
  }

  /// Wipes them, and keeps or frees them.
  func giveBack() {
    guard let start = unsafe bytes.baseAddress else { return }
    unsafe linux_wipe(start, bytes.count)
    guard unsafe bytes.count > Self.size || !Self.keep(self) else { return }
    _ = unsafe munmap(start, bytes.count)
  }

  private init(mapping length: Int) {
    let start = unsafe mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start = unsafe start, unsafe start != MAP_FAILED else { preconditionFailure("out of memory") }
    if unsafe mlock(start, length) != 0 {
      // As many as the limit allows, from the last, which is taken first.
      for page in stride(from: 0, to: length, by: Self.size).reversed() { _ = unsafe mlock(start + page, Self.size) }
    }
    _ = unsafe madvise(start, length, MADV_DONTDUMP)
    _ = unsafe madvise(start, length, MADV_WIPEONFORK)
    unsafe bytes = UnsafeMutableRawBufferPointer(start: start, count: length)
  }

  private init(_ bytes: UnsafeMutableRawBufferPointer) { unsafe self.bytes = bytes }

  private var singlePages: [LockedPages] {
    unsafe stride(from: 0, to: bytes.count, by: Self.size).map { start in
      unsafe LockedPages(UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + Self.size]))
    }
  }

  private static func keep(_ page: LockedPages) -> Bool {
    spare.withLock { spare in
      guard spare.count < mappedTogether else { return false }
      spare.append(page)
      return true
    }
  }
}
