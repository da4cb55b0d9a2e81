import AWSDouble
import TestSupport
import Testing

/// `mfa list` and `remove`.
@Suite(.keyring)
struct DeviceCommandTests {
  private static let config = """
    [profile bob]
    mfa_serial = \(EnrolmentScene.device)
    region = eu-west-1
    [profile role]
    role_arn = arn:aws:iam::123456789012:role/ReadOnly
    source_profile = bob
    mfa_serial=\(EnrolmentScene.device)
    [profile other]
    mfa_serial = \(Scene.device)

    """
  private static let cleaned = """
    [profile bob]
    region = eu-west-1
    [profile role]
    role_arn = arn:aws:iam::123456789012:role/ReadOnly
    source_profile = bob
    [profile other]
    mfa_serial = \(Scene.device)

    """
  private let bob: EnrolmentScene

  init() throws {
    bob = try EnrolmentScene()
    let phone = VirtualMFADevice(serial: EnrolmentScene.device, seed: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    bob.double.account[user: "bob"]?.mfaDevices = [phone]
    bob.scene.scratch.write(Self.config, to: "home/.aws/config")
  }

  @Test func `remove takes the device from user, account and config`() throws {
    let outcome = try removeWithCode()
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(bob.bobsDevices == [])
    #expect(bob.orphans == [])
    #expect(try bob.scene.configText == Self.cleaned)
  }

  @Test(arguments: [Action.deactivateMFADevice, .deleteVirtualMFADevice])
  func `a remove that was cut short is finished by the next`(action: Action) throws {
    bob.double.fail(action, with: .refuse(status: 403, code: "AccessDenied", message: "no"))
    #expect(try removeWithCode().status == .exited(77))
    #expect(try bob.scene.configText == Self.config)
    let again = try removeWithCode()
    #expect(again.status == .exited(0), "\(again.errorText)")
    #expect(bob.bobsDevices + bob.orphans == [])
    #expect(try bob.scene.configText == Self.cleaned)
  }

  @Test(arguments: [Action.deactivateMFADevice, .deleteVirtualMFADevice], [Fault.closeAfterActing, .busy, .cut])
  func `an answer that is lost or late is no reason to stop`(action: Action, fault: Fault) throws {
    bob.double.fail(action, with: fault)
    let outcome = try removeWithCode()
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(bob.bobsDevices + bob.orphans == [])
  }

  @Test func `remove without MFA is refused if the policy demands it, with what to do`() throws {
    bob.double.account[user: "bob"]?.actionsNeedingMFA = ["iam:DeactivateMFADevice"]
    let outcome = try bob.scene.run("daypass mfa remove bob --force --no-session")
    #expect(outcome.status == .exited(77))
    #expect(
      outcome.errorText.contains(
        "the policy may ask for MFA: set mfa_serial in the profile, and leave out --no-session"))
    #expect(bob.bobsDevices == [EnrolmentScene.device])
  }

  @Test func `remove asks first`() throws {
    let terminal = try bob.scene.terminal("exec daypass mfa remove bob")
    try terminal.expect("remove MFA device \(EnrolmentScene.device) from its user? [y/N] ")
    try terminal.send("n\n")
    #expect(try terminal.waitForExit() == .exited(1))
    #expect(bob.bobsDevices == [EnrolmentScene.device])
  }

