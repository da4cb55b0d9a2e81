import AWSDouble
import TestSupport
import Testing

/// SIGKILL, after which only `scenario cleanup` can help.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: Installed.has("strace"), "strace is not installed"))
struct ScenarioKillTests {
  private static let command = "daypass scenario assume-role admin --automatic --yes"
  /// Runs at once; each waits up to half a minute for its device's next code.
  private static let crowd = 80

  /// All points in the long run, else some of them, evenly chosen.
  @Test func `cleanup removes what a scenario killed at any system call has left`() throws {
    let scene = try Scene.withAdmin()
    let points = try Self.systemCalls(in: scene)
    var (killed, left, remaining) = (0, 0, 0)
    for start in stride(from: 0, to: points.count, by: Self.crowd) {
      killed += try Self.kill(points[start..<min(start + Self.crowd, points.count)], in: scene)
      left += scene.remains.count
      try Self.cleanUp(scene)
      remaining += scene.remains.count
      #expect(scene.remains == [], "after points from \(points[start]) on")
    }
    #expect(killed > points.count / 2 && left > 0)
    publish(
      figure: "scenario killed at system calls: points, left behind, leftovers after cleanup",
      "\(killed), \(left), \(remaining)")
  }

  /// How many of the runs were killed; how often a call is made depends on how long is waited.
  private static func kill(_ points: ArraySlice<SystemCallTrace.Boundary>, in scene: Scene) throws -> Int {
    scene.double.propagation = Propagation(calls: 3)
    let runs = try points.map { point in
      let inject = "inject=\(point.name):signal=KILL:when=\(point.number)"
      return try scene.launch("exec strace -o /dev/null -e \(inject) \(command)").start()
    }
    return try runs.count { try $0.wait(within: 300).status != .exited(0) }
  }

  private static func cleanUp(_ scene: Scene) throws {
    scene.double.propagation = Propagation()
    let outcome = try scene.launch("exec daypass scenario cleanup admin --yes").run(within: 120)
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
  }

  /// Those of a run to the end.
  private static func systemCalls(in scene: Scene) throws -> [SystemCallTrace.Boundary] {
    let log = scene.scratch.path("trace")
    let outcome = try scene.launch("exec strace -o \(log) \(command)").run(within: 120)
    guard outcome.status == .exited(0) else { throw SetupFailure(outcome.errorText) }
    let all = try SystemCallTrace.boundaries(in: scene.scratch.text(of: "trace"))
    guard !Soak.isOn else { return all }
    let count = 24
    return (0..<count).map { all[$0 * all.count / count] }
  }
}
