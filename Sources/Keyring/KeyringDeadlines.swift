/// How long each phase of a keyring call may take.
package struct KeyringDeadlines: Sendable {
  /// While nobody but programs are asked.
  package var asking: Duration
  /// While a dialog is open.
  package var unlocking: Duration
  /// While the service writes to disk.
  package var writing: Duration

  package init(
    asking: Duration = .seconds(2), unlocking: Duration = .seconds(120), writing: Duration = .seconds(5)
  ) {
    self.asking = asking
    self.unlocking = unlocking
    self.writing = writing
  }

  subscript(phase: KeyringPhase) -> Duration {
    switch phase {
    case .asking: asking
    case .unlocking: unlocking
    case .writing: writing
    }
  }
}
