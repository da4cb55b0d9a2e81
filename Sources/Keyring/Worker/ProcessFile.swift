import Glibc

/// What the kernel tells of a process in a file of /proc (proc(5)), as far as its first half KiB goes; nothing where there
/// is no such file.
struct ProcessFile {
  private(set) var bytes = InlineArray<512, UInt8>(repeating: 0)
  private(set) var count = 0

  init(_ name: String, of process: pid_t) {
    let file = unsafe open("/proc/\(process)/\(name)", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    var span = bytes.mutableSpan
    count = max(0, unsafe span.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) })
  }
}
