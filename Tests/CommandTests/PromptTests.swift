import AWSDouble
import Glibc
import TestSupport
import Testing

/// MFA codes asked for on a real terminal.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct CodePromptTests {
  private static let prompt = "MFA code for \(Scene.device): "
  private let scene: Scene

  init() throws { scene = try Scene.withAlice() }

  @Test func `a code typed at the prompt gets the session`() throws {
    let terminal = try scene.terminal("exec daypass exec alice -- echo it runs")
    try terminal.expect(Self.prompt)
    try terminal.send(try scene.code() + "\n")
    try terminal.expect("it runs")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    #expect(scene.actions == ["GetSessionToken"])
  }

  @Test func `a wrong code is asked for again`() throws {
    let terminal = try scene.terminal("exec daypass exec alice -- echo it runs")
    try terminal.expect(Self.prompt)
    try terminal.send("000000\n")
    try terminal.expect("daypass: AWS refused that code: it is wrong, or was used before; wait for the next one\r\n")
    try terminal.expect(Self.prompt)
    try terminal.send(try scene.code() + "\n")
    try terminal.expect("it runs")
    #expect(scene.double.calls.map(\.outcome) == ["AccessDenied", "ok"])
  }

  @Test func `after three wrong codes it ends with 77`() throws {
    let terminal = try scene.terminal("exec daypass exec alice -- echo it runs")
    for code in ["000000", "000001", "000002"] {
      try terminal.expect(Self.prompt)
      try terminal.send(code + "\n")
    }
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(
      terminal.transcript.contains(
        "daypass: 3 codes for \(Scene.device) were rejected (AccessDenied: MultiFactorAuthentication"))
    #expect(scene.actions.count == 3)
  }

  @Test func `five digits are not sent`() throws {
    let terminal = try scene.terminal("exec daypass exec alice -- echo it runs")
    try terminal.expect(Self.prompt)
    try terminal.send("12345\n")
    try terminal.expect("daypass: an MFA code is six digits\r\n")
    try terminal.expect(Self.prompt)
    #expect(scene.actions == [])
  }

  @Test func `a code is not sent twice`() throws {
    let terminal = try scene.terminal("exec daypass exec alice -- echo it runs")
    for _ in 0..<2 {
      try terminal.expect(Self.prompt)
      try terminal.send("000000\n")
    }
    try terminal.expect("daypass: that code was just sent, and a code works once: wait for the next one\r\n")
    try terminal.expect(Self.prompt)
    #expect(scene.actions == ["GetSessionToken"])
  }

  @Test func `Ctrl-C at the prompt ends daypass by SIGINT, with the terminal as before`() throws {
    let terminal = try scene.terminal("exec daypass exec alice -- true")
    try terminal.expect(Self.prompt)
    try terminal.send("12\u{3}")
    #expect(try terminal.waitForExit() == .signaled(SIGINT))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    #expect(scene.actions == [])
  }

  @Test func `the prompt goes to the terminal while the output goes to a program`() throws {
    let terminal = try scene.terminal(
      "eval \"$(daypass export alice 2>/dev/null)\"; echo \"got ${AWS_ACCESS_KEY_ID%%I*}\"")
    try terminal.expect(Self.prompt)
    try terminal.send(try scene.code() + "\n")
    try terminal.expect("got AS")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test func `without a command a shell starts and says what it holds`() throws {
    scene.environment["SHELL"] = "/bin/dash"
    scene.environment["PS1"] = "ready> "
    let terminal = try scene.terminal("exec daypass exec alice --mfa-code {code}")
    try terminal.expect("daypass: starting /bin/dash with credentials of profile 'alice', until ")
    try terminal.expect("; leave it with 'exit'\r\n")
    try terminal.expect("ready> ")
    try terminal.send("echo $DAYPASS_PROFILE; exit 3\n")
    try terminal.expect("alice\r\n")
    #expect(try terminal.waitForExit() == .exited(3))
  }
}

// MARK: - Key prompt tests

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
    try terminal.expect("daypass: this key belongs to arn:aws:iam::123456789012:user/alice\r\n")
    try terminal.expect("daypass: stored in the keyring as profile 'alice'\r\n")
    try terminal.expect("use MFA device alice for this profile? [y/N] ")
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
    try terminal.expect("use MFA device alice for this profile? [y/N] ")
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
    #expect(list.contains("  keyring") != removes)
  }
}
