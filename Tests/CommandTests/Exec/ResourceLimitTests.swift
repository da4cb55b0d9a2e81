import Foundation
import TestSupport
import Testing

/// Started with hardly any resources: daypass does its work or says what it lacks, and leaves no core file.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct ResourceLimitTests {
  private static let limits = [
    "ulimit -n 4", "ulimit -n 5", "ulimit -n 6", "ulimit -n 7", "ulimit -n 8", "ulimit -n 9", "ulimit -n 10",
    "ulimit -v 32768", "ulimit -v 49152", "ulimit -v 65536", "ulimit -v 131072", "ulimit -f 0", "ulimit -l 0",
    "ulimit -s 128", "ulimit -c unlimited",
  ]
  private static let enough: Set = ["ulimit -f 0", "ulimit -l 0", "ulimit -s 128", "ulimit -c unlimited"]

  @Test(arguments: ["exec alice --no-session -- /bin/true", "whoami alice --no-session", "list"])
  func `limits are lived with or named`(command: String) throws {
    let scene = try Scene.withAlice()
    for limit in Self.limits {
      let outcome = try scene.run("ulimit -c $(ulimit -H -c); \(limit); exec daypass \(command)")
      expectCleanEnd(of: outcome, under: limit)
      if Self.enough.contains(limit) { #expect(outcome.status == .exited(0), "\(limit): \(outcome.errorText)") }
    }
    #expect(try scene.scratch.names(in: "home") == [".aws"], "no core file")
  }

  /// root is not held to this limit, so as nobody, who can read the config and does not own the bus.
  @Test(
    .enabled(if: Installed.has("prlimit", "setpriv"), "prlimit or setpriv is not installed"), arguments: [0, 1, 2])
  func `no more processes is said`(processes: Int) throws {
    let scene = try Scene.withAlice()
    chmod(scene.scratch.path, 0o755)
    scene.scratch.write("[profile alice]\n", to: "config-of-nobody", mode: 0o644)
    let user = geteuid() == 0 ? "setpriv --reuid=65534 --clear-groups" : ""
    let outcome = try scene.run(
      "exec prlimit --nproc=\(processes) \(user) daypass exec alice --no-session -- /bin/true",
      environment: ["AWS_CONFIG_FILE": scene.scratch.path("config-of-nobody"), "HOME": "/nonexistent"])
    expectCleanEnd(of: outcome, under: "\(processes) processes")
    #expect(outcome.status != .exited(0))
  }

  @Test func `a config that cannot be written is said and stays as it was`() throws {
    let scene = try Scene(config: "[default]\nregion = eu-west-1\n")
    let outcome = try scene.run(
      "ulimit -f 0; exec daypass add alice --stdin --no-verify",
      input: "AKIAIOSFODNN7EXAMPLE\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n")
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText.contains(": File too large\n"), "\(outcome.errorText)")
    #expect(try scene.configText == "[default]\nregion = eu-west-1\n")
    #expect(try scene.scratch.names(in: "home/.aws") == ["config"])
  }

  /// An exit, with words on stderr where it is a failure; the loader's own, before we are there to say anything, count.
  private func expectCleanEnd(of outcome: Launch.Outcome, under limit: String) {
    guard case .exited(let status) = outcome.status else {
      Issue.record("\(limit): \(outcome.status)")
      return
    }
    #expect(status == 0 || outcome.errorText.contains("daypass: "), "\(limit): \(status) \(outcome.errorText)")
    #expect(!outcome.errorText.contains("Fatal error") && !outcome.errorText.contains("Registers"), "\(limit)")
  }
}
