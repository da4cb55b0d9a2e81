/// What this process was given when it started, for the command that replaces it.
package struct ProcessStart: Sendable {
  /// The user's environment, before any variable was dropped for our own process.
  package let environment: EnvironmentBlock
  /// The raw command line; `CommandLine.arguments` replaces what is not UTF-8.
  package let arguments: [[UInt8]]
  package let state: ProcessState

  package init(environment: EnvironmentBlock, arguments: [[UInt8]], state: ProcessState) {
    self.environment = environment
    self.arguments = arguments
    self.state = state
  }

  /// The last `count` arguments byte for byte: the command to run, once parsing has told how many belong to it.
  package func lastArguments(_ count: Int) -> [[UInt8]] {
    arguments.suffix(count)
  }

  /// The command line of this process.
  package static func currentArguments() -> [[UInt8]] {
    unsafe rawStrings(CommandLine.unsafeArgv)
  }
}
