import AWSDouble
import TestSupport
import Testing

/// Commands that change a key are killed with SIGKILL at their system calls, or their keyring workers at theirs.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: Installed.has("strace"), "strace is not installed"))
struct RotationCrashTests {
  @Test func `a rotation killed at any system call loses no key, and the next one leaves no stray one`() throws {
    let rotation = try RotationScene()
    try expectNoLoss(in: rotation, killedAt: rotation.boundaries(28), "rotate")
  }

  @Test func `a rotation whose keyring worker is killed at any system call loses no key, nor leaves a stray one`()
    throws
  {
    let rotation = try RotationScene()
    try expectNoLoss(in: rotation, killedAt: rotation.workerBoundaries(12), "rotate's keyring worker")
  }

  private func expectNoLoss(
    in rotation: RotationScene, killedAt boundaries: [SystemCallTrace.Boundary], _ name: String
  ) throws {
    var (points, lost, stray) = (0, 0, 0)
    for boundary in boundaries {
      guard try rotation.trace.kill(at: boundary) else { continue }
      points += 1
      if try !rotation.holdsWorkingKey() {
        lost += 1
        Issue.record("no working key after \(boundary)")
      }
      // A key that was given up, and that the keyring stored all the same, is waited for in vain, for a minute.
      let again = try rotation.scene.launch("daypass rotate bob").run(within: 120)
      #expect(again.status == .exited(0), "after \(boundary): \(again.errorText)")
      #expect(try rotation.holdsWorkingKey(), "after \(boundary), in the end")
      stray += rotation.listed.count - 1
      #expect(rotation.listed.count == 1, "after \(boundary)")
    }
    #expect(points >= boundaries.count * 2 / 3)
    publish(figure: "\(name) killed at system calls: points, keys lost, stray keys", "\(points), \(lost), \(stray)")
  }

  @Test func `an add killed at any system call stores the key or does not, and the next one does`() throws {
    let add = try RotationScene(adding: "bob")
    try expectRecovery(of: add, killedAt: add.boundaries(16), "add")
  }

  @Test func `an add whose keyring worker is killed at any system call stores the key or does not`() throws {
    let add = try RotationScene(adding: "bob")
    try expectRecovery(of: add, killedAt: add.workerBoundaries(6), "add's keyring worker")
  }

  private func expectRecovery(
    of add: RotationScene, killedAt boundaries: [SystemCallTrace.Boundary], _ name: String
  ) throws {
    let key = try #require(Account.demo[user: "bob"]?.keys.first)
    var (points, written) = (0, 0)
    for boundary in boundaries {
      try add.scene.prepare("daypass remove bob --force")
      guard try add.trace.kill(at: boundary) else { continue }
      points += 1
      if try add.isOnDisk(key.secret) { written += 1 }
      let again = try add.scene.run("daypass add bob --stdin --force", input: add.trace.input)
      #expect(again.status == .exited(0), "after \(boundary): \(again.errorText)")
      #expect(try add.lackOfWorkingKey() == nil, "after \(boundary)")
    }
    #expect(points >= boundaries.count * 2 / 3 && written == 0)
    publish(figure: "\(name) killed at system calls: points, secrets on disk", "\(points), \(written)")
  }
}
