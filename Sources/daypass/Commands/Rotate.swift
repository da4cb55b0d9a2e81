import ArgumentParser

struct Rotate: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    _superCommandName: DaypassCommand.name,
    abstract: "Put a new access key in the place of a profile's old one.",
    discussion: """
      The new key is stored and tried before it takes the old one's place, and the old one is deactivated and the new \
      tried again before the old is deleted. What was interrupted, the next rotate finishes or undoes.
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var rotation: RotationOptions
  @OptionGroup var session: SessionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func validate() throws { try rotation.validate(with: profile) }

  func run(on host: Host) throws {
    let wish = rotation.wish
    guard rotation.all else {
      let name = profile.name(in: host.environment)
      return try host.write(RotationReport([host.rotate(name, wish, session)]), as: output)
    }
    let report = try host.rotateAll(wish, session)
    try host.write(report, as: output)
    guard report.failures.isEmpty else { throw CommandError.notRotated(report.failures) }
  }
}
