internal import Glibc

/// What the holder of a lock tells those who wait: its process, and when AWS refused it, if it did.
struct LockNote: Equatable {
  var process: Int32
  /// Nanoseconds since the machine started (CLOCK_BOOTTIME); 0 where it was not refused.
  var refused: UInt64 = 0

  /// The bytes of a note, padded so that each covers the one before.
  static let size = 40

  /// Of this process.
  static var own: LockNote { LockNote(process: getpid()) }

  static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_BOOTTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  init(process: Int32, refused: UInt64 = 0) {
    self.process = process
    self.refused = refused
  }

  /// `PROCESS REFUSED`; nil for anything else.
  init?(_ bytes: [UInt8]) {
    let words = String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }
    guard words.count == 2, let process = Int32(words[0]), let refused = UInt64(words[1]) else { return nil }
    self.init(process: process, refused: refused)
  }

  var bytes: [UInt8] {
    let text = Array("\(process) \(refused)".utf8)
    return text + Array(repeating: UInt8(ascii: " "), count: Self.size - 1 - text.count) + [UInt8(ascii: "\n")]
  }
}
