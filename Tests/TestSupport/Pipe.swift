import CLinux
import Glibc

/// A pipe from a child to us.
struct Pipe: ~Copyable {
  let readEnd: Int32
  let writeEnd: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard linux_open_pipe(&ends) == 0 else { throw LaunchError(path: "pipe", errno: errno) }
    readEnd = ends[0]
    writeEnd = ends[1]
    // The child's end blocks, as programs expect of theirs.
    _ = fcntl(writeEnd, F_SETFL, O_WRONLY)
  }

  deinit {
    close(readEnd)
  }

  func closeWriteEnd() {
    close(writeEnd)
  }

  /// Reads both to their ends at once, so that neither writer has to wait for the other.
  static func readBoth(
    _ first: borrowing Pipe, _ second: borrowing Pipe, until deadline: ContinuousClock.Instant
  ) throws -> ([UInt8], [UInt8]) {
    var texts: [Int32: [UInt8]] = [first.readEnd: [], second.readEnd: []]
    var open = [first.readEnd, second.readEnd]
    while !open.isEmpty {
      var sources = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      let ready = poll(&sources, nfds_t(sources.count), 1_000)
      guard ContinuousClock.now < deadline, ready >= 0 || errno == EINTR else {
        throw TestTimeout(waitingFor: "the end of output", seen: String(decoding: texts.values.joined(), as: UTF8.self))
      }
      for source in sources where source.revents != 0 {
        guard let bytes = readAvailable(source.fd) else {
          open.removeAll { $0 == source.fd }
          continue
        }
        texts[source.fd, default: []] += bytes
      }
    }
    return (texts[first.readEnd] ?? [], texts[second.readEnd] ?? [])
  }
}

/// What can be read at once; nil at the end.
func readAvailable(_ descriptor: Int32) -> [UInt8]? {
  var buffer = [UInt8](repeating: 0, count: 65_536)
  let count = read(descriptor, &buffer, buffer.count)
  if count > 0 { return Array(buffer[..<count]) }
  return count < 0 && (errno == EAGAIN || errno == EINTR) ? [] : nil
}
