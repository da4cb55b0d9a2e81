import Foundation
import TestSupport
import Testing

/// Variables that would have libsecret or GLib keep keys elsewhere, or run a program of somebody's choice.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct RedirectedVaultTests {
  private static let attributes = ["xdg:schema": "io.github.daypass.LongTermKey", "profile": "bob"]
  private let scene: Scene

  init() throws { scene = try Scene(config: Scene.config) }

  @Test func `variables of libsecret do not send a key to a file`() throws {
    let stolen = scene.scratch.path("stolen")
    scene.environment.merge(
      [
        "SECRET_BACKEND": "file", "SECRET_FILE_TEST_PATH": stolen, "SECRET_FILE_TEST_PASSWORD": "known",
        "SECRET_SERVICE_BUS_NAME": "org.example.Other", "G_MESSAGES_DEBUG": "all", "G_DBUS_DEBUG": "all",
      ]) { _, new in new }
    let outcome = try KeyringCommand.add.start(in: scene).outcome()
    #expect(outcome.status == .exited(0))
    #expect(outcome.errors == "daypass: stored in the keyring as profile 'bob'\n")
    #expect(!FileManager.default.fileExists(atPath: stolen))
    #expect(scene.keyring.paths(with: Self.attributes).count == 1)
  }

  @Test(arguments: ["tcp:host=127.0.0.1,port=1", "unixexec:path={program}", "autolaunch:"])
  func `a bus that is not a socket of this machine is refused, and nothing is run`(address: String) throws {
    let program = plantPrograms()
    scene.environment["DBUS_SESSION_BUS_ADDRESS"] = address.replacing("{program}", with: program)
    for command in KeyringCommand.allCases {
      let outcome = try command.start(in: scene).outcome()
      #expect(outcome.status == .exited(69))
      #expect(outcome.errors.contains("is not a unix: address, so keys could leave this machine\ndaypass: hint: unset"))
    }
    try expectNothingRan()
  }

  @Test func `without a bus, dbus-launch is not run`() throws {
    _ = plantPrograms()
    scene.environment["DBUS_SESSION_BUS_ADDRESS"] = nil
    scene.environment["XDG_RUNTIME_DIR"] = nil
    for command in KeyringCommand.allCases {
      #expect(try command.start(in: scene).outcome().status == .exited(69))
    }
    try expectNothingRan()
  }

  /// Programs that leave a file behind when they are run, in PATH and elsewhere.
  private func plantPrograms() -> String {
    let script = "#!/bin/sh\ntouch \(scene.scratch.path("ran"))\n"
    scene.environment["DISPLAY"] = ":79"
    scene.scratch.write(script, to: "bin/dbus-launch", mode: 0o700)
    return scene.scratch.write(script, to: "program", mode: 0o700)
  }

  private func expectNothingRan() throws {
    #expect(!FileManager.default.fileExists(atPath: scene.scratch.path("ran")))
    #expect(scene.keyring.paths(with: Self.attributes) == [])
  }
}
