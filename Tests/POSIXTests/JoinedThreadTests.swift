import Glibc
import Synchronization
import Testing

@testable import POSIX

struct JoinedThreadTests {
  @Test func `a thread has ended when its owner ends, and leaves signals to others`() {
    let blocks = Mutex<Bool?>(nil)
    let didBlock = Self.blocksHangups
    do {
      let thread = JoinedThread { blocks.withLock { $0 = Self.blocksHangups } }
      let isRunning = thread.isRunning
      #expect(isRunning)
    }
    #expect(blocks.withLock { $0 } == true)
    #expect(Self.blocksHangups == didBlock)
  }

  /// Of the calling thread.
  private static var blocksHangups: Bool {
    var mask = sigset_t()
    unsafe pthread_sigmask(SIG_SETMASK, nil, &mask)
    return unsafe sigismember(&mask, SIGHUP) == 1
  }
}
