import ArgumentParser

/// What is told on stderr beside errors.
struct DiagnosticOptions: ParsableArguments {
  @Flag(help: "Tell each step on stderr, never a secret.")
  var debug = false
}
