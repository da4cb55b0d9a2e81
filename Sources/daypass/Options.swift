import AWSValues
import ArgumentParser
import Secrets

/// Whether a command that cannot be undone asks first.
struct ConfirmationOptions: ParsableArguments {
  @Flag(help: "Replace or remove a key without asking.")
  var force = false

  /// Asks, whatever was agreed to in advance.
  static var asking: ConfirmationOptions {
    var options = ConfirmationOptions()
    options.force = false
    return options
  }
}

/// What is written to stderr besides errors.
struct DiagnosticOptions: ParsableArguments {
  @Flag(help: "Log each step to standard error; never secrets.")
  var debug = false
}

/// How facts are printed.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON, as the manual page describes it.")
  var json = false
}

/// The profile a command is about.
struct ProfileArgument: ParsableArguments {
  @Argument(help: "A profile of ~/.aws/config (default: $AWS_PROFILE, or 'default').")
  var profile: String?

  /// The profile to use: the argument, `AWS_PROFILE`, then `default`; an empty variable counts as unset.
  func name(in environment: [String: String]) -> String {
    profile ?? environment["AWS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 } ?? "default"
  }
}

// MARK: - Session options

/// How the credentials of a profile are got.
struct SessionOptions: ParsableArguments {
  @Flag(name: .customLong("no-session"), help: "Use the long-term key itself, or assume the role straight from it.")
  var withoutSession = false

  @Option(help: ArgumentHelp("How long the credentials are to last: 900, 15m, 12h.", valueName: "time"))
  var duration: SessionDuration?

  @Option(help: "The AWS region, instead of AWS_REGION and the profile's own.")
  var region: String?

  @Option(help: ArgumentHelp("The six digits the MFA device shows now.", valueName: "code"))
  var mfaCode: String?

  /// The code of `--mfa-code`.
  var givenCode: SecretBytes? {
    mfaCode.map { SecretBytes(copying: $0) }
  }
}

extension SessionDuration: ExpressibleByArgument {
  package init?(argument: String) {
    self.init(argument)
  }
}
