import AWSDouble
import TestSupport

extension Scene {
  /// A scene in which the admin's key is stored, and IAM is seen late.
  static func withAdmin() throws -> Scene {
    let scene = try Scene(config: "[profile admin]\nregion = eu-west-1\n")
    try scene.storeKey(of: "admin")
    scene.double.forgetCalls()
    scene.double.propagation = Propagation(calls: 3)
    return scene
  }

  /// What scenarios have left in the account.
  var remains: [String] {
    let account = double.account
    let names =
      account.users.map(\.name) + account.roles.map(\.arn)
      + account.users.flatMap { $0.mfaDevices.map(\.serial) } + account.unassignedMFADevices.map(\.serial)
    return names.filter { $0.contains("daypass-scenario-") }
  }

  /// The serial number of a scenario's device, once it is there.
  func scenarioDevice() throws -> String {
    let found = remains.first { $0.contains(":mfa/") }
    guard let found else { throw SetupFailure("no device of a scenario") }
    return found
  }

  /// What that device shows in this half minute and in the next, which may begin at any moment.
  func scenarioCodes() throws -> (first: String, second: String) {
    (try scenarioCode(step: 0), try scenarioCode(step: 1))
  }

  /// What that device shows `step` half minutes from now.
  func scenarioCode(step: Int) throws -> String {
    guard let code = double.code(for: try scenarioDevice(), step: step) else { throw SetupFailure("no code") }
    return code
  }
}
