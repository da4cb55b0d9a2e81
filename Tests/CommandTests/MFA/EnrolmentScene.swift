import AWSDouble
import Foundation
import TestSupport

/// bob, who has no MFA device, at a terminal where `mfa enroll` runs.
struct EnrolmentScene {
  static let device = "arn:aws:iam::123456789012:mfa/bob"
  static let config = "# mine\n[profile bob]\nregion = eu-west-1 \n\n[profile other]\n"
  static let enrolled = "# mine\n[profile bob]\nregion = eu-west-1 \nmfa_serial = \(device)\n\n[profile other]\n"
  static let firstPrompt = "first code (next one in "
  static let secondPrompt = "the code after it (shown "

  let scene: Scene
  var double: AWSDouble { scene.double }

  init() throws {
    scene = try Scene(config: Self.config)
    try scene.storeKey(of: "bob")
    scene.environment["TERM"] = "xterm"
    scene.environment["LC_ALL"] = "C.UTF-8"
  }

  func enroll(_ options: String = "", by prefix: String = "exec") throws -> PseudoTerminal {
    try scene.terminal("\(prefix) daypass mfa enroll bob \(options)")
  }

  /// Enters two codes where they are asked for.
  func enter(_ first: String, _ second: String, on terminal: PseudoTerminal) throws {
    try terminal.expect(Self.firstPrompt)
    try terminal.send(first + "\n")
    try terminal.expect(Self.secondPrompt)
    try terminal.send(second + "\n")
  }

  func enterGoodCodes(on terminal: PseudoTerminal, of device: String = device) throws {
    try terminal.expect(Self.firstPrompt)
    let (first, second) = try goodCodes(of: device)
    try terminal.send(first + "\n")
    try terminal.expect(Self.secondPrompt)
    try terminal.send(second + "\n")
  }

  /// This half minute's code and the next one's; AWS takes a device whose clock is so much ahead.
  func goodCodes(of device: String = device) throws -> (String, String) {
    guard let first = double.code(for: device, step: 0), let second = double.code(for: device, step: 1) else {
      throw SetupFailure("there is no \(device)")
    }
    return (first, second)
  }

  var bobsDevices: [String] { double.account[user: "bob"]?.mfaDevices.map(\.serial) ?? [] }
  var orphans: [String] { double.account.unassignedMFADevices.map(\.serial) }
  var seed: String? {
    (double.account.unassignedMFADevices + (double.account[user: "bob"]?.mfaDevices ?? [])).first?.seed
  }

  /// As it was at first.
  func reset() {
    double.account[user: "bob"]?.mfaDevices = []
    double.account.unassignedMFADevices = []
    scene.scratch.write(Self.config, to: "home/.aws/config")
    double.clearFaults()
    double.forgetCalls()
  }
}
