internal import Secrets

/// The worker's end of the socket, shared by its loop and by the store that reports progress.
final class ReplySender {
  private let channel: FrameChannel

  init(_ channel: consuming FrameChannel) { self.channel = channel }

  /// The next request; nil where daypass is gone or sent nonsense, which is the same to us.
  func nextRequest() -> KeyringRequest? {
    do { return try KeyringRequest(decoding: channel.receive(before: .never)) } catch { return nil }
  }

  /// Tells whether somebody is left to hear it.
  @discardableResult
  func send(_ reply: consuming KeyringReply) -> Bool {
    do {
      try channel.send(reply.encoded(), before: .never)
      return true
    } catch {
      return false
    }
  }
}
