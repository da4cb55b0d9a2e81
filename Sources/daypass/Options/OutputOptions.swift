import ArgumentParser

/// How facts are printed.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON, as the manual page describes it.")
  var json = false
}
