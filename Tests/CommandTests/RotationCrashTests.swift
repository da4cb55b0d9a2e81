import AWSDouble
import Foundation
import Glibc
import TestSupport
import Testing

/// Commands that change a key are killed with SIGKILL at their system calls, or at those of the threads that talk to the bus.
@Suite(
  .keyring,
  .enabled(if: Installed.has("strace"), "strace is not installed"))
struct RotationCrashTests {
  @Test func `a rotation killed at any system call loses no key, and the next one leaves no stray one`() throws {
    let rotation = try RotationScene()
    try expectNoLoss(in: rotation, killedAt: rotation.boundaries(18), "rotate")
  }

  @Test func `a rotation killed at any message to the keyring loses no key, nor leaves a stray one`()
    throws
  {
    let rotation = try RotationScene()
    try expectNoLoss(in: rotation, killedAt: rotation.busBoundaries(8), "rotate, at messages to the keyring,")
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
      let again = try rotation.rotateToTheEnd()
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
    try expectRecovery(of: add, killedAt: add.boundaries(10), "add")
  }

  @Test func `an add killed at any message to the keyring stores the key or does not`() throws {
    let add = try RotationScene(adding: "bob")
    try expectRecovery(of: add, killedAt: add.busBoundaries(4), "add, at messages to the keyring,")
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

// MARK: - Frozen keyring tests

/// gnome-keyring stops (SIGSTOP) while it carries out what a rotation asks of it, and goes on when that was given up.
@Suite(.slowKeyring)
struct FrozenKeyringTests {
  /// How many changes the daemon's folder sees before it stops, of the 20 of a rotation: in the suite in the middle of
  /// each of its four writes, from that which opens the journal to that which closes it.
  private static let changes = Soak.isOn ? Array(1...20) : [3, 8, 13, 18]

  @Test(arguments: changes)
  func `a keyring that freezes while it writes costs no key, and the next rotation leaves no stray one`(change: Int)
    throws
  {
    let rotation = try RotationScene()
    let keyring = rotation.scene.keyring
    let changes = try FolderChanges(in: keyring.folder)
    let running = try rotation.scene.launch("daypass rotate bob --yes").start()
    let isPending = eventually(within: 20) { changes.count(waiting: 2) >= change }
    #expect(isPending || Soak.isOn)
    keyring.freeze()
    let outcome = try running.wait(within: 60)
    keyring.resume()
    #expect([.exited(0), .exited(75)].contains(outcome.status), "\(outcome.errorText)")
    #expect(try rotation.holdsWorkingKey())
    // A key that was given up, and that the keyring stored all the same, is waited for in vain, for a minute.
    let again = try rotation.rotateToTheEnd()
    #expect(again.status == .exited(0), "\(again.errorText)")
    #expect(try rotation.holdsWorkingKey() && rotation.listed.count == 1)
  }
}

// MARK: - Keyring trouble

/// What befalls a keyring while AWS is asked.
enum KeyringTrouble: CaseIterable {
  case locked, killed, frozen, fullDisk

  /// Those that can be made here.
  static var possible: [KeyringTrouble] { allCases.filter { $0 != .fullDisk || KeyringDisk.canBeMounted } }

  /// With what a rotation ends that meets it, as the manual has it.
  var status: TestSupport.ExitStatus {
    switch self {
    case .locked: .exited(78)
    case .killed: .exited(69)
    case .frozen: .exited(75)
    case .fullDisk: .exited(1)
    }
  }

  func begin(in keyring: PrivateKeyring) throws {
    switch self {
    case .locked: try keyring.lock()
    case .killed: keyring.kill()
    case .frozen: keyring.freeze()
    case .fullDisk:
      keyring.kill()
      try keyring.startUnlocked(on: .full)
    }
  }

  func end(in keyring: PrivateKeyring) throws {
    switch self {
    case .frozen: keyring.resume()
    case .locked, .killed, .fullDisk: try keyring.open()
    }
  }
}

// MARK: - Power cut

/// A power cut during a rotation, after AWS carried out a call and before its answer comes.
///
/// gnome-keyring syncs a file before it renames it over the old one. The renaming lasts once the folder is synced, which
/// daypass has to do (fsync(2)), or once the next file is written.
final class PowerCut {
  /// The calls of a rotation.
  static let calls = 7

  private let rotation: RotationScene
  /// The keyring's file now, and what the disk would have of it.
  private var (latest, durable): (Data?, Data?)
  private var syncs = 0

  init() throws {
    rotation = try RotationScene()
    latest = FileManager.default.contents(atPath: file)
    durable = latest
  }

  /// Lets the rotation come to `call`, or to its end, and gives the scene after the machine was started again.
  func happen(after call: Int?) throws -> RotationScene {
    let double = rotation.scene.double
    double.forgetCalls()
    double.fail(nil, with: .delay, times: call ?? 0)
    let running = try rotation.scene.launch("exec strace -f -y -e trace=fsync -o \(log) daypass rotate bob --yes")
      .start()
    if let call { try follow(to: call) } else { _ = try running.wait(within: 60) }
    try look()
    kill(-running.pid, SIGKILL)
    _ = try running.wait()
    double.clearFaults()
    try restart()
    return rotation
  }

  private func follow(to call: Int) throws {
    let double = rotation.scene.double
    for number in 1...call {
      let came = eventually(within: 60) {
        // The answers before this one.
        if double.calls.count < number { double.release() }
        return double.calls.count >= number
      }
      guard came else { throw SetupFailure("call \(number) did not come") }
      if number < call { try look() }
    }
  }

  /// Sees what became of the keyring's file.
  private func look() throws {
    let now = FileManager.default.contents(atPath: file)
    let synced = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").count {
      $0.contains("fsync(") && $0.hasSuffix("/keyrings>) = 0")
    }
    if synced > syncs { durable = now } else if now != latest { durable = latest }
    (latest, syncs) = (now, synced)
  }

  private func restart() throws {
    let keyring = rotation.scene.keyring
    keyring.kill()
    try durable?.write(to: URL(filePath: file))
    try keyring.startUnlocked()
  }

  private var file: String { rotation.scene.keyring.folder + "/login.keyring" }
  private var log: String { rotation.scene.scratch.path("trace") }
}

// MARK: - Power cut tests

/// The power fails in the middle of a rotation.
@Suite(
  .keyring,
  .enabled(if: Trace.isPossible, "strace does not trace here"))
struct PowerCutTests {
  @Test func `a power cut at any step of a rotation costs no key, and the next one leaves no stray one`() throws {
    var (lost, stray) = (0, 0)
    let places: [Int?] = (1...PowerCut.calls).map { $0 } + [nil]
    for call in places {
      let rotation = try PowerCut().happen(after: call)
      if try !rotation.holdsWorkingKey() {
        lost += 1
        Issue.record("no working key after call \(call ?? 0)")
      }
      let again = try rotation.rotateToTheEnd()
      #expect(again.status == .exited(0), "after call \(call ?? 0): \(again.errorText)")
      #expect(try rotation.holdsWorkingKey(), "after call \(call ?? 0), in the end")
      stray += rotation.listed.count - 1
    }
    #expect(lost == 0 && stray == 0)
    publish(figure: "rotate with a power cut: points, keys lost, stray keys", "\(places.count), \(lost), \(stray)")
  }
}
