import Glibc
import TestSupport

/// Counts the files that come, go and are renamed in a keyring's folder while its collection is written (inotify(7)).
final class FolderChanges {
  private let descriptor: Int32
  private var seen = 0

  init(in folder: String) throws {
    descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    let mask = UInt32(IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
    guard inotify_add_watch(descriptor, folder, mask) >= 0 else { throw SetupFailure("inotify: \(errno)") }
  }

  deinit { close(descriptor) }

  /// Forgets what happened so far.
  func reset() {
    read()
    seen = 0
  }

  /// Waits up to `milliseconds` for the next change, and tells how many there were.
  func count(waiting milliseconds: Int32) -> Int {
    var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if poll(&source, 1, milliseconds) > 0 { read() }
    return seen
  }

  private func read() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return }
      seen += Self.events(in: buffer[..<count])
    }
  }

  /// An event is 16 bytes, of which the last four tell the length of the name that follows.
  ///
  /// The daemon keeps other files there, and locks them at its start.
  private static func events(in bytes: ArraySlice<UInt8>) -> Int {
    var count = 0
    var place = 0
    while place + 16 <= bytes.count {
      let length = bytes[(place + 12)..<(place + 16)].reversed().reduce(0) { $0 << 8 | Int($1) }
      let name = String(decoding: bytes[(place + 16)..<(place + 16 + length)], as: UTF8.self)
      if name.hasPrefix("login.keyring") || name.hasPrefix(".temp-") { count += 1 }
      place += 16 + length
    }
    return count
  }
}
