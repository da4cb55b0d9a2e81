import Glibc
import TestSupport
import Testing

@testable import Keyring

struct DeadlineTests {
  @Test func `a deadline can be put off, and what has none stays without`() {
    var deadlines = [
      Deadline(after: .zero), Deadline(after: .zero, extendedBy: BusyTime(of: 1, askingFrom: nil)), .never,
    ]
    for index in deadlines.indices { deadlines[index].putOff(by: 60_000) }
    #expect(deadlines.map { $0.pollTimeout > 1000 } == [true, true, false])
    #expect(deadlines[2].pollTimeout == -1)
  }

  @Test func `a long wait is made in pieces, a short one in one`() {
    var wait = PresentTime()
    #expect(wait.timeout(before: Deadline(after: .seconds(60))) == 250)
    #expect(wait.timeout(before: Deadline(after: .milliseconds(100))) <= 100)
    #expect(wait.timeout(before: .never) == -1)
  }

  @Test(arguments: [(0, false), (999, false), (60_000, true)])
  func `a piece that ends much later than it was to end was missed`(late: Int64, isMissed: Bool) {
    var wait = PresentTime()
    let before = Deadline.now
    let length = Int64(wait.timeout(before: Deadline(after: .seconds(60))))
    let now = before + length + late
    #expect((wait.missed(at: now) > 0) == isMissed)
  }
}

// MARK: - Busy time tests

/// What puts a deadline off: a keyring that is at work, not one that does nothing.
struct BusyTimeTests {
  private let working = ChildProcess(["sh", "-c", "while :; do :; done"], environment: [:])
  private let idle = ChildProcess(["sleep", "60"], environment: [:])

  @Test func `a keyring at work puts off a deadline that has passed`() {
    let busy = BusyTime(of: idle.identifier, askingFrom: working.identifier)
    let (plain, extended) = (
      Deadline(after: .milliseconds(100)), Deadline(after: .milliseconds(100), extendedBy: busy)
    )
    #expect(eventually { plain.pollTimeout == 0 && extended.pollTimeout > 0 })
  }

  @Test func `a worker that finds no free processor is not to blame for the wait`() {
    // Two of them for each processor there is: each has to wait for half of its time.
    let crowd = (0..<2 * Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))).map { _ in
      ChildProcess(["sh", "-c", "while :; do :; done"], environment: [:])
    }
    let busy = BusyTime(of: working.identifier, askingFrom: nil)
    #expect(eventually { busy.milliseconds > 0 })
    withExtendedLifetime(crowd) {}
  }

  @Test(.enabled(if: Installed.has("python3"), "python3 is not installed"))
  func `a keyring or worker that waits for a disk puts off a deadline that has passed`() {
    // The parent of a process made by vfork(2) waits as for a disk, and so does the test.
    let program = "import ctypes; c = ctypes.CDLL(None); c.vfork(); c.prctl(1, 9); c.pause()"
    let waiting = ChildProcess(["python3", "-c", program], environment: [:])
    for (worker, service) in [(waiting, idle), (idle, waiting)] {
      let busy = BusyTime(of: worker.identifier, askingFrom: service.identifier)
      #expect(eventually { busy.waitsForDisk })
      #expect(Deadline(after: .zero, extendedBy: busy).pollTimeout > 0)
    }
  }

  @Test func `a keyring that does nothing puts nothing off`() throws {
    idle.send(SIGSTOP)
    var state = siginfo_t()
    try #require(waitid(P_PID, id_t(idle.identifier), &state, WSTOPPED) == 0)
    let quiet = Deadline(after: .zero, extendedBy: BusyTime(of: idle.identifier, askingFrom: idle.identifier))
    let meanwhile = BusyTime(of: idle.identifier, askingFrom: working.identifier)
    #expect(eventually { meanwhile.milliseconds > 50 })
    #expect(quiet.pollTimeout == 0)
  }

  @Test func `a process that is gone has no time`() {
    let gone = ChildProcess(["true"], environment: [:])
    _ = gone.wait()
    let time = ProcessorTime(of: gone.identifier)
    #expect(time.used == 0)
    #expect(time.awaited == 0)
  }
}
