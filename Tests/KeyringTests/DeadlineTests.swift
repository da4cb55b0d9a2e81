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
