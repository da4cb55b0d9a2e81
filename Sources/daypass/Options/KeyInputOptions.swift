import AWSValues
import ArgumentParser

/// Where `add` reads the key from.
struct KeyInputOptions: ParsableArguments {
  @Flag(help: "Read the key from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
  var env = false

  @Flag(help: "Read the access key ID and the secret from two lines of standard input.")
  var stdin = false

  @Option(help: ArgumentHelp("Read the key from the file that the IAM console offers for download.", valueName: "file"))
  var csv: String?

  @Flag(
    name: .customLong("import"), help: "Read the profile's key from ~/.aws/credentials, and offer to remove it there.")
  var fromPlainText = false

  /// The one source that was named; the terminal where none was.
  var source: KeyInput {
    get throws {
      let named = [
        env ? .environment : nil, stdin ? .standardInput : nil, csv.map { .csv(path: $0) },
        fromPlainText ? .plainText : nil,
      ]
      .compactMap { (source: KeyInput?) in source }
      guard named.count <= 1 else { throw CommandError.oneInputOnly }
      return named.first ?? .terminal
    }
  }
}

extension MFADevice: ExpressibleByArgument {
  package init?(argument: String) {
    self.init(argument)
  }
}
