import Glibc

/// Waits until a file is moved into a folder, as an atomic write ends.
struct FolderWatch {
  private let descriptor: Int32

  init(_ folder: String) {
    descriptor = inotify_init1(Int32(IN_CLOEXEC))
    inotify_add_watch(descriptor, folder, UInt32(IN_MOVED_TO))
  }

  func wait() {
    var events = [UInt8](repeating: 0, count: 4096)
    _ = read(descriptor, &events, events.count)
    close(descriptor)
  }
}
