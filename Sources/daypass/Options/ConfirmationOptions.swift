import ArgumentParser

/// Whether a command that cannot be undone asks first.
struct ConfirmationOptions: ParsableArguments {
  @Flag(help: "Replace or remove a key without asking.")
  var force = false
}
