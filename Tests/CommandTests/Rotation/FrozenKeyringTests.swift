import AWSDouble
import TestSupport
import Testing

/// gnome-keyring stops (SIGSTOP) while it carries out what a rotation asks of it, and goes on when that was given up.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct FrozenKeyringTests {
  /// How many changes the daemon's folder sees before it stops, of the 35 of a rotation: in the suite while the journal is
  /// opened, while the key is replaced, and while the journal is closed.
  private static let changes = Soak.isOn ? Array(1...35) : [3, 24, 33]

  @Test(arguments: changes)
  func `a keyring that freezes while it writes costs no key, and the next rotation leaves no stray one`(change: Int)
    throws
  {
    let rotation = try RotationScene()
    let keyring = rotation.scene.keyring
    let changes = try FolderChanges(in: keyring.folder)
    let running = try rotation.scene.launch("daypass rotate bob").start()
    let hasCome = eventually(within: 20) { changes.count(waiting: 2) >= change }
    #expect(hasCome || Soak.isOn)
    keyring.freeze()
    let outcome = try running.wait(within: 60)
    keyring.resume()
    #expect([.exited(0), .exited(75)].contains(outcome.status), "\(outcome.errorText)")
    #expect(try rotation.holdsWorkingKey())
    // A key that was given up, and that the keyring stored all the same, is waited for in vain, for a minute.
    let again = try rotation.scene.launch("daypass rotate bob").run(within: 120)
    #expect(again.status == .exited(0), "\(again.errorText)")
    #expect(try rotation.holdsWorkingKey() && rotation.listed.count == 1)
  }
}
