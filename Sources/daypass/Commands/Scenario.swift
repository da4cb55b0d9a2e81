import AWSServices
import AWSValues
import ArgumentParser
import FoundationEssentials
import Profiles
import QRCodes
import Scenarios
import Secrets
import TerminalIO

struct ScenarioCommand: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenario",
    abstract: "Prove on a real account that MFA is enforced.",
    usage: "daypass scenario session-token|assume-role|cleanup [PROFILE]",
    discussion: """
      For example:
        daypass scenario session-token admin
      The scenarios:
        session-token  a user whose policy lists buckets only with MFA
        assume-role    a role that trusts a user only with MFA
        cleanup        removes what a killed scenario has left
      """)

  @Argument(help: ArgumentHelp("What to do.", valueName: "session-token|assume-role|cleanup"))
  var choice: ScenarioChoice
  @OptionGroup var profile: ProfileArgument
  @OptionGroup var options: ScenarioOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let plan = try host.planner(for: host.profiles()).plan(for: profile.name(in: host.environment)).forIAM
    let stage = try ScenarioStage(plan, on: host)
    if let scenario = choice.scenario {
      try options.confirm("create \(stage.announcement(of: scenario))", of: profile, on: host)
      if options.yes { host.diagnostics.note("creating \(stage.announcement(of: scenario))") }
      try stage.perform(scenario, options, output)
    } else {
      try stage.cleanUp(options, profile, output)
    }
  }
}

// MARK: - Scenario options

/// What `scenario` does.
enum ScenarioChoice: String, CaseIterable, ExpressibleByArgument {
  case sessionToken = "session-token"
  case assumeRole = "assume-role"
  case cleanup

  /// Nil if only leftovers should be removed.
  var scenario: Scenario? { Scenario(rawValue: rawValue) }
}

/// How a scenario is carried out.
struct ScenarioOptions: ParsableArguments, ConsentOptions {
  @Flag(help: "Create and remove without asking.")
  var yes = false

  @Flag(help: "Compute the MFA codes from the new device's seed instead of asking for them.")
  var automatic = false

  static let flag = "--yes"
  var isConfirmed: Bool { yes }
}

// MARK: - Scenario document

/// What `scenario --json` prints.
struct ScenarioDocument: Report {
  /// Absent for `cleanup`.
  let scenario: String?
  let run: String?
  let steps: [Step]
  /// RFC 3339, UTC; absent if there was no session.
  let expiration: String?
  let removed: [String]
  let remaining: [String]
  /// What stopped the run.
  let problem: String?

  struct Step: Encodable {
    let step: String
    let expected: String
    let happened: String
    let held: Bool
  }

  var text: String { "" }
}

extension ScenarioDocument {
  init(_ report: ScenarioReport) {
    scenario = report.scenario.rawValue
    run = report.names.run
    steps = report.findings.map {
      Step(
        step: $0.check.rawValue, expected: $0.check.expectation.rawValue, happened: $0.outcome.words, held: $0.holds)
    }
    expiration = report.expiration?.rfc3339
    (removed, remaining) = (report.teardown.removed.map(\.words), report.teardown.remaining.map(\.words))
    problem = report.failure.map { Messages.error($0).problem }
  }

  init(_ result: Teardown.Result) {
    (scenario, run, steps, expiration, problem) = (nil, nil, [], nil, nil)
    (removed, remaining) = (result.removed.map(\.words), result.remaining.map(\.words))
  }
}

// MARK: - Scenario narrator

extension Diagnostics {
  /// Tells a run on stderr, its waits on one line.
  fileprivate func narrator() -> (ScenarioEvent) -> Void {
    let progress = ProgressLine(self)
    return { event in
      switch event {
      case .waiting(let fact, let share): return progress.show(fact.words, share: share)
      case .waitingForCode(let end):
        return progress.show("the device's next code", secondsLeft: max(1, Int(end.timeIntervalSinceNow.rounded(.up))))
      case .made, .deviceEnabled, .keyMade, .policyWritten, .seen, .codeCame, .found, .removing, .removed, .notRemoved:
        progress.clear()
      }
      if let words = event.words { note(words) }
    }
  }
}

// MARK: - Scenario stage

/// The account that a scenario is carried out in, and everything that it takes.
private struct ScenarioStage {
  let host: Host
  let names: ScenarioNames
  private let plan: CredentialPlan
  private let access: ProfileSession

  init(_ plan: CredentialPlan, on host: Host) throws {
    self.host = host
    self.plan = plan
    access = try ProfileSession(plan, on: host)
    names = try Self.newNames()
  }

  /// Names that no other run has.
  private static func newNames() throws -> ScenarioNames {
    let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
    let run = String((0..<8).compactMap { _ in letters.randomElement() })
    guard let names = ScenarioNames(run: run) else { throw ScenarioError.unusableARN(run) }
    return names
  }

  /// The clock of a run, whose waits `signal` ends; nil for a part that no signal ends.
  private func clock(until signal: SignalFlag?) -> InterruptibleClock {
    InterruptibleClock(
      now: host.now, instant: { .now },
      pause: { time in
        guard let signal else {
          Host.pause(time)
          return .over
        }
        return signal.wait(timeout: time) ? .interrupted : .over
      })
  }

