import Foundation
import TestSupport
import Testing

/// What `list` says of a key's age, which only the keyring can tell it.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct KeyAgeTests {
  private let scene: Scene

  /// With a key that was stored 91 days and an hour ago.
  init() throws {
    scene = try Scene()
    let contents = KeyringContents(profiles: 1, seed: 11, stored: Date(timeIntervalSinceNow: -91 * 86_400 - 3_600))
    try contents.fill(scene.keyring)
  }

  @Test func `a key's age counts from when it was stored, and a locked keyring tells it too`() throws {
    #expect(try row == "p0 in the keyring 91 d - - -")
    try scene.keyring.lock()
    #expect(try row == "p0 in the keyring 91 d - - -")
  }

  @Test func `a keyring that was never unlocked tells no age, and none is shown`() throws {
    // The keyring is in clear as it was filled, and encrypted when it is written.
    try storeAnotherKey()
    scene.keyring.kill()
    try scene.keyring.startNeverUnlocked()
    #expect(try row == "p0 unknown: locked - - - -")
    let json = try scene.prepare("daypass list --json")
    #expect(!json.contains("keyAgeDays") && !json.contains("keyStored"))
  }

  @Test func `a key that takes another's place begins anew`() throws {
    try storeAnotherKey()
    #expect(try row == "p0 in the keyring 0 d - - -")
  }

  private func storeAnotherKey() throws {
    let key = try #require(KeyringContents(profiles: 1, seed: 12).keys.first).key
    let add = try scene.run("daypass add p0 --stdin --no-verify --force", input: key.lines)
    #expect(add.status == .exited(0), "\(add.errorText)")
  }

  /// That of the profile, its columns a space apart.
  private var row: String {
    get throws {
      let lines = try scene.prepare("daypass list").split(separator: "\n")
      return lines.dropFirst().map { $0.split(separator: " ").joined(separator: " ") }.joined(separator: "\n")
    }
  }
}
