import Glibc
import TestSupport
import Testing

/// Whoever runs `daypass exec … -- CMD` sees CMD.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct InvisibleExecTests {
  @Test(arguments: [0, 1, 77, 255])
  func `the exit status is the command's`(status: Int32) throws {
    let scene = try Scene.withAlice()
    let outcome = try scene.run("exec daypass exec alice --no-session -- sh -c 'exit \(status)'")
    #expect(outcome.status == .exited(status))
    #expect(outcome.errorText == "")
  }

  @Test func `death by a signal is the command's`() throws {
    let scene = try Scene.withAlice()
    let outcome = try scene.run("exec daypass exec alice --no-session -- sh -c 'kill -TERM $$'")
    #expect(outcome.status == .signaled(SIGTERM))
  }

  @Test func `the command is the process that was started, without children or descriptors of ours`() throws {
    let scene = try Scene.withAlice()
    let outcome = try scene.run(
      "echo $$; exec daypass exec alice --no-session -- sh -c 'echo $$; cat /proc/$$/task/*/children; ls /proc/$$/fd'")
    let lines = outcome.outputText.split(separator: "\n")
    #expect(lines.count > 2 && lines[0] == lines[1])
    #expect(!outcome.outputText.contains("\n3\n"))
  }
}
