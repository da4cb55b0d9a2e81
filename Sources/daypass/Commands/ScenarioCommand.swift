import ArgumentParser

struct ScenarioCommand: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenario",
    _superCommandName: DaypassCommand.name,
    abstract: "Prove on a real account that MFA is enforced, and leave nothing behind.",
    discussion: """
        session-token  a user whose policy lists buckets only with MFA
        assume-role    a role that trusts a user only with MFA
        cleanup        removes what a scenario that was killed has left
      """)

  @Argument(help: ArgumentHelp("What to do.", valueName: "scenario"))
  var choice: ScenarioChoice
  @OptionGroup var profile: ProfileArgument
  @OptionGroup var options: ScenarioOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let plan = try host.planForIAM(of: profile)
    let stage = try ScenarioStage(plan, on: host)
    if let scenario = choice.scenario {
      try host.confirm(stage.announcement(of: scenario), unless: options)
      try stage.perform(scenario, options, output)
    } else {
      try stage.cleanUp(options, output)
    }
  }
}
