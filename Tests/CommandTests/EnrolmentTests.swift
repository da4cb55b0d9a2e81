import AWSDouble
import Foundation
import Glibc
import TestSupport
import Testing

/// `mfa enroll` at a terminal.
@Suite(.keyring)
struct EnrolmentTests {
  private let bob: EnrolmentScene

  init() throws { bob = try EnrolmentScene() }

  @Test func `two codes enable the device, which the profile asks for from then on`() throws {
    let terminal = try bob.enroll()
    try bob.enterGoodCodes(on: terminal)
    try terminal.expect("daypass: profile 'bob' now uses MFA device \(EnrolmentScene.device)\r\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.modeDescription() == terminal.modeAtStart)
    #expect(terminal.transcript.contains("\u{1b}[?1049h") && terminal.transcript.contains("▀"))
    #expect(terminal.transcript.contains("\u{1b}[?1049l"))
    #expect(try bob.scene.configText == EnrolmentScene.enrolled)
    #expect(bob.bobsDevices == [EnrolmentScene.device])
    #expect(bob.orphans == [])
    let next = try bob.scene.terminal("exec daypass exec bob -- true")
    try next.expect("MFA code for \(EnrolmentScene.device): ")
  }

  @Test func `wrong codes are asked for again`() throws {
    let terminal = try bob.enroll()
    try bob.enter("000000", "000001", on: terminal)
    try terminal.expect("daypass: AWS rejected the codes: enter two consecutive ones")
    try bob.enterGoodCodes(on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(bob.bobsDevices == [EnrolmentScene.device])
  }

  @Test func `after three wrong pairs the device is deleted`() throws {
    let terminal = try bob.enroll()
    for pair in [("000000", "000001"), ("000002", "000003"), ("000004", "000005")] {
      try bob.enter(pair.0, pair.1, on: terminal)
    }
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(terminal.transcript.contains("daypass: \(EnrolmentScene.device) was deleted\r\n"))
    #expect(
      terminal.transcript.contains(
        "daypass: AWS rejected all 3 code pairs for \(EnrolmentScene.device) (InvalidAuthenticationCode: "))
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
    try terminal.expect("that is the code from before; " + EnrolmentScene.secondPrompt)
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

  @Test func `a device that was left behind is replaced if the user says so`() throws {
    bob.double.account.unassignedMFADevices = [VirtualMFADevice(serial: EnrolmentScene.device, seed: "MFRGGMFRGG")]
    let terminal = try bob.enroll()
    try terminal.expect("MFA device bob exists but was never enabled, and its secret key is lost: replace it? [y/N] ")
    try terminal.send("y\n")
    try bob.enterGoodCodes(on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(bob.bobsDevices == [EnrolmentScene.device])
    #expect(bob.orphans == [])
  }

  @Test func `a device that another program made and has not enabled yet is kept`() throws {
    bob.double.account.unassignedMFADevices = [VirtualMFADevice(serial: EnrolmentScene.device, seed: "MFRGGMFRGG")]
    let terminal = try bob.enroll()
    try terminal.expect("replace it? [y/N] ")
    try terminal.send("n\n")
    try bob.enterGoodCodes(on: terminal, of: EnrolmentScene.device + "-2")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(bob.orphans == [EnrolmentScene.device])
    let named = try bob.enroll("--name bob --no-session")
    try named.expect("replace it? [y/N] ")
    try named.send("\n")
    #expect(try named.waitForExit() == .exited(77))
    #expect(bob.orphans == [EnrolmentScene.device])
  }

  @Test func `a device that is enabled and in no profile is offered`() throws {
    bob.double.account[user: "bob"]?.mfaDevices = [
      VirtualMFADevice(serial: EnrolmentScene.device, seed: "MFRGGMFRGG")
    ]
    let terminal = try bob.enroll()
    try terminal.expect(
      "use your MFA device bob for this profile, instead of making another? [Y/n] ")
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
    try terminal.expect("instead of making another? [Y/n] ")
    try terminal.send("n\n")
    try bob.enterGoodCodes(on: terminal, of: EnrolmentScene.device + "-2")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(bob.bobsDevices == [EnrolmentScene.device, EnrolmentScene.device + "-2"])
  }

  @Test func `with a name for the new device the old one is not offered`() throws {
    bob.double.account[user: "bob"]?.mfaDevices = [
      VirtualMFADevice(serial: EnrolmentScene.device, seed: "MFRGGMFRGG")
    ]
    let terminal = try bob.enroll("--name second")
    try bob.enterGoodCodes(on: terminal, of: "arn:aws:iam::123456789012:mfa/second")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!terminal.transcript.contains("[Y/n]"))
  }

  @Test(arguments: ["enroll", "resync"])
  func `a profile that nobody typed is asked about before its user's devices change`(command: String) throws {
    let terminal = try bob.scene.terminal("AWS_PROFILE=bob exec daypass mfa \(command)")
    try terminal.expect("profile 'bob'? [y/N] ")
    try terminal.send("n\n")
    try terminal.expect("daypass: nothing was changed\r\n")
    #expect(try terminal.waitForExit() == .exited(1))
    #expect(bob.scene.actions == [])
  }

  @Test func `a sentence beside the QR code says what to do with it`() throws {
    let terminal = try bob.scene.terminal("stty rows 24 cols 80; exec daypass mfa enroll bob")
    try terminal.expect("Scan this with your")
    try terminal.expect(EnrolmentScene.firstPrompt)
  }

  @Test(arguments: ["DAYPASS_PLAIN=1", "TERM=dumb"])
  func `a countdown that nobody wants to hear each second stands still`(setting: String) throws {
    let terminal = try bob.scene.terminal("\(setting) exec daypass mfa enroll bob --text")
    try bob.enterGoodCodes(on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!terminal.transcript.contains("\u{1b}7\r"))
  }

  @Test func `a name that is asked for and taken is refused`() throws {
    let terminal = try bob.enroll("--name alice")
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(terminal.transcript.contains("an MFA device named alice already exists"))
    #expect(!bob.scene.actions.contains("CreateVirtualMFADevice"))
  }

  @Test(arguments: [
    ("TERM=dumb", "shows no QR code"), ("LC_ALL=C", "shows no QR code"), ("TERM=xterm", "does not fit"),
  ])
  func `a terminal that cannot show the code is reported before anything is created`(setting: String, text: String)
    throws
  {
    let rows = text == "does not fit" ? "stty rows 12 cols 80; " : ""
    let terminal = try bob.scene.terminal("\(rows)\(setting) exec daypass mfa enroll bob")
    #expect(try terminal.waitForExit() == .exited(64))
    #expect(terminal.transcript.contains(text))
    #expect(terminal.transcript.contains("--text") && terminal.transcript.contains("--png FILE"))
    #expect(!bob.scene.actions.contains("CreateVirtualMFADevice"))
  }
}

// MARK: - Enrolment scene

/// bob, who has no MFA device, at a terminal where `mfa enroll` runs.
struct EnrolmentScene {
  static let device = "arn:aws:iam::123456789012:mfa/bob"
  static let config = "# mine\n[profile bob]\nregion = eu-west-1 \n\n[profile other]\n"
  static let enrolled = "# mine\n[profile bob]\nregion = eu-west-1 \nmfa_serial = \(device)\n\n[profile other]\n"
  static let firstPrompt = "MFA code 1 of 2 (changes in "
  static let secondPrompt = "MFA code 2 of 2 (appears "

  let scene: Scene
  var double: AWSDouble { scene.double }

  init() throws {
    scene = try Scene(config: Self.config)
    try scene.storeKey(of: "bob")
    scene.environment["TERM"] = "xterm"
    scene.environment["LC_ALL"] = "C.UTF-8"
  }

  func enroll(_ options: String = "", by prefix: String = "exec") throws -> PseudoTerminal {
    try scene.terminal("\(prefix) daypass mfa enroll bob \(options)")
  }

  /// Enters two codes where they are asked for.
  func enter(_ first: String, _ second: String, on terminal: PseudoTerminal) throws {
    try terminal.expect(Self.firstPrompt)
    try terminal.send(first + "\n")
    try terminal.expect(Self.secondPrompt)
    try terminal.send(second + "\n")
  }

  func enterGoodCodes(on terminal: PseudoTerminal, of device: String = device) throws {
    try terminal.expect(Self.firstPrompt)
    let (first, second) = try goodCodes(of: device)
    try terminal.send(first + "\n")
    try terminal.expect(Self.secondPrompt)
    try terminal.send(second + "\n")
  }

  /// This half minute's code and the next one's; AWS takes a device whose clock is so much ahead.
  func goodCodes(of device: String = device) throws -> (String, String) {
    guard let codes = double.codePair(for: device) else { throw SetupFailure("there is no \(device)") }
    return codes
  }

  var bobsDevices: [String] { double.account[user: "bob"]?.mfaDevices.map(\.serial) ?? [] }
  var orphans: [String] { double.account.unassignedMFADevices.map(\.serial) }
  var seed: String? {
    (double.account.unassignedMFADevices + (double.account[user: "bob"]?.mfaDevices ?? [])).first?.seed
  }

  /// As it was at first.
  func reset() {
    double.account[user: "bob"]?.mfaDevices = []
    double.account.unassignedMFADevices = []
    scene.scratch.write(Self.config, to: "home/.aws/config")
    double.clearFaults()
    double.forgetCalls()
  }
}

// MARK: - Enrolment seed tests

/// Where the seed goes, and where it does not.
@Suite(.keyring)
struct EnrolmentSeedTests {
  private let bob: EnrolmentScene

  init() throws { bob = try EnrolmentScene() }

  @Test(.enabled(if: Installed.has("zbarimg"), "zbarimg is not installed"), arguments: ["y", "n"])
  func `a picture is read by zbar, and removed if the user says so`(answer: String) throws {
    let terminal = try bob.enroll("--png code.png")
    try terminal.expect(EnrolmentScene.firstPrompt)
    let path = bob.scene.home + "/code.png"
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let reader = ChildProcess(
      ["zbarimg", "--quiet", "--raw", "--nodbus", path], environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"])
    #expect(reader.wait() == 0)
    let seed = try #require(bob.seed)
    #expect(reader.output == "otpauth://totp/AWS:bob@123456789012?secret=\(seed)&issuer=AWS\n")
    let (first, second) = try bob.goodCodes()
    try terminal.send(first + "\n")
    try terminal.expect(EnrolmentScene.secondPrompt)
    try terminal.send(second + "\n")
    try terminal.expect("remove code.png? [y/N] ")
    try terminal.send(answer + "\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(FileManager.default.fileExists(atPath: path) == (answer == "n"))
  }

  @Test func `the picture of a device that is given up is removed`() throws {
    let terminal = try bob.enroll("--png code.png")
    try terminal.expect(EnrolmentScene.firstPrompt)
    try terminal.send("\u{3}")
    _ = try terminal.waitForExit()
    #expect(!FileManager.default.fileExists(atPath: bob.scene.home + "/code.png"))
    #expect(bob.orphans == [])
  }

  @Test func `a picture overwrites nothing, and no device is left`() throws {
    bob.scene.scratch.write("mine", to: "home/code.png")
    let terminal = try bob.enroll("--png code.png")
    #expect(try terminal.waitForExit() == .exited(1))
    #expect(try bob.scene.scratch.text(of: "home/code.png") == "mine")
    #expect(bob.orphans == [])
  }

  @Test func `as text the seed is on the terminal until the first code is entered`() throws {
    let terminal = try bob.enroll("--text >out 2>err")
    try terminal.expect(EnrolmentScene.firstPrompt)
    let seed = try #require(bob.seed)
    let letters = String(terminal.transcript.unicodeScalars.filter { !$0.properties.isWhitespace })
    #expect(letters.contains(seed))
    try terminal.send("123456\n")
    try terminal.expect("\u{1b}[?1049l")
    try terminal.expect(EnrolmentScene.secondPrompt)
    try terminal.send("\u{3}")
    _ = try terminal.waitForExit()
    for file in ["out", "err"] { #expect(try !bob.scene.scratch.text(of: "home/" + file).contains(seed.prefix(8))) }
  }

  @Test(
    .enabled(if: Trace.isPossible, "only root sees the arguments of processes that hide themselves, by strace"))
  func `the seed is in no file, no argument and no log`() throws {
    let trace = bob.scene.scratch.path("trace")
    let terminal = try bob.enroll(
      "--debug 2>err", by: "exec strace -f -qq -v -s 4096 -e trace=execve,openat,write -o \(trace)")
    try bob.enterGoodCodes(on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
    let seed = try #require(bob.seed)
    let forms = SecretForms(of: seed)
    let files = try FileManager.default.subpathsOfDirectory(atPath: bob.scene.scratch.path)
    for file in files {
      guard let data = FileManager.default.contents(atPath: bob.scene.scratch.path + "/" + file) else { continue }
      for form in forms.encoded + [forms.raw] { #expect(data.range(of: Data(form)) == nil, "\(file)") }
    }
    #expect(try bob.scene.scratch.text(of: "home/err").contains("daypass: debug: plan"))
    #expect(try bob.scene.scratch.text(of: "trace").contains("execve("))
  }
}

// MARK: - Giving up

/// How a person ends a command before its time.
enum GivingUp: CaseIterable {
  case controlC, endOfInput, hangUp, termination, closedWindow

  func happen(on terminal: PseudoTerminal) throws {
    switch self {
    case .controlC: try terminal.send("\u{3}")
    case .endOfInput: try terminal.send("\u{4}")
    case .hangUp: kill(terminal.pid, SIGHUP)
    case .termination: kill(terminal.pid, SIGTERM)
    case .closedWindow: terminal.hangUp()
    }
  }

  /// Whether anything can be seen afterwards.
  var leavesWindow: Bool { self != .closedWindow }

  var status: TestSupport.ExitStatus {
    switch self {
    case .controlC: .signaled(SIGINT)
    case .endOfInput: .exited(77)
    case .hangUp, .closedWindow: .signaled(SIGHUP)
    case .termination: .signaled(SIGTERM)
    }
  }
}
