import AWSServices
import Testing

struct IAMPatienceTests {
  private enum Trouble: Error { case passing, lasting }

  private final class Clock {
    var pauses: [Duration] = []
  }

  private let clock = Clock()
  private var patience: IAMPatience { .whileBusy { [clock] in clock.pauses.append($0) } }

  @Test(arguments: 0...5)
  func `what fails for a while is made again after longer and longer pauses`(failures: Int) {
    var attempts = 0
    let isDone: Bool
    do {
      try patience.persist {
        attempts += 1
        if attempts <= failures { throw Trouble.passing }
      } while: {
        $0 as? Trouble == .passing
      }
      isDone = true
    } catch {
      isDone = false
    }
    #expect(isDone == (failures < 5))
    #expect(attempts == min(failures + 1, 5))
    #expect(clock.pauses == [1, 2, 4, 8].prefix(failures).map { Duration.seconds($0) })
  }

  @Test func `what fails for good is made once`() {
    #expect(throws: Trouble.lasting) {
      try patience.persist({ throw Trouble.lasting }, while: { $0 as? Trouble == .passing })
    }
    #expect(clock.pauses.isEmpty)
  }

  @Test func `who waits is told for how long, a fact only once`() throws {
    var told: [Duration] = []
    #expect(throws: Trouble.passing) {
      try patience.persist(
        { throw Trouble.passing }, while: { $0 as? Trouble == .passing }, waiting: { told.append($0) })
    }
    #expect(told == [0, 1, 3, 7].map { Duration.seconds($0) })
    var (looks, times) = (0, 0)
    let isSeen = try patience.wait {
      looks += 1
      return looks == 3
    } waiting: {
      times += 1
    }
    #expect(isSeen && times == 1)
  }

  @Test func `the limit is that of all pauses`() throws {
    let patience = IAMPatience(limit: 60) { [clock] in clock.pauses.append($0) }
    #expect(patience.limit == 60 && patience.brief.limit == 2)
    #expect(try !patience.wait { false })
    #expect(clock.pauses.count == 30)
  }
}
