import AWSServices
import Console
import Profiles
import Scenarios
import Secrets
import Sessions

/// The account that a scenario is carried out in, and everything that it takes.
struct ScenarioStage {
  let host: Host
  let names: ScenarioNames
  private let plan: CredentialPlan
  private let access: Access

  init(_ plan: CredentialPlan, on host: Host) throws {
    self.host = host
    self.plan = plan
    access = try Access(plan, codes: MFACodes(given: nil, prompter: TerminalPrompter()), on: host)
    names = try host.scenarioNames()
  }

  /// What will be made and where, as a question.
  func announcement(of scenario: Scenario) -> String {
    let role = scenario == .assumeRole ? ", a role" : ""
    return "create in the account of profile '\(plan.profile)', and remove again, an IAM user with an access key and"
      + " a policy, an MFA device\(role), all named \(names.user.text)"
  }

  func perform(_ scenario: Scenario, _ options: ScenarioOptions, _ output: OutputOptions) throws {
    let admin = try access.credentials(margin: .command)
    let report = try perform(scenario, options, admin)
    host.diagnostics.note(report.teardown.words(ofRun: names.run))
    if output.json { try host.write(ScenarioDocument(report), as: output) }
    if let failure = report.failure { throw named(failure.error) }
    host.diagnostics.note("\(scenario.rawValue): every expectation held")
  }

  private func perform(
    _ scenario: Scenario, _ options: ScenarioOptions, _ admin: borrowing Credentials
  ) throws -> ScenarioReport {
    try SignalHold.during { signal in
      let report = try report(on: scenario, options, admin, until: signal)
      // The signal leaves nobody else to say it.
      if signal.hasCome { host.diagnostics.note(report.teardown.words(ofRun: names.run)) }
      return report
    }
  }

  /// What the run found, after everything is removed; a signal cuts short all but the removal.
  private func report(
    on scenario: Scenario, _ options: ScenarioOptions, _ admin: borrowing Credentials, until signal: PendingSignal
  ) throws -> ScenarioReport {
    let services = ScenarioServices(try host.client(for: plan.connection) { signal.hasCome })
    let time = host.timekeeper(until: signal)
    let narrator = ScenarioNarrator(host.diagnostics)
    let codes: any ScenarioCodes =
      options.automatic
      ? AutomaticCodes(services, time: time, tell: narrator.tell) : TerminalCodes(on: host)
    let run = ScenarioRun(
      scenario, names, services, signedBy: admin, time: time, codes: codes, tell: narrator.tell)
    return run.run(removingBy: try teardown(admin, narrator))
  }

  private func teardown(_ admin: borrowing Credentials, _ narrator: ScenarioNarrator) throws -> Teardown {
    Teardown(
      ScenarioServices(try host.client(for: plan.connection)), signedBy: admin, time: host.timekeeper(until: nil),
      tell: narrator.tell)
  }

  /// Removes what runs that were killed have left, after asking.
  func cleanUp(_ options: ScenarioOptions, _ output: OutputOptions) throws {
    let admin = try access.credentials(margin: .command)
    let leftovers = try Leftovers(in: ScenarioServices(try host.client(for: plan.connection)), signedBy: admin)
    for resource in leftovers.untagged {
      host.diagnostics.warn("\(resource.words) has our name but not our tag, and is left")
    }
    if !leftovers.ours.isEmpty {
      let list = leftovers.ours.map(\.words).joined(separator: ", ")
      try host.confirm("remove \(list), on which a scenario may be running now", unless: options)
    }
    let result = try teardown(admin, ScenarioNarrator(host.diagnostics)).remove(leftovers.ours)
    host.diagnostics.note(result.words(ofRun: nil))
    if output.json { try host.write(ScenarioDocument(result), as: output) }
    guard result.remaining.isEmpty else { throw named(ScenarioError.remains(result.remaining)) }
  }

  /// What is left has to be removed with the profile that made it, whose key may be another's.
  private func named(_ error: any Error) -> any Error {
    (error as? ScenarioError).map { ProfileFailure(error: $0, profile: plan.profile) } ?? error
  }
}
