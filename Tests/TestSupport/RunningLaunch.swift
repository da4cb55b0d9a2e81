import Glibc

/// A program that was launched and may still run; killed when its owner ends before it does.
package final class RunningLaunch {
  package let pid: pid_t
  private var child: Child
  private let output: Pipe
  private let errors: Pipe

  init(_ child: consuming Child, output: consuming Pipe, errors: consuming Pipe) {
    pid = child.pid
    self.child = child
    self.output = output
    self.errors = errors
  }

  package func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits for its end, and gives back what it wrote.
  package func wait(within seconds: Int = 60) throws -> Launch.Outcome {
    let deadline = ContinuousClock.now + .seconds(seconds)
    let texts = try Pipe.readBoth(output, errors, until: deadline)
    return Launch.Outcome(status: try child.wait(until: deadline), output: texts.0, errors: texts.1)
  }
}
