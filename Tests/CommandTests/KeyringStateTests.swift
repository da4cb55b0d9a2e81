import TestSupport
import Testing

/// What commands say in the states of the keyring in which nobody can answer.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct KeyringStateTests {
  enum Command: String, CaseIterable {
    case exec = "exec alice -- true"
    case credentialProcess = "credential-process alice"
    case list = "list"
    case add = "add bob --stdin --no-verify"
  }

  private let scene: Scene

  init() throws { scene = try Scene.withAlice() }

  @Test(arguments: Command.allCases)
  func `without a session bus commands end with 69`(command: Command) throws {
    scene.environment["DBUS_SESSION_BUS_ADDRESS"] = nil
    scene.environment["XDG_RUNTIME_DIR"] = nil
    try expect(.exited(69), "no session bus: DBUS_SESSION_BUS_ADDRESS is not set", of: command)
  }

  @Test(arguments: Command.allCases)
  func `without a keyring commands end with 69`(command: Command) throws {
    scene.keyring.kill()
    try expect(.exited(69), "no keyring: nothing on the session bus offers the Secret Service", of: command)
  }

  @Test(arguments: [Command.exec, .credentialProcess, .add])
  func `a locked keyring ends commands with 78`(command: Command) throws {
    try scene.keyring.lock()
    try expect(.exited(78), "the keyring is locked, and there is no display to ask for its password on", of: command)
  }

  @Test func `a locked keyring is listed without being unlocked`() throws {
    try scene.keyring.lock()
    let outcome = try scene.run("daypass list")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(outcome.outputText.contains("alice     in the keyring"))
  }

  @Test(arguments: Command.allCases)
  func `a keyring that was never unlocked ends commands with 78, but for list, which says so`(
    command: Command
  ) throws {
    scene.keyring.kill()
    try scene.keyring.startNeverUnlocked()
    guard command != .list else {
      let outcome = try scene.run("daypass list")
      #expect(outcome.status == .exited(0))
      #expect(outcome.outputText.contains("unknown: locked"))
      return
    }
    try expect(.exited(78), "the keyring is locked, and there is no display to ask for its password on", of: command)
  }

  @Test(arguments: Command.allCases)
  func `a keyring that hangs ends commands with 75`(command: Command) throws {
    scene.keyring.freeze()
    defer { scene.keyring.resume() }
    try expect(.exited(75), "the keyring did not answer within 2 s", of: command)
  }

  private func expect(_ status: TestSupport.ExitStatus, _ problem: String, of command: Command) throws {
    let outcome = try scene.run(
      "daypass \(command.rawValue)", input: "AKIAI44QH8DHBEXAMPLE\nje7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n")
    #expect(outcome.status == status)
    #expect(outcome.outputText == "")
    #expect(outcome.errorText.hasPrefix("daypass: \(problem)\ndaypass: hint: "), "\(outcome.errorText)")
    #expect(scene.actions == [])
  }
}
