import Glibc

/// The names in a directory, one after the other (readdir(3)).
@safe
struct DirectoryListing: ~Copyable {
  private let stream: OpaquePointer

  /// Nil where the directory cannot be read.
  init?(of directory: borrowing FileDescriptor) {
    // A descriptor of its own: the stream keeps it, and moves its position.
    let number = unsafe openat(directory.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    guard let stream = unsafe fdopendir(number) else {
      close(number)
      return nil
    }
    unsafe self.stream = stream
  }

  deinit { unsafe closedir(stream) }

  /// The next name; nil at the end.
  mutating func next() -> String? {
    guard let entry = unsafe readdir(stream) else { return nil }
    return unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
      unsafe name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { unsafe String(cString: $0) }
    }
  }
}
