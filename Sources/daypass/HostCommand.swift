import ArgumentParser
import Console

/// A command that acts on the world through the host it is given.
protocol HostCommand: ParsableCommand {
  var diagnostics: DiagnosticOptions { get }
  func run(on host: Host) throws
}

extension HostCommand {
  var verbosity: Diagnostics.Verbosity { diagnostics.debug ? .debug : .normal }
}
