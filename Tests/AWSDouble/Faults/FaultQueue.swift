/// The faults to come, in the order they were scripted.
struct FaultQueue: Sendable {
  private var rules: [FaultRule] = []

  mutating func add(_ rule: FaultRule) { rules.append(rule) }

  mutating func clear() { rules = [] }

  /// The first fault that waits for such a call; taking it uses it up by one.
  mutating func next(for action: Action?) -> Fault? {
    guard let index = rules.firstIndex(where: { $0.times > 0 && ($0.action == nil || $0.action == action) }) else {
      return nil
    }
    rules[index].times -= 1
    return rules[index].fault
  }
}
