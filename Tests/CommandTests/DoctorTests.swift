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
        commands that need a key ask for its password first, or fail where nobody can be asked
        mend: daypass unlock
        """)
    #expect(scene.keyring.paths(with: ["daypass-kind": "key"]) == [])
  }

  @Test func `that no keyring program runs is found`() throws {
    scene.keyring.kill()
    let found = try findings()
    #expect(found.hasPrefix("no keyring"), "\(found)")
    #expect(found.contains("\nkeys and sign-ins are kept there\nmend: "))
  }

  @Test func `a damaged key is found, and no secret shown`() throws {
    let attributes = [
      "daypass-format": "2", "daypass-kind": "key", "daypass-profile": "alice",
      "xdg:schema": "io.github.daypass.LongTermKey",
    ]
    try scene.keyring.plant(attributes, secret: #"{"access_key_id":"AKIAMADEUPMADEUP0000""#)
    let found = try findings()
    #expect(found.hasPrefix("the key of profile 'alice' in the keyring is damaged ("), "\(found)")
    #expect(found.contains("\ncommands that need this key fail\nmend: store it again: daypass add alice --force"))
    #expect(!found.contains("AKIA"))
  }
}
