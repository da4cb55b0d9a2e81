import AWSDouble
import Foundation
import Glibc
import TestSupport
import Testing

@Suite(.keyring)
struct ScenarioCommandTests {
  private let scene: Scene

  init() throws { scene = try Scene.withAdmin() }

  @Test(arguments: ["session-token", "assume-role"])
  func `an automatic run needs no terminal, and leaves nothing`(scenario: String) throws {
    let outcome = try scene.launch("exec daypass scenario \(scenario) admin --automatic --yes --json").run(within: 120)
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output))
    #expect(report.steps.filter { !$0.held }.isEmpty && report.steps.count >= 6)
    #expect(report.remaining == [] && report.removed.count == (scenario == "assume-role" ? 3 : 2))
    #expect(report.expiration != nil && report.scenario == scenario)
    #expect(outcome.errorText.contains("IAM confirms that nothing is left"))
    #expect(outcome.errorText.contains("daypass: ok: list buckets without MFA: denied (AccessDenied)"))
    #expect(scene.remains == [])
  }

  @Test func `without a terminal and without --yes it is refused`() throws {
    let outcome = try scene.run("daypass scenario session-token admin --automatic")
    #expect(outcome.status == .exited(64))
    #expect(outcome.errorText.contains("daypass: hint: repeat the command with --yes"))
    #expect(scene.actions == [])
  }

  @Test func `a profile that nobody typed is asked about, also with --yes`() throws {
    let outcome = try scene.run(
      "daypass scenario session-token --automatic --yes", environment: ["AWS_PROFILE": "admin"])
    #expect(outcome.status == .exited(64))
    #expect(outcome.errorText.hasSuffix("daypass: hint: repeat the command with admin --yes\n"), "\(outcome.errorText)")
    #expect(scene.actions == [])
  }

  @Test func `buckets that can be listed without MFA end it with 76`() throws {
    let body = """
      <ListAllMyBucketsResult><Buckets><Bucket><Name>open</Name><CreationDate>2026-01-01T00:00:00Z</CreationDate>\
      </Bucket></Buckets></ListAllMyBucketsResult>
      """
    scene.double.fail(.listBuckets, with: .answer(status: 200, type: "application/xml", body: body))
    let outcome = try scene.run("daypass scenario session-token admin --automatic --yes")
    #expect(outcome.status == .exited(76))
    #expect(outcome.errorText.contains("daypass: FAILED: list buckets without MFA: allowed, 1 bucket: open"))
    #expect(outcome.errorText.contains("the scenario failed: the buckets can be listed without MFA"))
    #expect(scene.remains == [])
  }

  @Test func `without a region IAM is asked in the default one`() throws {
    scene.scratch.write("[profile admin]\n", to: "home/.aws/config")
    scene.environment["AWS_ENDPOINT_URL"] = nil
    scene.environment["AWS_ENDPOINT_URL_STS"] = scene.double.url
    scene.environment["HTTPS_PROXY"] = "http://127.0.0.1:1"
    let outcome = try scene.run("daypass scenario cleanup admin")
    #expect(outcome.errorText.hasPrefix("daypass: the proxy failed"), "\(outcome.errorText)")
  }

  @Test func `cleanup finds nothing if there is nothing`() throws {
    let outcome = try scene.run("daypass scenario cleanup admin")
    #expect(outcome.status == .exited(0))
    #expect(outcome.errorText == "daypass: there is nothing to remove\n")
  }

  private struct Report: Decodable {
    struct Step: Decodable {
      let held: Bool
    }
    let scenario: String
    let steps: [Step]
    let expiration: String?
    let removed: [String]
    let remaining: [String]
  }
}

// MARK: - Scenario terminal tests

/// Scenarios with a person at a terminal.
@Suite(.keyring)
struct ScenarioTerminalTests {
  private let scene: Scene

  init() throws {
    scene = try Scene.withAdmin()
    scene.environment["TERM"] = "xterm-256color"
    scene.environment["LANG"] = "C.UTF-8"
  }

