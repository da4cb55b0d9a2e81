import ArgumentParser

/// How facts are printed.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON; its schema is in the man page.")
  var json = false
}