  /// What will be created and where.
  func announcement(of scenario: Scenario) -> String {
    let role = scenario == .assumeRole ? ", a role" : ""
    return "in the account of '\(plan.profile)' (removed at the end): an IAM user with an access key and"
      + " a policy, an MFA device\(role), all named \(names.user.text)"
  }

  func perform(_ scenario: Scenario, _ options: ScenarioOptions, _ output: OutputOptions) throws {
    let admin = try access.credentials(margin: .command)
    let report = try deferringSignals { signal in
      let report = try self.report(on: scenario, options, admin, until: signal)
      // After the signal, nothing else would say it.
      if signal.isPending { host.diagnostics.note(report.teardown.words(ofRun: names.run)) }
      return report
    }
    host.diagnostics.note(report.teardown.words(ofRun: names.run))
    if output.json { try output.write(ScenarioDocument(report), on: host) }
    if let failure = report.failure { throw named(failure) }
    host.diagnostics.note("\(scenario.rawValue): passed")
  }

  /// What the run found, after everything is removed; a signal cuts short all but the removal.
  private func report(
    on scenario: Scenario, _ options: ScenarioOptions, _ admin: borrowing Credentials, until signal: SignalFlag
  ) throws -> ScenarioReport {
    let client = host.client(for: plan.connectionWithRegion) { signal.isPending }
    let time = clock(until: signal)
    let tell = host.diagnostics.narrator()
    let codes: any ScenarioCodes =
      options.automatic
      ? AutomaticCodes(client, time: time, tell: tell) : TerminalCodes(on: host)
    let run = ScenarioRun(scenario, names, client, signedBy: admin, time: time, codes: codes, tell: tell)
    return run.run(removingBy: teardown(admin, tell))
  }

  private func teardown(_ admin: borrowing Credentials, _ tell: @escaping (ScenarioEvent) -> Void) -> Teardown {
    Teardown(access.iam, signedBy: admin, time: clock(until: nil), tell: tell)
  }

  /// Removes what runs that were killed have left, after asking.
  func cleanUp(_ options: ScenarioOptions, _ profile: ProfileArgument, _ output: OutputOptions) throws {
    let admin = try access.credentials(margin: .command)
    let leftovers = try Leftovers(in: access.iam, signedBy: admin)
    for resource in leftovers.untagged {
      host.diagnostics.warn("\(resource.words) has our name but not our tag, and is left")
    }
    if !leftovers.ours.isEmpty {
      let list = leftovers.ours.map(\.words).joined(separator: ", ")
      try options.confirm("remove \(list), on which a scenario may be running now", of: profile, on: host)
    }
    let result = teardown(admin, host.diagnostics.narrator()).remove(leftovers.ours)
    host.diagnostics.note(result.words(ofRun: nil))
    if output.json { try output.write(ScenarioDocument(result), on: host) }
    guard result.remaining.isEmpty else { throw named(ScenarioError.remains(result.remaining)) }
  }

  /// What is left has to be removed with the profile that made it, whose key may be another's.
  private func named(_ error: any Error) -> any Error {
    (error as? ScenarioError).map { ProfileFailure(errorMessage: $0.errorMessage.naming(plan.profile)) } ?? error
  }
}

// MARK: - Terminal codes

/// Codes that a person reads from an authenticator app, which takes the seed over from the terminal.
private final class TerminalCodes: ScenarioCodes {
  private let host: Host
  /// Knows the codes that were entered; AWS takes none of them again.
  private var prompt: CodePrompt?

  init(on host: Host) {
    self.host = host
  }

  func pair(of device: MFADevice, _ seed: borrowing MFASeed, after refusal: ServiceError?) throws -> ConsecutiveCodes {
    let terminal = try Self.terminal(for: device)
    let problem = refusal.map { CodePairRefusal(.service($0)) ?? .tooEarly }
    if let problem { try terminal.say("daypass: \(problem.words)") }
    let picture = try picture(of: seed, device, on: terminal)
    return try prompt(for: device).pair(on: terminal, below: picture, after: problem?.inShort)
  }

  func code(of device: MFADevice, _ seed: borrowing MFASeed, after refusal: ServiceError?) throws -> MFACode {
    let terminal = try Self.terminal(for: device)
    if refusal != nil { try terminal.say("daypass: AWS does not take that code yet, or it is wrong") }
    return try prompt(for: device).next(on: terminal)
  }

  private func prompt(for device: MFADevice) -> CodePrompt {
    if let prompt, prompt.device == device { return prompt }
    let new = CodePrompt(of: device, on: host)
    prompt = new
    return new
  }

  /// The QR code, or the seed to be typed if the terminal cannot show one.
  private func picture(
    of seed: borrowing MFASeed, _ device: MFADevice, on terminal: borrowing Terminal
  ) throws -> SecretBytes {
    let name = device.name
    if Terminal.showsBlocks(in: host.environment) {
      let size = terminal.size
      let uri = OTPAuthURI(seed: seed.base32, account: name, issuer: "daypass")
      if let text = try uri.terminalText(columns: size.columns, rows: size.rows - 2) { return text }
    }
    return Messages.seedText(seed.base32, account: name)
  }

  private static func terminal(for device: MFADevice) throws -> Terminal {
    try .required(toAsk: "MFA codes of \(device.text.displayText())", flag: "--automatic")
  }
}
