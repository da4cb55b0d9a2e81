import AWSDouble
import Foundation
import Glibc
import TestSupport
import Testing

/// `mfa enroll` at a terminal.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct EnrolmentTests {
  private let bob: EnrolmentScene

  init() throws { bob = try EnrolmentScene() }

  @Test func `two codes enable the device, which the profile asks for from then on`() throws {
    let terminal = try bob.enroll()
    try bob.enterGoodCodes(on: terminal)
    try terminal.expect("daypass: profile 'bob' now asks for codes of \(EnrolmentScene.device)\r\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    #expect(terminal.transcript.contains("\u{1b}[?1049h") && terminal.transcript.contains("▀"))
    #expect(terminal.transcript.contains("\u{1b}[?1049l"))
    #expect(try bob.scene.configText == EnrolmentScene.enrolled)
    #expect(bob.bobsDevices == [EnrolmentScene.device])
    #expect(bob.orphans == [])
    let next = try bob.scene.terminal("exec daypass exec bob -- true")
    try next.expect("MFA code of \(EnrolmentScene.device): ")
  }

  @Test func `wrong codes are asked for again`() throws {
    let terminal = try bob.enroll()
    try bob.enter("000000", "000001", on: terminal)
    try terminal.expect("daypass: AWS refused the codes: enter two that follow each other")
    try bob.enterGoodCodes(on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(bob.bobsDevices == [EnrolmentScene.device])
  }

  @Test func `after three wrong pairs the device is deleted again`() throws {
    let terminal = try bob.enroll()
    for pair in [("000000", "000001"), ("000002", "000003"), ("000004", "000005")] {
      try bob.enter(pair.0, pair.1, on: terminal)
    }
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(terminal.transcript.contains("daypass: \(EnrolmentScene.device) is deleted again\r\n"))
    #expect(
      terminal.transcript.contains(
        "daypass: AWS took no codes of \(EnrolmentScene.device) in 3 tries (InvalidAuthenticationCode: "))
    #expect(terminal.transcript.contains(", request id "))
    #expect(bob.orphans == [])
    #expect(try bob.scene.configText == EnrolmentScene.config)
  }

  @Test func `five digits and the same code twice are not sent`() throws {
    let terminal = try bob.enroll()
    try terminal.expect(EnrolmentScene.firstPrompt)
    try terminal.send("12345\n")
    try terminal.expect("a code is six digits; " + EnrolmentScene.firstPrompt)
    let (first, second) = try bob.goodCodes()
    try terminal.send(first + "\n")
    try terminal.expect(EnrolmentScene.secondPrompt)
    try terminal.send("１２３４５６\n")
    try terminal.expect("a code is six digits; " + EnrolmentScene.secondPrompt)
    try terminal.send(first + "\n")
    try terminal.expect("that code was used; " + EnrolmentScene.secondPrompt)
    #expect(!bob.scene.actions.contains("EnableMFADevice"))
    try terminal.send(second + "\n")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test(arguments: [EnrolmentScene.firstPrompt, EnrolmentScene.secondPrompt], GivingUp.allCases)
  func `giving up at a prompt deletes the device and leaves the terminal as it was`(
    prompt: String, way: GivingUp
  ) throws {
    let terminal = try bob.enroll()
    try terminal.expect(EnrolmentScene.firstPrompt)
    if prompt == EnrolmentScene.secondPrompt {
      try terminal.send("123456\n")
      try terminal.expect(prompt)
    }
    try way.happen(on: terminal)
    #expect(try terminal.waitForExit() == way.status)
    if way.leavesWindow {
      #expect(terminal.modeDescription() == terminal.modeAtStart)
      let shown = terminal.transcript.split(separator: "\u{1b}[?1049h", omittingEmptySubsequences: false).last
      #expect(shown?.contains("\u{1b}[?1049l") == true)
    }
    #expect(bob.orphans == [])
    #expect(bob.bobsDevices == [])
    #expect(bob.scene.actions.last == "DeleteVirtualMFADevice")
    #expect(try bob.scene.configText == EnrolmentScene.config)
  }

  @Test func `the seconds left are shown anew in front of what is typed`() throws {
    let terminal = try bob.enroll()
    try terminal.expect(EnrolmentScene.firstPrompt)
    try terminal.send("12")
    try terminal.expect("\u{1b}7\r" + EnrolmentScene.firstPrompt)
    try terminal.expect("\u{1b}8")
    try terminal.send("345\n")
    try terminal.expect("a code is six digits; ")
  }

  @Test func `a device that was left behind is replaced`() throws {
    bob.double.account.unassignedMFADevices = [VirtualMFADevice(serial: EnrolmentScene.device, seed: "MFRGGMFRGG")]
    let terminal = try bob.enroll()
    try terminal.expect("was never enabled, and its secret key cannot be had again: it is replaced\r\n")
    try bob.enterGoodCodes(on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(bob.bobsDevices == [EnrolmentScene.device])
    #expect(bob.orphans == [])
  }

  @Test func `a device that is enabled and in no profile is offered`() throws {
    bob.double.account[user: "bob"]?.mfaDevices = [
      VirtualMFADevice(serial: EnrolmentScene.device, seed: "MFRGGMFRGG")
    ]
    let terminal = try bob.enroll()
    try terminal.expect("ask for codes of \(EnrolmentScene.device) (mfa_serial)? [y/N] ")
    try terminal.send("y\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(try bob.scene.configText == EnrolmentScene.enrolled)
    #expect(!bob.scene.actions.contains("CreateVirtualMFADevice"))
  }

  @Test func `the next free name is taken`() throws {
    bob.double.account[user: "bob"]?.mfaDevices = [
      VirtualMFADevice(serial: EnrolmentScene.device, seed: "MFRGGMFRGG")
    ]
    let terminal = try bob.enroll()
    try terminal.expect("(mfa_serial)? [y/N] ")
    try terminal.send("n\n")
    try bob.enterGoodCodes(on: terminal, of: EnrolmentScene.device + "-2")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(bob.bobsDevices == [EnrolmentScene.device, EnrolmentScene.device + "-2"])
  }

  @Test func `a name that is asked for and taken is refused`() throws {
    let terminal = try bob.enroll("--name alice")
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(terminal.transcript.contains("there is an MFA device named alice already"))
    #expect(!bob.scene.actions.contains("CreateVirtualMFADevice"))
  }

  @Test(arguments: [
    ("TERM=dumb", "shows no QR code"), ("LC_ALL=C", "shows no QR code"), ("TERM=xterm", "does not fit"),
  ])
  func `a terminal that cannot show the code is told before anything is made`(setting: String, text: String) throws {
    let rows = text == "does not fit" ? "stty rows 12 cols 80; " : ""
    let terminal = try bob.scene.terminal("\(rows)\(setting) exec daypass mfa enroll bob")
    #expect(try terminal.waitForExit() == .exited(64))
    #expect(terminal.transcript.contains(text))
    #expect(terminal.transcript.contains("--text") && terminal.transcript.contains("--png FILE"))
    #expect(!bob.scene.actions.contains("CreateVirtualMFADevice"))
  }
}
