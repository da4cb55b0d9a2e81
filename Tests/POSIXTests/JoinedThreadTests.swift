import Glibc
import Synchronization
import Testing

@testable import POSIX

struct JoinedThreadTests {
  @Test func `a thread has ended when its owner ends, and leaves signals to the process's first one`() {
    let blocksInterrupts = Mutex<Bool?>(nil)
    do {
      let thread = JoinedThread {
        var mask = sigset_t()
        unsafe pthread_sigmask(SIG_SETMASK, nil, &mask)
        let isMember = unsafe sigismember(&mask, SIGINT) == 1
        blocksInterrupts.withLock { $0 = isMember }
      }
      let isRunning = thread.isRunning
      #expect(isRunning)
    }
    #expect(blocksInterrupts.withLock { $0 } == true)
    var mask = sigset_t()
    unsafe pthread_sigmask(SIG_SETMASK, nil, &mask)
    #expect(unsafe sigismember(&mask, SIGINT) == 0)
  }
}
