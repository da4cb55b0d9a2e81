import TestSupport
import Testing

/// Readers that do not read (E7): who reads the messages cannot hold credentials up, who reads the document can.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct BlockedReaderTests {
  /// `full` is a pipe that takes nothing more, held open by descriptor 9.
  private static let pipe = """
    mkfifo full; exec 9<>full; dd if=/dev/zero of=full bs=4096 count=16 oflag=nonblock status=none
    """

  /// Until process `id` waits for the pipe; other users than root cannot see that, and try for a while.
  private static let wait =
    "n=0; until grep -q pipe_write /proc/$id/wchan 2>/dev/null || [ $((n += 1)) -gt 100 ]; do sleep 0.02; done"

  @Test(arguments: ["credential-process alice", "export alice", "exec alice --no-session -- echo delivered"])
  func `a full pipe for messages does not hold credentials up`(command: String) throws {
    let scene = try Scene.withAlice()
    let code = command.hasPrefix("exec") ? "" : "--mfa-code {code}"
    let words = command.split(separator: " ", maxSplits: 1)
    let outcome = try scene.run("\(Self.pipe); exec timeout 60 daypass \(words[0]) --debug \(code) \(words[1]) 2>full")
    #expect(outcome.status == .exited(0))
    #expect(!outcome.output.isEmpty)
  }

  @Test func `a failure is told by its status where its message cannot be`() throws {
    let scene = try Scene.withAlice()
    let outcome = try scene.run("\(Self.pipe); exec timeout 60 daypass export nobody 2>full")
    #expect(outcome.status == .exited(66))
    #expect(outcome.output.isEmpty)
  }

  @Test func `a document waits for its reader, and comes whole`() throws {
    let scene = try Scene.withAlice()
    let expected = try scene.prepare("daypass export alice --no-session")
    let outcome = try scene.run(
      """
      \(Self.pipe); daypass export alice --no-session >full 2>errors & id=$!
      \(Self.wait)
      head -c 65536 full >/dev/null; wait $id; echo "status $?"; dd if=full bs=65536 count=1 status=none; cat errors
      """)
    #expect(outcome.outputText == "status 0\n" + expected)
  }

  @Test func `a document that nobody reads does not keep daypass from being ended`() throws {
    let scene = try Scene.withAlice()
    let outcome = try scene.run(
      """
      \(Self.pipe); daypass export alice --no-session >full & id=$!
      \(Self.wait)
      kill -TERM $id; wait $id; echo "status $?"
      """)
    #expect(outcome.outputText.hasSuffix("status 143\n"))
  }
}
