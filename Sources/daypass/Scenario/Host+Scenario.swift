import Console
import Profiles
import Scenarios
import Sessions

extension Host {
  /// What to do for calls to IAM with a profile's credentials.
  func planForIAM(of profile: ProfileArgument) throws -> CredentialPlan {
    try planner(for: profiles()).plan(for: profile.name(in: environment)).forIAM
  }

  /// Asks for a yes before an account is changed; `--yes` is one in advance.
  func confirm(_ question: String, unless options: ScenarioOptions) throws {
    guard !options.yes else { return diagnostics.note("told to " + question) }
    guard let terminal = Terminal.foreground() else { throw CommandError.cannotAsk(question + "?", flag: "--yes") }
    guard try terminal.confirms(question + "?") else { throw CommandError.declined }
  }

  /// A run's time, which `signal` ends; nil for a part that no signal ends.
  func timekeeper(until signal: PendingSignal?) -> Timekeeper {
    Timekeeper(
      now: now, instant: { .now },
      pause: { time in
        guard let signal else {
          Self.pause(time)
          return .over
        }
        return signal.comes(within: time) ? .interrupted : .over
      })
  }

  /// A name that no other run has.
  func scenarioNames() throws -> ScenarioNames {
    let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
    let run = String((0..<8).compactMap { _ in letters.randomElement() })
    guard let names = ScenarioNames(run: run) else { throw ScenarioError.unusableARN(run) }
    return names
  }
}
