import AWSDouble
import Foundation
import Glibc
import TestSupport

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
    let running = try rotation.scene.launch("exec strace -f -y -e trace=fsync -o \(log) daypass rotate bob").start()
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
