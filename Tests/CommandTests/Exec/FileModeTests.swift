import Foundation
import TestSupport
import Testing

/// What daypass leaves in the file system, whatever umask it is started with.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct FileModeTests {
  @Test(arguments: ["000", "022", "077", "277"])
  func `new files are the user's alone, and the command's umask stays`(umask: String) throws {
    let scene = try Scene()
    try FileManager.default.removeItem(atPath: scene.home + "/.aws")
    try scene.prepare(
      "umask \(umask); printf 'AKIAIOSFODNN7EXAMPLE\\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\\n'"
        + " | daypass add alice --stdin --no-verify")
    let modes = try scene.prepare("find . -mindepth 1 -printf '%M %p\\n' | sort")
    #expect(modes == "-rw------- ./.aws/config\ndrwx------ ./.aws\n")
    let inCommand = try scene.prepare(
      "umask \(umask); daypass exec alice --no-session -- sh -c 'umask; : >made; mkdir folder'")
    #expect(inCommand == "0\(umask)\n")
    let made = try scene.prepare("stat -c %a made folder")
    let bits = try #require(Int(umask, radix: 8))
    #expect(made == "\(String(0o666 & ~bits, radix: 8))\n\(String(0o777 & ~bits, radix: 8))\n")
  }

  @Test func `a file that is changed keeps its mode`() throws {
    let scene = try Scene(config: "[default]\nregion = eu-west-1\n")
    try scene.prepare(
      "chmod 640 .aws/config; umask 000; printf 'AKIAIOSFODNN7EXAMPLE\\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\\n'"
        + " | daypass add alice --stdin --no-verify")
    #expect(try scene.prepare("stat -c %a .aws/config; ls -A .aws") == "640\nconfig\n")
  }
}