  @Test func `remove for a user without devices says so`() throws {
    bob.reset()
    let outcome = try bob.scene.run("daypass mfa remove bob --force")
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText.contains("the user of profile 'bob' has no MFA device"))
  }

  @Test func `list shows devices of every kind and which one the profile uses`() throws {
    let key = VirtualMFADevice(serial: "arn:aws:iam::123456789012:u2f/user/bob/key-ABCDEF", seed: "MFRGGMFRGG")
    bob.double.account[user: "bob"]?.mfaDevices += [key, VirtualMFADevice(serial: "GAHT12345678", seed: "MFRGGMFRGG")]
    let text = try bob.scene.run("daypass mfa list bob --no-session").outputText
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(
      lines == [
        "MFA DEVICE KIND SINCE PROFILE", "\(EnrolmentScene.device) virtual 2026-01-01 uses it",
        "arn:aws:iam::123456789012:u2f/user/bob/key-ABCDEF fido 2026-01-01 unusable: shows no codes for STS",
        "GAHT12345678 hardware 2026-01-01 -",
      ])
    let json = try bob.scene.run("daypass mfa list bob --no-session --json").outputText
    #expect(json.contains("\"usedByProfile\" : true") && json.contains("\"kind\" : \"fido\""))
  }

  private func removeWithCode() throws -> Launch.Outcome {
    let code = bob.double.code(for: EnrolmentScene.device).map { "--mfa-code \($0)" } ?? ""
    return try bob.scene.run("daypass mfa remove bob --force \(code)")
  }
}

// MARK: - Resync tests

/// `mfa resync`, of a device whose clock is off.
@Suite(.keyring)
struct ResyncTests {
  private static let config = "[profile bob]\nmfa_serial = \(EnrolmentScene.device)\nregion = eu-west-1\n"
  private static let fido = "arn:aws:iam::123456789012:u2f/user/bob/key-ABCDEF"
  private let bob: EnrolmentScene

  init() throws {
    bob = try EnrolmentScene()
    bob.double.account[user: "bob"]?.mfaDevices = [Self.device(EnrolmentScene.device)]
    bob.scene.scratch.write(Self.config, to: "home/.aws/config")
  }

