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
    try terminal.send(try scene.scenarioCode(step: 0) + "\n")
    try terminal.expect(Prompt.second.rawValue)
    try terminal.send(try scene.scenarioCode(step: 1) + "\n")
    try terminal.expect("list buckets without MFA: denied (AccessDenied)")
    try terminal.expect(Prompt.third.rawValue)
    try terminal.send(try scene.scenarioCode(step: 1) + "\n")
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

  @Test(arguments: Prompt.allCases, [SIGINT, SIGTERM])
  func `a signal at any prompt removes everything first`(prompt: Prompt, signal: Int32) throws {
    let terminal = try scene.terminal("exec daypass scenario session-token admin --yes", within: 60)
    try terminal.expect(Prompt.first.rawValue)
    if prompt != .first {
      try terminal.send(try scene.scenarioCode(step: 0) + "\n")
      try terminal.expect(Prompt.second.rawValue)
    }
    if prompt == .third {
      try terminal.send(try scene.scenarioCode(step: 1) + "\n")
      try terminal.expect(Prompt.third.rawValue)
    }
    if signal == SIGINT { try terminal.send("\u{3}") } else { kill(terminal.pid, signal) }
    try terminal.expect("show that nothing remains")
    #expect(try terminal.waitForExit() == .signaled(signal))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
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
