import Foundation
import TestSupport
import Testing

/// Output that does not arrive in full is a failure, and says so.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct LostOutputTests {
  private static let commands = [
    "export alice --no-session", "export alice --no-session --format json", "credential-process alice --no-session",
    "list", "list --json", "list --names", "whoami alice --no-session", "whoami alice --no-session --json",
    "list-buckets alice", "--help", "--version", "exec --help",
  ]
  /// Where stdout leads to, set up by a shell before daypass is started, and what is wrong with it.
  private static let outputs = [
    ("daypass {} >/dev/full", "No space left on device"),
    // A pipe whose only reader has left.
    ("mkfifo pipe; exec 3<>pipe 4>pipe 3<&-; rm pipe; daypass {} >&4 4>&-", "Broken pipe"),
    ("(ulimit -f 0; daypass {} >file)", "File too large"),
    ("daypass {} >&-", "Bad file descriptor"),
  ]

  @Test(arguments: commands)
  func `output that is lost ends with 1 and the cause`(command: String) throws {
    let scene = try Scene.withAlice()
    if command.hasPrefix("list-buckets") { try scene.prepare("daypass exec alice --mfa-code {code} -- true") }
    for (shell, problem) in Self.outputs {
      let outcome = try scene.run(shell.replacing("{}", with: command))
      #expect(outcome.status == .exited(1), "\(shell)")
      #expect(outcome.errorText.hasSuffix("daypass: cannot write the output: \(problem)\n"), "\(outcome.errorText)")
    }
  }

  @Test(.enabled(if: Installed.has("python3"), "python3 is not installed"))
  func `a closed socket as stdout ends with 1`() throws {
    let scene = try Scene.withAlice()
    let starter = """
      import os, socket, sys
      ours, theirs = socket.socketpair()
      theirs.close()
      os.dup2(ours.fileno(), 1)
      os.execvp(sys.argv[1], sys.argv[1:])
      """
    scene.scratch.write(starter, to: "home/starter.py")
    let outcome = try scene.run("/usr/bin/python3 -I starter.py daypass credential-process alice --no-session")
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText == "daypass: cannot write the output: Broken pipe\n")
  }

  /// A reader that leaves early, or a full pipe, then cannot get a part that looks like a whole: up to PIPE_BUF (4096)
  /// bytes a pipe takes all or nothing.
  @Test(
    .enabled(if: Installed.has("strace"), "strace is not installed"),
    arguments: ["credential-process alice", "export alice", "export alice --format json"])
  func `credentials are written in one piece`(command: String) throws {
    let scene = try Scene.withAlice()
    try scene.prepare("daypass exec alice --mfa-code {code} -- true")
    let outcome = try scene.run("strace -o trace -e trace=write,writev,sendto,pwrite64 daypass \(command)")
    let writes = try scene.scratch.text(of: "home/trace").split(separator: "\n").filter { $0.contains("(1, ") }
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(writes.count == 1 && writes[0].hasSuffix(" = \(outcome.output.count)"))
    #expect((1...4_096).contains(outcome.output.count))
  }
}
