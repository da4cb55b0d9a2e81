import Foundation
import TestSupport
import Testing

/// Fatal signals at many moments of a command, with core files allowed and Swift's crash report asked for (X2, X3).
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct CrashTests {
  /// Sends $1 once the keyring's process is there, and with it our hardening, a moment after that grows with $2.
  private static let script = """
    ulimit -c unlimited
    daypass export alice --no-session & id=$!
    until worker=$(cat /proc/$id/task/$id/children) && [ -n "$worker" ] || ! kill -0 $id; do :; done 2>/dev/null
    n=0; while [ $n -lt $2 ]; do n=$((n + 1)); done
    kill -$1 $id 2>/dev/null; wait $id; exit $?
    """

  @Test func `at many moments leave no core file and show no memory`() throws {
    let scene = try Scene.withAlice()
    scene.environment["SWIFT_BACKTRACE"] = "enable=yes,color=no,interactive=no"
    scene.scratch.write(Self.script, to: "crash")
    var crashes = 0
    let rounds = Soak.rounds(30, soak: 500)
    for round in 0..<rounds {
      let signal = ["SEGV", "ABRT", "QUIT"][round % 3]
      let outcome = try scene.run("exec sh ../crash \(signal) \(round * 10_000 / rounds)")
      if outcome.status != .exited(0) { crashes += 1 }
      #expect(SecretSweep(scene).leaks(in: outcome.errors) == [])
      #expect(!outcome.errorText.contains("Registers"))
      #expect(try scene.scratch.names(in: "home").filter { $0.hasPrefix("core") } == [], "\(signal), \(round)")
    }
    #expect(crashes > 0)
    publish(figure: "crashes in mid-command", "\(crashes) (0 core files, 0 bytes of memory shown)")
  }

  @Test(.enabled(if: leavesCores, "the kernel gives core files to another program here"))
  func `the same signals leave a core of another program`() throws {
    #expect(Self.leavesCores)
  }

  private static let leavesCores: Bool = {
    let folder = ScratchFolder()
    var launch = Launch("/bin/sh", ["-c", "ulimit -c unlimited; kill -SEGV $$"])
    launch.folder = folder.path
    _ = try? launch.run()
    return (try? folder.names())?.isEmpty == false
  }()
}
