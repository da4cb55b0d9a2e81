import AWSDouble
import Dispatch
import Synchronization
import Testing

/// A call on its way, made from a thread of its own.
final class PendingCall: Sendable {
  private let came = Mutex<Answer?>(nil)
  private let group = DispatchGroup()

  /// Returns once the double has the call.
  init(to bench: Bench) {
    DispatchQueue.global().async(group: group) { [self] in
      let answer = bench.sts("GetCallerIdentity")
      came.withLock { $0 = answer }
    }
    #expect(bench.aws.wait(for: 1, of: .getCallerIdentity))
  }

  /// Waits for its end; nil when the connection closed without an answer.
  var answer: Answer? {
    group.wait()
    return came.withLock { $0 }
  }
}
