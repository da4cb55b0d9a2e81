import TestSupport
import Testing

/// `daypass unlock`, and the question of commands that meet a locked keyring, on a real keyring and a real terminal.
@Suite(.keyring)
struct UnlockTests {
  private static let prompt = "Keyring password (hidden): "
  private let scene: Scene

  init() throws { scene = try Scene.withAlice() }

  @Test func `the password unlocks the keyring, and is not shown`() throws {
    try scene.keyring.lock()
    let terminal = try scene.terminal("exec daypass unlock")
    try terminal.expect(Self.prompt)
    try terminal.send(PrivateKeyring.password + "\n")
    try terminal.expect("daypass: the keyring is unlocked\r\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!scene.keyring.isCollectionLocked)
    #expect(!terminal.transcript.contains(PrivateKeyring.password))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
  }

  @Test func `a wrong password is reported and asked for again`() throws {
    try scene.keyring.lock()
    let terminal = try scene.terminal("exec daypass unlock")
    try terminal.expect(Self.prompt)
    try terminal.send("wrong\n")
    try terminal.expect("daypass: that is not the keyring's password\r\n")
    try terminal.expect(Self.prompt)
    try terminal.send(PrivateKeyring.password + "\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!scene.keyring.isCollectionLocked)
  }

  @Test func `after three wrong passwords it ends with 78, and the keyring stays locked`() throws {
    try scene.keyring.lock()
    let terminal = try scene.terminal("exec daypass unlock")
    for _ in 1...3 {
      try terminal.expect(Self.prompt)
      try terminal.send("wrong\n")
    }
    #expect(try terminal.waitForExit() == .exited(78))
    #expect(scene.keyring.isCollectionLocked)
  }

  @Test func `an open keyring is left alone, and without a terminal it says what is missing`() throws {
    let terminal = try scene.terminal("exec daypass unlock")
    try terminal.expect("daypass: the keyring is already unlocked\r\n")
    #expect(try terminal.waitForExit() == .exited(0))
    try scene.keyring.lock()
    let outcome = try scene.run("setsid -w daypass unlock")
    #expect(outcome.status == .exited(78))
    #expect(
      outcome.errorText == "daypass: cannot ask for the keyring's password: no terminal\n"
        + "daypass: hint: run daypass unlock in the foreground of a terminal\n")
  }

  @Test func `the first keyring gets its password after two that differ and two that do not`() throws {
    scene.keyring.kill()
    try scene.keyring.startWithoutCollection()
    let terminal = try scene.terminal("exec daypass unlock")
    for (first, second) in [("one", "two"), ("made up", "made up")] {
      try terminal.expect("New keyring password (hidden): ")
      try terminal.send(first + "\n")
      try terminal.expect("The same password again (hidden): ")
      try terminal.send(second + "\n")
    }
    try terminal.expect("daypass: the keyring is created and unlocked\r\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!scene.keyring.isCollectionLocked)
  }

  @Test func `exec on a terminal without a display asks for the password and goes on`() throws {
    try scene.keyring.lock()
    let terminal = try scene.terminal("exec daypass exec alice --no-session -- echo it runs")
    try terminal.expect(Self.prompt)
    try terminal.send(PrivateKeyring.password + "\n")
    try terminal.expect("it runs")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test func `rotate asks for the password before anything else`() throws {
    try scene.keyring.lock()
    let terminal = try scene.terminal("exec daypass rotate alice --yes --mfa-code {code}")
    try terminal.expect(Self.prompt)
    try terminal.send(PrivateKeyring.password + "\n")
    #expect(try terminal.waitForExit() == .exited(0), "\(terminal.transcript)")
    #expect(scene.actions.contains("DeleteAccessKey"))
  }

  @Test func `a command that got three wrong passwords says so`() throws {
    try scene.keyring.lock()
    let terminal = try scene.terminal("exec daypass exec alice --no-session -- echo it runs")
    for _ in 1...3 {
      try terminal.expect(Self.prompt)
      try terminal.send("wrong\n")
    }
    try terminal.expect("daypass: that is not the keyring's password\r\ndaypass: hint: ")
    #expect(try terminal.waitForExit() == .exited(78))
  }

  private static let bob = "AKIAI44QH8DHBEXAMPLE\nje7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n"

  @Test func `add unlocks the keyring before it asks for the key`() throws {
    try scene.keyring.lock()
    let terminal = try scene.terminal("exec daypass add bob --no-verify --region us-east-1 --credential-process")
    try terminal.expect(Self.prompt)
    try terminal.send(PrivateKeyring.password + "\n")
    try terminal.expect("daypass: the keyring is unlocked\r\n")
    #expect(try terminal.expect("Access key ID: ") == "")
    try terminal.send(Self.bob)
    try terminal.expect("daypass: stored in the keyring as profile 'bob'\r\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!terminal.transcript.contains(PrivateKeyring.password))
    #expect(try scene.prepare("daypass whoami bob") == "arn:aws:iam::123456789012:user/team/bob\n")
  }

  @Test func `add asks for no key if the keyring stays locked`() throws {
    try scene.keyring.lock()
    let terminal = try scene.terminal("exec daypass add bob")
    for _ in 1...3 {
      try terminal.expect(Self.prompt)
      try terminal.send("wrong\n")
    }
    #expect(try terminal.waitForExit() == .exited(78))
    #expect(!terminal.transcript.contains("Access key ID"))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
  }

  @Test func `the first add of a user without a keyring creates one`() throws {
    scene.keyring.kill()
    try scene.keyring.startWithoutCollection()
    let terminal = try scene.terminal("exec daypass add bob --no-verify --region us-east-1 --credential-process")
    try terminal.expect("daypass: there is no keyring yet; choose a password for it\r\n")
    for prompt in ["New keyring password (hidden): ", "The same password again (hidden): "] {
      try terminal.expect(prompt)
      try terminal.send("made up\n")
    }
    try terminal.expect("Access key ID: ")
    try terminal.send(Self.bob)
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(try scene.prepare("daypass whoami bob") == "arn:aws:iam::123456789012:user/team/bob\n")
  }
}
