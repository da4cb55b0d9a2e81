import Foundation
import TestSupport
import Testing

/// `add` is killed at every system call of its change to the config file.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: Installed.has("strace"), "strace is not installed"))
struct ConfigCrashTests {
  private static let old = "# mine\n[default]\nregion = eu-west-1\n"
  private static let new = old + "\n[profile p]\n"

  private let keyring: PrivateKeyring
  private let trace: SystemCallTrace
  private var scratch: ScratchFolder { keyring.bus.scratch }

  init() throws {
    keyring = try PrivateKeyring()
    keyring.bus.scratch.makeFolder("home/.aws")
    trace = SystemCallTrace(
      command: try builtProgram("daypass") + " add p --stdin --no-verify --force", environment: keyring.environment,
      input: "AKIAI44QH8DHBEXAMPLE\nje7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n", log: keyring.bus.scratch.path("trace"))
  }

  @Test func `a config file whose writer is killed is the old or the new one, and the next add cleans up`() throws {
    scratch.write(Self.old, to: "home/.aws/config")
    let boundaries = try writingBoundaries()
    #expect(Set(boundaries.map(\.name)).isSuperset(of: ["flock", "openat", "write", "fsync", "close"]))
    var texts: [String: Int] = [:]
    var leftovers = 0
    for boundary in boundaries {
      scratch.write(Self.old, to: "home/.aws/config")
      guard try trace.kill(at: boundary) else { continue }
      texts[try scratch.text(of: "home/.aws/config"), default: 0] += 1
      leftovers += try scratch.names(in: "home/.aws").count - 1
      try expectRecovery(after: boundary)
    }
    #expect(Set(texts.keys) == [Self.old, Self.new])
    #expect(leftovers > 0, "no kill met the temporary file, so its removal was not tried")
    publish(
      figure: "add killed during the config write: old, new, torn",
      "\(texts[Self.old] ?? 0), \(texts[Self.new] ?? 0), \(texts.filter { $0.key != Self.old && $0.key != Self.new }.count)"
    )
  }

  @Test func `a config file in whose writing the disk is full is the old or the new one, its link and mode as before`()
    throws
  {
    let aws = scratch.path("home/.aws/config")
    scratch.makeFolder("home/dotfiles")
    try FileManager.default.createSymbolicLink(atPath: aws, withDestinationPath: "../dotfiles/aws")
    scratch.write(Self.old, to: "home/dotfiles/aws")
    let calls = try writingBoundaries().filter { ["openat", "write", "fsync", "rename", "renameat"].contains($0.name) }
    #expect(calls.count >= 5)
    var old = 0
    for call in calls {
      scratch.write(Self.old, to: "home/dotfiles/aws", mode: 0o640)
      let outcome = trace.fail(at: call, with: "ENOSPC")
      let text = try scratch.text(of: "home/dotfiles/aws")
      old += text == Self.old ? 1 : 0
      #expect(text == Self.new || text == Self.old && outcome.status != 0 && outcome.errors != "", "\(call)")
      let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("home/dotfiles/aws"))
      #expect(attributes[.posixPermissions] as? Int == 0o640, "\(call)")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: aws) == "../dotfiles/aws", "\(call)")
      #expect(
        try scratch.names(in: "home/dotfiles") == ["aws"] && scratch.names(in: "home/.aws") == ["config"], "\(call)")
    }
    #expect(old > 0)
    publish(figure: "add with a full disk at writes of the config: old, new, torn", "\(old), \(calls.count - old), 0")
  }

  /// From the last lock on, which is that of the config's change; in the long run from the first, that of the key's.
  private func writingBoundaries() throws -> ArraySlice<SystemCallTrace.Boundary> {
    let all = try trace.boundaries()
    let isLock = { (boundary: SystemCallTrace.Boundary) in boundary.name == "flock" }
    return all[try #require(Soak.isOn ? all.firstIndex(where: isLock) : all.lastIndex(where: isLock))...]
  }

  private func expectRecovery(after boundary: SystemCallTrace.Boundary) throws {
    let again = ChildProcess(
      ["sh", "-c", "exec \(trace.command)"], environment: keyring.environment, input: trace.input)
    #expect(again.wait() == 0, "after \(boundary): \(again.errors)")
    #expect(try scratch.text(of: "home/.aws/config") == Self.new, "after \(boundary)")
    #expect(try scratch.names(in: "home/.aws") == ["config"], "after \(boundary)")
  }
}
