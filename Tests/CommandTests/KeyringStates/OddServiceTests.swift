import TestSupport
import Testing

/// What commands say of a Secret Service that is not as it should be.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: ServiceDouble.isPossible, "python3-gi or openssl is not installed"))
struct OddServiceTests {
  private let scene: Scene

  init() throws {
    scene = try Scene(config: Scene.config)
    scene.keyring.kill()
    scene.environment["DISPLAY"] = ":79"
    scene.environment["DAYPASS_UNLOCK_TIMEOUT"] = "1"
  }

  @Test func `a keyring that would send keys in clear is refused before it is asked for one`() throws {
    let service = try ServiceDouble("plain", on: scene.keyring.bus)
    for command in KeyringCommand.allCases {
      let outcome = try command.start(in: scene).outcome()
      #expect(outcome.status == .exited(69))
      #expect(
        outcome.errors == """
          daypass: the keyring offers no encrypted transport, so keys would cross the session bus in clear
          daypass: hint: let gnome-keyring take its place; it is: busctl --user status org.freedesktop.secrets

          """)
    }
    #expect(service.calls.allSatisfy { ["ready", "OpenSession", "ReadAlias", "SearchItems"].contains($0) })
    #expect(scene.actions == [])
  }

  @Test(arguments: [
    ("wrong-type OpenSession", 1, "the keyring answered: "), ("wrong-type ReadAlias", 1, "the keyring answered: "),
    ("wrong-type SearchItems", 1, "the keyring answered: "), ("wrong-type GetSecrets", 1, "the keyring answered: "),
    ("wrong-type Delete", 1, "the key of profile 'alice' in the keyring is damaged"),
    ("error OpenSession", 1, #"the keyring answered: \u{1b}[2J\u{1b}]0;owned\u{7}no"#),
    ("error ReadAlias", 1, #"the keyring answered: \u{1b}[2J\u{1b}]0;owned\u{7}no"#),
    ("error SearchItems", 1, #"the keyring answered: \u{1b}[2J\u{1b}]0;owned\u{7}no"#),
    ("error GetSecrets", 1, #"the keyring answered: \u{1b}[2J\u{1b}]0;owned\u{7}no"#),
    ("huge 8388608", 1, "what the keyring holds as the key of profile 'alice' is damaged"),
    ("vanishing", 75, "the keyring changed while it was asked"),
    ("never", 78, "nobody unlocked the keyring within 1 s"),
    ("twice", 1, "the key of profile 'alice' in the keyring is damaged"),
    ("by-item", 1, "the key of profile 'alice' in the keyring is damaged"),
    ("lying", 78, "the keyring is locked, and its password dialog does not come up"),
  ])
  func `an odd answer is told, and no key is made of it`(behaviour: String, status: Int32, cause: String) throws {
    // The others come to an end by themselves, however slow the machine is.
    scene.environment["DAYPASS_UNLOCK_TIMEOUT"] = behaviour == "never" ? "1" : "60"
    let service = try ServiceDouble(behaviour, on: scene.keyring.bus)
    let outcome = try KeyringCommand.exec.start(in: scene).outcome()
    #expect(outcome.status == .exited(status))
    #expect(outcome.output == "")
    #expect(outcome.errors.hasPrefix("daypass: \(cause)"), "\(outcome.errors)")
    #expect(outcome.errors.contains("\ndaypass: hint: ") && outcome.errors.split(separator: "\n").count == 2)
    #expect(scene.actions == [])
    withExtendedLifetime(service) {}
  }

  @Test func `a keyring that is slow is waited for as long as it goes on answering`() throws {
    let service = try ServiceDouble("slow", on: scene.keyring.bus)
    let outcome = try KeyringCommand.list.start(in: scene).outcome()
    #expect(outcome.status == .exited(0) && outcome.output.contains("in the keyring"), "\(outcome.errors)")
    withExtendedLifetime(service) {}
  }

  /// An array on D-Bus, here that of all the secrets asked for, holds 64 MiB at most (D-Bus Specification, "Marshaling
  /// (Wire Format)"), and the names in it take 128 bytes; GLib's service ends where it is to send one byte more.
  @Test func `the largest secret that the bus lets through is no key`() throws {
    let size = (64 << 20) - 129
    let service = try ServiceDouble("huge \(size)", on: scene.keyring.bus)
    let outcome = try KeyringCommand.exec.start(in: scene).outcome()
    let causes = [
      "daypass: what the keyring holds as the key of profile 'alice' is damaged\n",
      // On a slow machine so much takes longer than is waited for.
      "daypass: the keyring did not answer within 2 s\n",
    ]
    #expect(causes.contains { outcome.errors.hasPrefix($0) }, "\(outcome.errors)")
    #expect(outcome.status != .exited(0) && outcome.output == "")
    #expect(service.calls.last == "GetSecrets" && scene.actions == [])
    publish(figure: "largest secret from a hostile keyring, refused", "\(size) bytes, all that D-Bus lets through")
  }
}
