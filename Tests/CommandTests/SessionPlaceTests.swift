import Glibc
import TestSupport
import Testing

/// Where sessions are: in the kernel, in the keyring where the kernel refuses, or nowhere.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct SessionPlaceTests {
  private static let kernel = ConditionTrait.enabled(if: KernelKeys.areAllowed, "the kernel keeps no keys for us here")
  private let scene: Scene

  init() throws { scene = try Scene.withAlice() }

  @Test(kernel) func `a session is in the kernel, for its user alone, and nowhere on the bus`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    #expect(inKernel.count == 1)
    #expect(inKernel.allSatisfy { $0.contains(";3f3f0000;") })
    #expect(inKeyring == [])
  }

  @Test(kernel) func `a warm call needs neither keyring nor bus`() throws {
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    scene.keyring.kill()
    scene.keyring.bus.end()
    try scene.prepare("daypass exec readonly -- true")
    try scene.prepare("daypass credential-process readonly")
  }

  @Test(kernel) func `a warm call opens no library of others`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    let outcome = try scene.run("daypass credential-process alice", environment: ["LD_DEBUG": "files"])
    #expect(outcome.errorText.contains("libc.so.6"))
    for library in ["libsecret", "libglib", "libcurl", "libcrypto", "libssl", "libexpat"] {
      #expect(!outcome.errorText.contains(library))
    }
  }

  @Test func `locking the keyring takes no session away, and clear does`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    try scene.keyring.lock()
    try scene.prepare("daypass exec alice -- true")
    #expect(try scene.run("daypass clear").errorText == "daypass: 1 session forgotten\n")
    #expect(try scene.run("daypass exec alice -- true").status == .exited(78))
  }

  @Test(kernel, arguments: [EPERM, ENOSYS, EDQUOT])
  func `where the kernel refuses, sessions are in the keyring`(error: Int32) throws {
    let refusing = try "\(builtProgram("Probe")) without-keys \(error) daypass"
    let first = try scene.run("\(refusing) exec readonly --debug --mfa-code {code} -- true")
    #expect(first.status == .exited(0), "\(first.errorText)")
    #expect(first.errorText.contains("debug: the kernel keeps no sessions for us ("))
    #expect(inKernel == [] && inKeyring.count == 2)
    try scene.prepare("\(refusing) exec readonly -- true")
    #expect(try scene.prepare("\(refusing) list").contains("left"))
    #expect(scene.actions == ["GetSessionToken", "AssumeRole"])
    #expect(try scene.run("\(refusing) clear").errorText == "daypass: 2 sessions forgotten\n")
    #expect(inKeyring == [])
  }

  @Test(kernel) func `what the keyring got while the kernel was full is found, listed and cleared later`() throws {
    try scene.prepare("\(builtProgram("Probe")) without-keys \(EDQUOT) daypass exec alice --mfa-code {code} -- true")
    try scene.prepare("daypass exec alice -- true")
    #expect(try scene.prepare("daypass list").contains("left"))
    #expect(try scene.run("daypass clear alice").errorText == "daypass: 1 session forgotten\n")
    #expect(inKeyring == [])
  }

  @Test(kernel) func `a full kernel does not keep the session that was to be renewed`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    scene.double.clock = .offset(12 * 3600 - 100)
    let late = "faketime -f +43100s"
    let probe = try builtProgram("Probe")
    try scene.prepare("\(late) \(probe) without-keys \(EDQUOT) daypass exec alice --mfa-code {code} -- true")
    try scene.prepare("\(late) daypass exec alice -- true")
    #expect(inKernel == [])
  }

  @Test func `DAYPASS_CACHE=keyring keeps sessions out of the kernel`() throws {
    scene.environment["DAYPASS_CACHE"] = "keyring"
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    #expect(inKernel == [] && inKeyring.count == 1)
    scene.environment["DAYPASS_CACHE"] = nil
    #expect(try scene.run("daypass clear").errorText == "daypass: 1 session forgotten\n")
  }

  @Test func `DAYPASS_CACHE=none keeps no session and no lock`() throws {
    scene.environment["DAYPASS_CACHE"] = "none"
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    #expect(inKernel == [] && inKeyring == [])
    #expect(try scene.run("daypass exec alice -- true").status == .exited(77))
    #expect(try scene.run("ls run").outputText == "")
  }

  @Test func `another DAYPASS_CACHE is refused with what there is`() throws {
    let outcome = try scene.run("daypass exec alice -- true", environment: ["DAYPASS_CACHE": "disk"])
    #expect(outcome.status == .exited(65))
    let text = "daypass: DAYPASS_CACHE='disk' is unknown\ndaypass: hint: one of kernel, keyring, none\n"
    #expect(outcome.errorText == text)
  }

  @Test func `sessions belong to the keyring whose key made them`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    let elsewhere = try scene.run("daypass exec alice -- true", environment: ["XDG_DATA_HOME": "{home}/other"])
    #expect(elsewhere.status == .exited(77))
  }

  private var inKernel: [String] { KernelKeys.descriptions(with: scene.scratch.path) }
  private var inKeyring: [String] { scene.keyring.paths(with: ["kind": "session"]) }
}
