import TestSupport
import Testing

/// gnome-keyring is killed with SIGKILL while it writes a key. A new item is two commits of its, attributes first, so a
/// profile may be left with an empty secret: that has to be told, and never used.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct KeyringCrashTests {
  private static let rounds = Soak.rounds(300, soak: 1_000)
  private static let commandRounds = Soak.rounds(30, soak: 200)

  @Test func `a keyring killed while it gets a first key has it, has none, or says that it is damaged`() async throws {
    let tally = try await Self.tally(of: Self.rounds, by: WorkerKeeper.init) { try $0.runFirstAdds($1) }
    expect(tally, rounds: Self.rounds)
    publish(
      figure: "keyring killed during a first add: absent, complete, damaged, wrong",
      "\(tally.absent), \(tally.new), \(tally.damaged), \(tally.wrong.count)")
  }

  @Test func `a keyring killed while it replaces a key has the old or the new one, or says that it is damaged`()
    async throws
  {
    let tally = try await Self.tally(of: Self.rounds, by: WorkerKeeper.init) { try $0.runReplacements($1) }
    expect(tally, rounds: Self.rounds)
    publish(
      figure: "keyring killed during a replacement: old, new, damaged, wrong",
      "\(tally.old), \(tally.new), \(tally.damaged), \(tally.wrong.count)")
  }

  @Test func `commands on a keyring killed in their middle end with 75 or 69, and say what is there afterwards`()
    async throws
  {
    let first = try await Self.tally(of: Self.commandRounds, by: CommandKeeper.init) { try $0.runFirstAdds($1) }
    expect(first, rounds: Self.commandRounds)
    let second = try await Self.tally(of: Self.commandRounds, by: CommandKeeper.init) { try $0.runReplacements($1) }
    expect(second, rounds: Self.commandRounds)
    publish(
      figure: "keyring killed during daypass add: absent, old, new, damaged, wrong",
      "\(first.absent), \(second.old), \(first.new + second.new), \(first.damaged + second.damaged), 0")
  }

  /// What a failed add says. A command that finds no keyring any more may have met its end between two calls.
  private static let failures = [
    "serviceEnded", "75: daypass: the keyring ended in mid-call\n",
    "69: daypass: no keyring: nothing on the session bus offers the Secret Service\n",
  ]

  private func expect(_ tally: CrashTally, rounds: Int) {
    #expect(tally.wrong == [], "seeds 0 and 1")
    #expect(tally.repaired == tally.damaged)
    #expect(tally.absent + tally.old + tally.new + tally.damaged == rounds)
    let unexpected = tally.failures.filter { failure in !Self.failures.contains { failure.hasPrefix($0) } }
    #expect(unexpected == [])
  }

  /// Two keyrings at once; the seeds are fixed, the daemon's pace is not.
  private static func tally(
    of rounds: Int, by keeper: @escaping @Sendable (PrivateKeyring) throws -> any KeyKeeper,
    _ run: @escaping @Sendable (inout CrashRounds, Int) throws -> Void
  ) async throws -> CrashTally {
    try await withThrowingTaskGroup(of: CrashTally.self) { group in
      for lane in 0..<2 {
        group.addTask {
          var crashes = try CrashRounds(seed: UInt64(lane), keeper)
          try run(&crashes, rounds / 2)
          return crashes.tally
        }
      }
      return try await group.reduce(CrashTally(), +)
    }
  }
}
