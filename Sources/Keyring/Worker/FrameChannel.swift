import Glibc
internal import Secrets

/// One end of the socket between daypass and its keyring worker. A frame is its length in four bytes, little-endian, and
/// that many bytes, which go from and to locked memory.
struct FrameChannel: ~Copyable {
  /// Room for the largest secret and its name; what a frame may make us allocate.
  static let largestFrame = 4 << 20

  private let descriptor: Int32

  init(owning descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  func send(_ body: borrowing SecretBytes, before deadline: Deadline) throws(ChannelError) {
    // In one piece, for which the other end wakes up once.
    var frame = FrameWriter()
    frame.append(body)
    try write(frame.finish(), deadline)
  }

  func receive(before deadline: Deadline) throws(ChannelError) -> SecretBytes {
    var length = try FrameReader(read(4, deadline))
    let count = try length.number()
    guard count <= Self.largestFrame else { throw .malformed }
    return try read(count, deadline)
  }

  private func write(_ bytes: borrowing SecretBytes, _ deadline: Deadline) throws(ChannelError) {
    var sent = 0
    while sent < bytes.count {
      sent += try whenReady(POLLOUT, deadline) {
        bytes.withBytes { span in
          unsafe span.extracting(sent...).withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
          }
        }
      }
    }
  }

  private func read(_ count: Int, _ deadline: Deadline) throws(ChannelError) -> SecretBytes {
    var bytes = SecretBytes(capacity: count)
    while bytes.count < count {
      try bytes.append(upTo: count - bytes.count) { (room) throws(ChannelError) in
        let received = try whenReady(POLLIN, deadline) {
          unsafe room.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
          }
        }
        guard received > 0 else { throw .closed }
        return received
      }
    }
    return bytes
  }

  /// Repeats `transfer` until it moved something or met the end.
  private func whenReady(_ event: Int32, _ deadline: Deadline, _ transfer: () -> Int) throws(ChannelError) -> Int {
    while true {
      let count = transfer()
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: try wait(for: event, deadline)
      case _: throw .closed
      }
    }
  }

  private func wait(for event: Int32, _ deadline: Deadline) throws(ChannelError) {
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    var deadline = deadline
    var wait = PresentTime()
    while unsafe poll(&entry, 1, wait.timeout(before: deadline)) == 0 {
      deadline.putOff(by: wait.missed())
      guard deadline.pollTimeout != 0 else { throw .late }
    }
  }
}
