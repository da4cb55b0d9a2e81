import AWSDouble
import TestSupport
import Testing

/// One MFA code a day: what sessions are shared by, and what makes them anew.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct SharedSessionTests {
  private let scene: Scene

  init() throws {
    scene = try Scene.withAlice()
  }

  @Test func `profiles on one key and device need one code`() throws {
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    #expect(scene.actions == ["GetSessionToken", "AssumeRole"])
    try scene.prepare("daypass exec alice -- true")
    try scene.prepare("daypass exec readonly -- true")
    #expect(scene.actions == ["GetSessionToken", "AssumeRole"])
  }

  @Test func `an edited role gets a session of its own`() throws {
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    scene.scratch.write(
      try scene.configText.replacing("role/ReadOnly", with: "role/Deploy"), to: "home/.aws/config")
    let identity = try scene.prepare("daypass whoami readonly")
    #expect(identity == "arn:aws:sts::123456789012:assumed-role/Deploy/e2e\n")
    #expect(scene.actions == ["GetSessionToken", "AssumeRole", "AssumeRole", "GetCallerIdentity"])
  }

  @Test(arguments: ["daypass clear", "daypass clear readonly"])
  func `after clear the next command needs a code`(clear: String) throws {
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    try scene.prepare(clear)
    #expect(try scene.run("daypass exec readonly -- true").status == .exited(77))
    try scene.prepare("daypass exec readonly --mfa-code {code} -- true")
    #expect(scene.actions == ["GetSessionToken", "AssumeRole", "GetSessionToken", "AssumeRole"])
  }

  @Test func `a new key forgets the sessions of the old one`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    try scene.storeKey(of: "alice")
    #expect(try scene.run("daypass exec alice -- true").status == .exited(77))
  }

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `a session that has expired is removed and made anew`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    #expect(sessionItems.count == 1)
    #expect(try scene.prepare("faketime -f +13h daypass list").contains("left") == false)
    #expect(sessionItems == [])
    scene.double.clock = .offset(13 * 3600)
    try scene.prepare("faketime -f +13h daypass exec alice --mfa-code {code} -- true")
    #expect(scene.actions == ["GetSessionToken", "GetSessionToken"])
    #expect(sessionItems.count == 1)
  }

  @Test(.enabled(if: Installed.has("faketime"), "faketime is not installed"))
  func `a session with too little left is made anew`() throws {
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    scene.double.clock = .offset(12 * 3600 - 600)
    try scene.prepare("faketime -f +42600s daypass exec alice -- true")
    #expect(try scene.run("faketime -f +42600s daypass credential-process alice").status == .exited(77))
    #expect(try scene.run("faketime -f +42950s daypass exec alice -- true").status == .exited(77))
    #expect(scene.actions == ["GetSessionToken"])
  }

  /// What keeps sessions, in the kernel and in the keyring.
  private var sessionItems: [String] {
    KernelKeys.descriptions(with: scene.scratch.path) + scene.keyring.paths(with: ["kind": "session"])
  }
}