  @Test(arguments: ["session-token", "assume-role"])
  func `a person scans the code, types three, and sees that MFA is enforced`(scenario: String) throws {
    let terminal = try scene.terminal("exec daypass scenario \(scenario) admin", within: 60)
    try terminal.expect("? [y/N] ")
    try terminal.send("y\n")
    try terminal.expect("▀")
    try terminal.expect(Prompt.first.rawValue)
    let codes = try scene.scenarioCodes()
    try terminal.send(codes.first + "\n")
    try terminal.expect(Prompt.second.rawValue)
    try terminal.send(codes.second + "\n")
    try terminal.expect("list buckets without MFA: denied (AccessDenied)")
    try terminal.expect(Prompt.third.rawValue)
    try terminal.send(codes.second + "\n")
    try terminal.expect("that is the code from before; " + Prompt.third.rawValue)
    scene.double.clock = scene.double.clock.advanced(by: 30)
    try terminal.send(try scene.scenarioCode(step: 1) + "\n")
    try terminal.expect("list buckets with MFA: allowed, 3 buckets")
    try terminal.expect("IAM confirms that nothing is left")
    try terminal.expect("\(scenario): passed")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(scene.remains == [])
  }

  @Test func `a no creates nothing`() throws {
    let terminal = try scene.terminal("exec daypass scenario session-token admin")
    try terminal.expect("? [y/N] ")
    try terminal.send("\n")
    #expect(try terminal.waitForExit() == .exited(1))
    #expect(scene.actions == [])
  }

  @Test(arguments: GivingUp.allCases)
  func `giving up before the yes creates nothing`(way: GivingUp) throws {
    let terminal = try scene.terminal("exec daypass scenario assume-role admin")
    try terminal.expect("? [y/N] ")
    try way.happen(on: terminal)
    #expect(try terminal.waitForExit() == way.status)
    #expect(scene.actions == [])
  }

  @Test(arguments: Prompt.allCases, GivingUp.allCases)
  func `giving up at any prompt removes everything first`(prompt: Prompt, way: GivingUp) throws {
    try giveUp("session-token", at: prompt, way)
  }

  @Test(arguments: GivingUp.allCases)
  func `giving up where the role is there too removes everything first`(way: GivingUp) throws {
    try giveUp("assume-role", at: .third, way)
  }

  private func giveUp(_ scenario: String, at prompt: Prompt, _ way: GivingUp) throws {
    let terminal = try scene.terminal("exec daypass scenario \(scenario) admin --yes", within: 60)
    try terminal.expect(Prompt.first.rawValue)
    let codes = try scene.scenarioCodes()
    if prompt != .first {
      try terminal.send(codes.first + "\n")
      try terminal.expect(Prompt.second.rawValue)
    }
    if prompt == .third {
      try terminal.send(codes.second + "\n")
      try terminal.expect(Prompt.third.rawValue)
    }
    #expect(!scene.remains.isEmpty)
    try way.happen(on: terminal)
    #expect(try terminal.waitForExit() == way.status)
    if way.leavesWindow {
      #expect(terminal.transcript.contains("IAM confirms that nothing is left"))
      #expect(terminal.modeDescription() == terminal.modeAtStart)
    }
    #expect(scene.remains == [])
  }

  @Test(arguments: [Action.createUser, .createVirtualMFADevice, .enableMFADevice, .createAccessKey, .createRole])
  func `closing the window in the middle of a call removes everything first`(action: Action) throws {
    scene.double.fail(action, with: .hang)
    let terminal = try scene.terminal("exec daypass scenario assume-role admin --automatic --yes", within: 60)
    #expect(scene.double.wait(for: 1, of: action))
    terminal.hangUp()
    #expect(try terminal.waitForExit() == .signaled(SIGHUP))
    #expect(scene.remains == [])
  }

