import ArgumentParser

/// Whether a command that cannot be undone asks first.
struct ConfirmationOptions: ParsableArguments {
  @Flag(help: "Do it without asking.")
  var force = false
}
