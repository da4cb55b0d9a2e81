import AWSDouble
import Glibc
import TestSupport
import Testing

/// The machine's clock jumps between a rotation that is killed and the next one.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: Installed.has("faketime"), "faketime is not installed"))
struct ClockJumpTests {
  /// How far off the clock is in the rotation that is killed, and in the next.
  private static let jumps = [("-1d", "+0d"), ("+1d", "+0d"), ("+0d", "-1d"), ("+0d", "+1d")]

  @Test(arguments: jumps)
  func `a key that a killed rotation made is told from others whatever the clock says`(first: String, second: String)
    throws
  {
    let rotation = try RotationScene()
    let double = rotation.scene.double
    double.fail(.createAccessKey, with: .delay)
    let running = try rotation.scene.launch("exec faketime -f \(first) daypass rotate bob").start()
    #expect(double.wait(for: 1, of: .createAccessKey))
    kill(-running.pid, SIGKILL)
    _ = try running.wait()
    double.release()
    #expect(rotation.listed.count == 2)
    let again = try rotation.scene.run("faketime -f \(second) daypass rotate bob")
    #expect(again.status == .exited(0), "\(again.errorText)")
    #expect(try rotation.holdsWorkingKey() && rotation.listed.count == 1)
  }
}
