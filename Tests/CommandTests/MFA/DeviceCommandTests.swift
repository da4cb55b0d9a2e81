import AWSDouble
import TestSupport
import Testing

/// `mfa list` and `remove`.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
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

  @Test func `remove without MFA where the policy demands it is refused, with what to do`() throws {
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
    try terminal.expect("take the MFA device \(EnrolmentScene.device) from its user? [y/N] ")
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
