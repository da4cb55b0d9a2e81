import TestSupport

/// A command that was started, and what comes of it.
struct Attempt {
  let command: KeyringCommand
  let process: RunningLaunch
  let start: ContinuousClock.Instant

  struct Outcome {
    let command: KeyringCommand
    let status: TestSupport.ExitStatus
    let output: String
    let errors: String
    let duration: Duration
  }

  func outcome() throws -> Outcome {
    let outcome = try process.wait()
    return Outcome(
      command: command, status: outcome.status, output: outcome.outputText, errors: outcome.errorText,
      duration: .now - start)
  }
}
