import Glibc
import Secrets
import Testing

@testable import Keyring

struct FrameChannelTests {
  private let near: Int32
  private let far: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
    (near, far) = (ends[0], ends[1])
  }

  @Test(arguments: [0, 1, 4095, 70_000])
  func `a frame arrives whole`(count: Int) throws {
    let sender = FrameChannel(owning: near)
    let receiver = FrameChannel(owning: far)
    try sender.send(SecretBytes(copying: [UInt8](repeating: 9, count: count).span), before: .never)
    let received = try receiver.receive(before: .never).count
    #expect(received == count)
  }

  @Test func `a frame that ends early is the end`() {
    let receiver = FrameChannel(owning: far)
    write(near, [5, 0, 0, 0, 1, 2] as [UInt8], 6)
    close(near)
    #expect(throws: ChannelError.closed) { _ = try receiver.receive(before: .never) }
  }

  @Test func `a length nobody would send is refused before memory is taken for it`() {
    let receiver = FrameChannel(owning: far)
    write(near, [255, 255, 255, 255] as [UInt8], 4)
    close(near)
    #expect(throws: ChannelError.malformed) { _ = try receiver.receive(before: .never) }
  }

  @Test func `a frame that does not come is late`() {
    let receiver = FrameChannel(owning: far)
    #expect(throws: ChannelError.late) { _ = try receiver.receive(before: Deadline(after: .milliseconds(1))) }
    close(near)
  }

  @Test func `a frame that nobody takes is late`() {
    let sender = FrameChannel(owning: near)
    let large = SecretBytes(copying: [UInt8](repeating: 9, count: 4 << 20).span)
    #expect(throws: ChannelError.late) { try sender.send(large, before: Deadline(after: .milliseconds(1))) }
    close(far)
  }

  @Test func `sending to nobody is an error and no signal`() {
    let sender = FrameChannel(owning: near)
    close(far)
    #expect(throws: ChannelError.closed) { try sender.send(SecretBytes(copying: "x"), before: .never) }
  }
}
