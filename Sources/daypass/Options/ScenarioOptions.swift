import ArgumentParser
import Scenarios

/// What `scenario` does.
enum ScenarioChoice: String, CaseIterable, ExpressibleByArgument {
  case sessionToken = "session-token"
  case assumeRole = "assume-role"
  case cleanup

  /// Nil where only leftovers are to be removed.
  var scenario: Scenario? {
    switch self {
    case .sessionToken: .sessionToken
    case .assumeRole: .assumeRole
    case .cleanup: nil
    }
  }
}

/// How a scenario is carried out.
struct ScenarioOptions: ParsableArguments {
  @Flag(help: "Create and remove without asking.")
  var yes = false

  @Flag(help: "Compute the MFA codes from the device's own seed, so that nobody need be asked.")
  var automatic = false
}
