import ArgumentParser

/// What is told on stderr beside errors.
struct DiagnosticOptions: ParsableArguments {
  @Flag(help: "Tell each step on standard error, never a secret.")
  var debug = false
}
