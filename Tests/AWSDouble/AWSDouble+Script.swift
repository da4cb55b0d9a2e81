import FoundationEssentials

extension AWSDouble {
  /// The next `times` calls of `action` (of any, when nil) suffer `fault`; faults queue up in the order they are added.
  package func fail(_ action: Action?, with fault: Fault, times: Int = 1) {
    world.withLock { $0.faults.add(FaultRule(action: action, fault: fault, times: times)) }
  }

  /// The same from the JSON of the control API's `/_double/faults`.
  package func fail(json: Data) throws {
    let rules = try JSONDecoder().decode([FaultRule].self, from: json)
    world.withLock { world in
      for rule in rules { world.faults.add(rule) }
    }
  }

  package func clearFaults() { world.withLock { $0.faults.clear() } }

  /// Sends the answers that a `delay` holds back.
  package func release() { world.release() }

  package func forgetCalls() { world.withLock { $0.calls = [] } }

  /// Waits until `count` calls of `action` came; false when they did not within 30 s.
  package func wait(for count: Int, of action: Action) -> Bool {
    world.wait(for: CallWatcher(count, of: action), seconds: 30)
  }
}
