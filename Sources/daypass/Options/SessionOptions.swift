import AWSValues
import ArgumentParser
import Secrets

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
