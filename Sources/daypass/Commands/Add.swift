import AWSValues
import ArgumentParser

struct Add: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    _superCommandName: DaypassCommand.name,
    abstract: "Keep a long-term access key in the keyring.",
    discussion: """
      Asks for the key on the terminal, the secret hidden, unless an option says where to read it. Checks it with AWS, \
      adds the profile to ~/.aws/config where it is missing, and offers the user's MFA devices for mfa_serial.
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var input: KeyInputOptions
  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  @Flag(help: "Store the key without asking AWS whether it is good.")
  var noVerify = false

  @Option(help: ArgumentHelp("The MFA device to write to the profile, without being asked.", valueName: "arn"))
  var mfaSerial: MFADevice?

  /// Also where the files have it use another's.
  func keyProfile(on host: Host) -> String { profile.name(in: host.environment) }

  func run(on host: Host) throws {
    let registration = try KeyRegistration(of: profile.name(in: host.environment), on: host)
    let replacement = try registration.confirmReplacement(unless: confirmation)
    let source = try input.source
    let key = try registration.read(from: source)
    if !noVerify { try registration.verify(key) }
    try host.settlingRotation(of: registration.profile) { try registration.store(key, replacement) }
    let device = try mfaSerial ?? (noVerify ? nil : registration.chooseDevice(with: key))
    try registration.writeProfile(device: device)
    try registration.offerRemoval(from: source)
  }
}
