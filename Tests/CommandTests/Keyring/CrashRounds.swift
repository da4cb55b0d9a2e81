import TestSupport

/// Rounds in which the keyring daemon is killed while it writes, on a keyring of their own.
struct CrashRounds {
  private let keyring: PrivateKeyring
  private let keeper: any KeyKeeper
  private var generator: SeededGenerator
  private(set) var tally = CrashTally()

  init(seed: UInt64, _ keeper: (PrivateKeyring) throws -> any KeyKeeper) throws {
    generator = SeededGenerator(seed: seed)
    keyring = try PrivateKeyring()
    self.keeper = try keeper(keyring)
  }

  /// A profile gets its first key.
  mutating func runFirstAdds(_ count: Int) throws {
    for index in 0..<count {
      _ = try run("p\(index)", old: nil)
      try keeper.remove("p\(index)")
    }
  }

  /// A profile's key is replaced.
  mutating func runReplacements(_ count: Int) throws {
    var current = MadeUpKey(using: &generator)
    guard try keeper.add(current, as: "p", until: nil) == .stored else { throw SetupFailure("no first key") }
    for _ in 0..<count { current = try run("p", old: current) }
  }

  /// One round; returns the key that `profile` has now.
  private mutating func run(_ profile: String, old: MadeUpKey?) throws -> MadeUpKey {
    let new = MadeUpKey(using: &generator)
    let report = try keeper.add(new, as: profile, until: Blow(using: &generator))
    if case .failed(let words) = report { tally.failures.insert(words) }
    keyring.kill()
    try keyring.startUnlocked()
    let found = try keeper.find(profile)
    if report == .stored, found != .key(new) { tally.wrong.append("reported stored, then \(found)") }
    return try judge(found, in: profile, old: old, new: new)
  }

  private mutating func judge(
    _ found: Found, in profile: String, old: MadeUpKey?, new: MadeUpKey
  ) throws -> MadeUpKey {
    switch found {
    case .key(new): tally.new += 1
    case .key(old):
      tally.old += 1
      return old ?? new
    case .absent where old == nil: tally.absent += 1
    case .damaged: try repair(profile, with: new)
    case .absent, .key, .unclear: tally.wrong.append("\(found) after \(String(describing: old)) and \(new)")
    }
    return new
  }

  private mutating func repair(_ profile: String, with key: MadeUpKey) throws {
    tally.damaged += 1
    let report = try keeper.add(key, as: profile, until: nil)
    guard report == .stored, try keeper.find(profile) == .key(key) else {
      return tally.wrong.append("not repaired: \(report)")
    }
    tally.repaired += 1
  }
}
