import TestSupport

/// What was left after the rounds.
struct CrashTally {
  var absent = 0
  var old = 0
  var new = 0
  var damaged = 0
  var repaired = 0
  /// Everything that may not be, in words.
  var wrong: [String] = []
  /// What failed adds said.
  var failures: Set<String> = []

  static func + (one: CrashTally, other: CrashTally) -> CrashTally {
    CrashTally(
      absent: one.absent + other.absent, old: one.old + other.old, new: one.new + other.new,
      damaged: one.damaged + other.damaged, repaired: one.repaired + other.repaired,
      wrong: one.wrong + other.wrong, failures: one.failures.union(other.failures))
  }
}