  @Test(arguments: [GivingUp.controlC, .closedWindow])
  func `a wait is given up at once, and everything removed first`(way: GivingUp) throws {
    let terminal = try scene.terminal("exec daypass scenario assume-role admin --automatic --yes", within: 60)
    try terminal.expect(" s for the device's next code")
    try way.happen(on: terminal)
    #expect(try terminal.waitForExit() == way.status)
    #expect(scene.remains == [])
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `a signal in the middle of a call removes everything first`(signal: Int32) throws {
    scene.double.fail(.createAccessKey, with: .hang)
    let run = try scene.launch("exec daypass scenario session-token admin --automatic --yes").start()
    #expect(scene.double.wait(for: 1, of: .createAccessKey))
    run.send(signal)
    let outcome = try run.wait(within: 60)
    #expect(outcome.status == .signaled(signal))
    #expect(outcome.errorText.contains("IAM confirms that nothing is left"))
    #expect(scene.remains == [])
  }

  enum Prompt: String, CaseIterable {
    case first = "MFA code 1 of 2 (changes in "
    case second = "MFA code 2 of 2 (appears "
    case third = "next MFA code (appears "
  }
}

// MARK: - Scenario kill tests

/// SIGKILL, after which only `scenario cleanup` can help.
@Suite(
  .slowKeyring,
  .enabled(if: Installed.has("strace"), "strace is not installed"))
struct ScenarioKillTests {
  private static let command = "daypass scenario assume-role admin --automatic --yes"
  /// Runs at once; each waits up to half a minute for its device's next code.
  private static let crowd = 80

  /// All points in the long run, else some of them, evenly chosen.
  @Test func `cleanup removes what a scenario killed at any system call has left`() throws {
    let scene = try Scene.withAdmin()
    let points = try Self.systemCalls(in: scene)
    var (killed, left, remaining) = (0, 0, 0)
    for start in stride(from: 0, to: points.count, by: Self.crowd) {
      killed += try Self.kill(points[start..<min(start + Self.crowd, points.count)], in: scene)
      left += scene.remains.count
      try Self.cleanUp(scene)
      remaining += scene.remains.count
      #expect(scene.remains == [], "after points from \(points[start]) on")
    }
    #expect(killed > points.count / 2 && left > 0)
    publish(
      figure: "scenario killed at system calls: points, left behind, leftovers after cleanup",
      "\(killed), \(left), \(remaining)")
  }

  /// How many of the runs were killed; how often a call is made depends on how long is waited.
  private static func kill(_ points: ArraySlice<SystemCallTrace.Boundary>, in scene: Scene) throws -> Int {
    scene.double.propagation = Propagation(calls: 3)
    let runs = try points.map { point in
      let inject = "inject=\(point.name):signal=KILL:when=\(point.number)"
      return try scene.launch("exec strace -o /dev/null -e \(inject) \(command)").start()
    }
    return try runs.count { try $0.wait(within: 300).status != .exited(0) }
  }

  private static func cleanUp(_ scene: Scene) throws {
    scene.double.propagation = Propagation()
    let outcome = try scene.launch("exec daypass scenario cleanup admin --yes").run(within: 120)
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
  }

  /// Those of a run to the end.
  private static func systemCalls(in scene: Scene) throws -> [SystemCallTrace.Boundary] {
    let log = scene.scratch.path("trace")
    let outcome = try scene.launch("exec strace -o \(log) \(command)").run(within: 120)
    guard outcome.status == .exited(0) else { throw SetupFailure(outcome.errorText) }
    return try SystemCallTrace.boundaries(in: scene.scratch.text(of: "trace")).spread(Soak.rounds(16, soak: .max))
  }
}

// MARK: - Scenario

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
    let device = try scenarioDevice()
    guard let codes = double.codePair(for: device) else { throw SetupFailure("there is no \(device)") }
    return codes
  }

  /// What that device shows `step` half minutes from now.
  func scenarioCode(step: Int) throws -> String {
    guard let code = double.code(for: try scenarioDevice(), step: step) else { throw SetupFailure("no code") }
    return code
  }
}
