import AWSDouble
import TestSupport
import Testing

/// `add` and `remove` asking on a real terminal.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct KeyPromptTests {
  private static let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

  @Test func `add hides the secret, offers the MFA device and writes it to the config`() throws {
    let scene = try Scene()
    let terminal = try scene.terminal("exec daypass add alice")
    try terminal.expect("Access key ID: ")
    try terminal.send("AKIAIOSFODNN7EXAMPLE\n")
    try terminal.expect("Secret access key (hidden): ")
    try terminal.send(Self.secret + "\n")
    try terminal.expect("daypass: the key is that of arn:aws:iam::123456789012:user/alice\r\n")
    try terminal.expect("daypass: stored in the keyring as profile 'alice'\r\n")
    try terminal.expect("ask for codes of \(Scene.device) (mfa_serial)? [y/N] ")
    try terminal.send("y\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!terminal.transcript.contains(Self.secret))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    #expect(try scene.configText == "[profile alice]\nmfa_serial = \(Scene.device)\n")
  }

  @Test func `a no to the MFA device leaves it out`() throws {
    let scene = try Scene()
    scene.scratch.write("Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,\(Self.secret)\n", to: "home/keys.csv")
    let terminal = try scene.terminal("exec daypass add alice --csv keys.csv")
    try terminal.expect("(mfa_serial)? [y/N] ")
    try terminal.send("\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(try scene.configText == "[profile alice]\n")
  }

  @Test(arguments: [("y", true), ("yes", true), ("n", false), ("", false)])
  func `remove asks first`(answer: String, removes: Bool) throws {
    let scene = try Scene.withAlice()
    let terminal = try scene.terminal("exec daypass remove alice")
    try terminal.expect("remove the key of profile 'alice' from the keyring? [y/N] ")
    try terminal.send(answer + "\n")
    #expect(try terminal.waitForExit() == .exited(removes ? 0 : 1))
    #expect(terminal.transcript.contains("daypass: nothing was changed") != removes)
    let list = try scene.prepare("daypass list")
    #expect(list.contains("in the keyring") != removes)
  }
}
