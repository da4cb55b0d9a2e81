internal import Delivery
internal import Synchronization

/// The wait for a reader of messages that does not read: credentials must not be held up for ever by a log that nobody
/// empties. A reader that was waited for in vain is not waited for again.
final class Patience: Sendable {
  static let ofProcess = Patience()
  private static let milliseconds: Int32 = 2_000

  private let isOver = Atomic<Bool>(false)

  /// Whether some bytes can be written without a longer wait; a person who has stopped a terminal is always waited for.
  func allowsWriting(to output: Output) -> Bool {
    if output.isTerminal { return true }
    guard !isOver.load(ordering: .relaxed) else { return false }
    let isReady = output.isReady(within: Self.milliseconds)
    if !isReady { isOver.store(true, ordering: .relaxed) }
    return isReady
  }
}
