import Glibc
import TestSupport
import Testing

/// Files that daypass makes belong to the user alone, whatever the umask (X10).
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct FileModeTests {
  @Test func `under umask 000 the folder is 0700 and the config 0600, and both are ours`() throws {
    let scene = try Scene()
    let home = scene.scratch.makeFolder("new")
    let outcome = try scene.run(
      "umask 000; daypass add bob --stdin --no-verify && cd && find . -mindepth 1 -printf '%p %m %U\\n' | sort",
      input: "AKIAI44QH8DHBEXAMPLE\nje7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n", environment: ["HOME": home])
    #expect(outcome.outputText == "./.aws 700 \(geteuid())\n./.aws/config 600 \(geteuid())\n", "\(outcome.errorText)")
  }
}