  private static func device(_ serial: String) -> VirtualMFADevice {
    VirtualMFADevice(serial: serial, seed: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
  }

  @Test func `two codes of a device that is minutes ahead are enough`() throws {
    let terminal = try bob.scene.terminal("exec daypass mfa resync bob")
    try enter(steps: 6, 7, on: terminal)
    try terminal.expect("daypass: AWS has corrected for the clock of \(EnrolmentScene.device)\r\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(resyncs == [.longTerm])
  }

  @Test func `if the policy demands MFA, a cached session signs the call`() throws {
    demandMFA()
    let code = try #require(bob.double.code(for: EnrolmentScene.device))
    try bob.scene.prepare("daypass exec bob --mfa-code \(code) -- true")
    let terminal = try bob.scene.terminal("exec daypass mfa resync bob")
    try enter(steps: 6, 7, on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(resyncs == [.mfaSession])
  }

  @Test func `if the policy demands MFA and no session is cached, one is requested`() throws {
    demandMFA()
    let terminal = try bob.scene.terminal("exec daypass mfa resync bob")
    try enter(steps: 6, 7, on: terminal)
    try terminal.expect("daypass: the user's policy requires MFA for this, so a session is needed first\r\n")
    try terminal.expect("MFA code for \(EnrolmentScene.device): ")
    try terminal.send(try #require(bob.double.code(for: EnrolmentScene.device)) + "\n")
    try enter(steps: 8, 9, on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(resyncs == [.longTerm, .mfaSession])
  }

  @Test func `if the policy demands MFA and --no-session is given, the call is refused`() throws {
    demandMFA()
    let terminal = try bob.scene.terminal("exec daypass mfa resync bob --no-session")
    try enter(steps: 6, 7, on: terminal)
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(terminal.transcript.contains("the policy may ask for MFA"))
    #expect(terminal.transcript.contains("leave out --no-session"))
  }

  @Test func `a policy that denies it even with MFA is reported as it is`() throws {
    bob.double.account[user: "bob"]?.deniedActions = ["iam:ResyncMFADevice"]
    let code = try #require(bob.double.code(for: EnrolmentScene.device))
    try bob.scene.prepare("daypass exec bob --mfa-code \(code) -- true")
    let terminal = try bob.scene.terminal("exec daypass mfa resync bob")
    try enter(steps: 6, 7, on: terminal)
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(terminal.transcript.contains("daypass: AWS denied access (AccessDenied: "))
    #expect(resyncs.count == 1)
  }

  @Test func `after three pairs that AWS does not take it is over`() throws {
    let terminal = try bob.scene.terminal("exec daypass mfa resync bob")
    for pair in [("000000", "000001"), ("000002", "000003"), ("000004", "000005")] {
      try bob.enter(pair.0, pair.1, on: terminal)
    }
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(
      terminal.transcript.contains("all 3 code pairs for ")
        && terminal.transcript.contains("(InvalidAuthenticationCode: "))
  }

  @Test func `a device that AWS does not know is reported at once`() throws {
    let other = EnrolmentScene.device + "-2"
    let terminal = try bob.scene.terminal("exec daypass mfa resync bob --serial \(other)")
    try bob.enter("000000", "000001", on: terminal)
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(terminal.transcript.contains("daypass: nothing with that name exists in AWS (NoSuchEntity: "))
    #expect(resyncs.count == 1)
  }

  @Test(arguments: Refusal.all)
  func `what cannot be resynchronized is refused before codes are asked for`(refusal: Refusal) throws {
    bob.double.account[user: "bob"]?.mfaDevices = refusal.devices.map(Self.device)
    bob.scene.scratch.write(EnrolmentScene.config, to: "home/.aws/config")
    let terminal = try bob.scene.terminal("exec daypass mfa resync bob \(refusal.options)")
    #expect(try terminal.waitForExit() == .exited(refusal.status))
    #expect(terminal.transcript.contains(refusal.words), "\(terminal.transcript)")
    #expect(resyncs == [])
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let devices: [String]
    var options = ""
    let status: Int32
    let words: String

    var testDescription: String { words }

    static let all = [
      Refusal(devices: [], status: 1, words: "daypass: the user of profile 'bob' has no MFA device"),
      Refusal(
        devices: [EnrolmentScene.device, EnrolmentScene.device + "-2"], status: 64,
        words: "name one: --serial \(EnrolmentScene.device) or \(EnrolmentScene.device)-2"),
      Refusal(devices: [fido], status: 64, words: "\(fido) is a FIDO device, which shows no codes"),
      Refusal(
        devices: [EnrolmentScene.device], options: "--serial \(fido)", status: 64,
        words: "\(fido) is a FIDO device, which shows no codes"),
    ]
  }

  @Test func `without a terminal it is refused before AWS is asked`() throws {
    let outcome = try bob.scene.run("daypass mfa resync bob")
    #expect(outcome.status == .exited(64))
    #expect(outcome.errorText.contains("no terminal"))
    #expect(bob.scene.actions == [])
  }

  @Test(arguments: GivingUp.allCases)
  func `giving up leaves the terminal as it was`(way: GivingUp) throws {
    let terminal = try bob.scene.terminal("exec daypass mfa resync bob")
    try terminal.expect(EnrolmentScene.firstPrompt)
    try way.happen(on: terminal)
    #expect(try terminal.waitForExit() == way.status)
    if way.leavesWindow { #expect(terminal.modeDescription() == terminal.modeAtStart) }
    #expect(resyncs == [])
  }

  private func demandMFA() {
    bob.double.account[user: "bob"]?.actionsNeedingMFA = ["iam:ResyncMFADevice"]
  }

  private func enter(steps first: Int, _ second: Int, on terminal: PseudoTerminal) throws {
    let codes = try [first, second].map { try #require(bob.double.code(for: EnrolmentScene.device, step: $0)) }
    try bob.enter(codes[0], codes[1], on: terminal)
  }

  /// What signed each ResyncMFADevice.
  private var resyncs: [CredentialKind?] {
    bob.double.calls.filter { $0.action == "ResyncMFADevice" }.map(\.credentials)
  }
}
