import AWSDouble
import TestSupport
import Testing

/// Commands that change a key are killed with SIGKILL at their system calls.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: Installed.has("strace"), "strace is not installed"))
struct RotationCrashTests {
  @Test func `a rotation killed at any system call loses no key, and the next one leaves no stray one`() throws {
    let rotation = try RotationScene()
    var (points, ofWorker, lost, stray) = (0, 0, 0, 0)
    for boundary in try rotation.boundaries(28, ofWorker: 12) {
      guard try rotation.trace.kill(at: boundary) else { continue }
      points += 1
      ofWorker += boundary.killed == .worker ? 1 : 0
      if try !rotation.holdsWorkingKey() {
        lost += 1
        Issue.record("no working key after \(boundary)")
      }
      let again = try rotation.scene.run("daypass rotate bob")
      #expect(again.status == .exited(0), "after \(boundary): \(again.errorText)")
      #expect(try rotation.holdsWorkingKey(), "after \(boundary), in the end")
      stray += rotation.listed.count - 1
      #expect(rotation.listed.count == 1, "after \(boundary)")
    }
    #expect(points - ofWorker >= 20 && ofWorker >= 8)
    publish(
      figure: "rotate killed at system calls: points, of them of the keyring worker, keys lost, stray keys",
      "\(points), \(ofWorker), \(lost), \(stray)")
  }

  @Test func `an add killed at any system call stores the key or does not, and the next one does`() throws {
    let key = try #require(Account.demo[user: "bob"]?.keys.first)
    let add = try RotationScene("add bob --stdin --force", input: "\(key.id)\n\(key.secret)\n")
    var (points, ofWorker, written) = (0, 0, 0)
    for boundary in try add.boundaries(16, ofWorker: 6) {
      try add.scene.prepare("daypass remove bob --force")
      guard try add.trace.kill(at: boundary) else { continue }
      points += 1
      ofWorker += boundary.killed == .worker ? 1 : 0
      if try add.isOnDisk(key.secret) { written += 1 }
      let again = try add.scene.run("daypass add bob --stdin --force", input: add.trace.input)
      #expect(again.status == .exited(0), "after \(boundary): \(again.errorText)")
      #expect(try add.holdsWorkingKey(), "after \(boundary)")
    }
    #expect(points - ofWorker >= 12 && ofWorker >= 4 && written == 0)
    publish(
      figure: "add killed at system calls: points, of them of the keyring worker, secrets on disk",
      "\(points), \(ofWorker), \(written)")
  }
}
