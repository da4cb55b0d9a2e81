import AWSDouble
import TestSupport
import Testing

/// SIGKILL, after which only `scenario cleanup` can help.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: Trace.isPossible, "strace is not installed, or we are not root"))
struct ScenarioKillTests {
  /// Before a connection, before its request is sent, and once the answer could be read.
  @Test(arguments: ["connect", "sendto", "recvfrom"])
  func `cleanup removes what a killed scenario has left`(call: String) throws {
    let scene = try Scene.withAdmin()
    let points = Array(stride(from: 4, through: 32, by: Soak.rounds(7, soak: 1)))
    let runs = try points.map { point in
      let inject = "-f -qq --seccomp-bpf -e inject=\(call):signal=KILL:when=\(point)"
      return try scene.launch(
        "exec strace \(inject) -o /dev/null daypass scenario assume-role admin --automatic --yes"
      ).start()
    }
    let killed = try runs.map { try $0.wait(within: 120).status != .exited(0) }
    #expect(killed.contains(true))
    #expect(!scene.remains.isEmpty)
    scene.double.propagation = Propagation()
    let outcome = try scene.run("daypass scenario cleanup admin --yes")
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(scene.remains == [])
    publish(
      figure: "scenario killed at \(call)",
      "\(killed.count { $0 }) points (\(scene.remains.count) leftovers after cleanup)")
  }
}
