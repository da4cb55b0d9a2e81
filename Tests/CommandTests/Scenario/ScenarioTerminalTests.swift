import AWSDouble
import Glibc
import TestSupport
import Testing

/// Scenarios with a person at a terminal.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
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
    try terminal.expect("that code was used; " + Prompt.third.rawValue)
    scene.double.clock = scene.double.clock.advanced(by: 30)
    try terminal.send(try scene.scenarioCode(step: 1) + "\n")
    try terminal.expect("list buckets with MFA: allowed, 3 buckets")
    try terminal.expect("show that nothing remains")
    try terminal.expect("\(scenario): every expectation held")
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
      #expect(terminal.transcript.contains("show that nothing remains"))
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
    #expect(outcome.errorText.contains("show that nothing remains"))
    #expect(scene.remains == [])
  }

  enum Prompt: String, CaseIterable {
    case first = "first code (next one in "
    case second = "the code after it (shown "
    case third = "the next code (shown "
  }
}
