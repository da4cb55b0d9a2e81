import Foundation
import TestSupport
import Testing

/// `doctor` before keyrings that something is wrong with.
@Suite(.keyring)
struct DoctorTests {
  private let scene: Scene

  init() throws {
    scene = try Scene.withAlice()
    scene.environment["DAYPASS_CACHE"] = "none"
  }

  /// What it finds, with its second and third line.
  private func findings() throws -> String {
    let outcome = try scene.run("daypass doctor --offline")
    #expect(outcome.status == .exited(1), "\(outcome.errorText)")
    #expect(outcome.errorText == "daypass: 1 thing is wrong\n")
    let lines = outcome.outputText.split(separator: "\n").filter { $0.hasPrefix("         ") }
    return lines.map { String($0.dropFirst(9)) }.joined(separator: "\n")
  }

  @Test func `a locked keyring is found, and stays locked`() throws {
    try scene.keyring.lock()
    #expect(
      try findings() == """
        the keyring is locked
        commands that need a key ask for its password first, or fail if there is nobody to ask
        fix: daypass unlock
        """)
    #expect(scene.keyring.paths(with: ["daypass-kind": "key"]) == [])
  }

  @Test func `a keyring without a password is found, and add warns of it`() throws {
    scene.keyring.kill()
    let text = "[keyring]\ndisplay-name=Login\nctime=0\nmtime=0\nlock-on-idle=false\nlock-after=false\n"
    scene.keyring.bus.scratch.write(text, to: "data/keyrings/login.keyring")
    scene.keyring.bus.scratch.write("login", to: "data/keyrings/default")
    try scene.keyring.startNeverUnlocked()
    let added = try scene.run("printf 'AKIAI44QH8DHBEXAMPLE\\nmade/up\\n' | daypass add bob --stdin --no-verify")
    #expect(added.status == .exited(0))
    #expect(added.errorText.contains("daypass: warning: the keyring has no password"), "\(added.errorText)")
    #expect(try findings().hasPrefix("the keyring has no password, so the keys in it are on the disk in clear\n"))
  }

  @Test func `a null device in place of a file is no fault`() throws {
    let outcome = try scene.run("AWS_SHARED_CREDENTIALS_FILE=/dev/null daypass doctor --offline")
    #expect(outcome.status == .exited(0), "\(outcome.outputText)")
  }

  @Test func `that no keyring program runs is found`() throws {
    scene.keyring.kill()
    let found = try findings()
    #expect(found.hasPrefix("no keyring"), "\(found)")
    #expect(found.contains("\nkeys and sign-ins are kept there\nfix: "))
  }

  @Test func `a damaged key is found, and no secret shown`() throws {
    let attributes = [
      "daypass-format": "2", "daypass-kind": "key", "daypass-profile": "alice",
      "xdg:schema": "io.github.daypass.LongTermKey",
    ]
    try scene.keyring.plant(attributes, secret: #"{"access_key_id":"AKIAMADEUPMADEUP0000""#)
    let found = try findings()
    #expect(found.hasPrefix("the key of profile 'alice' in the keyring is damaged ("), "\(found)")
    #expect(found.contains("\ncommands that need this key fail\nfix: store it again: daypass add alice --force"))
    #expect(!found.contains("AKIA"))
  }
}
