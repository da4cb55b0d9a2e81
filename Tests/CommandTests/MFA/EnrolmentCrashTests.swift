import AWSDouble
import Foundation
import Glibc
import TestSupport
import Testing

/// `mfa enroll` is killed at its system calls, and run again.
@Suite(
  .enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"),
  .enabled(if: Trace.isPossible, "strace does not trace here"))
struct EnrolmentCrashTests {
  private let bob: EnrolmentScene

  init() throws { bob = try EnrolmentScene() }

  @Test func `whenever it is killed, the next run leaves no device that belongs to nobody`() throws {
    let count = try systemCalls()
    try #require(count > 100)
    let rounds = Soak.rounds(12, soak: 200)
    var (killed, left, orphans) = (0, 0, 0)
    for round in 0..<rounds {
      bob.reset()
      // What comes before the device is made changes nothing.
      let call = count / 2 + round * (count - count / 2) / rounds
      try run("strace -f -o /dev/null -e trace=all -e inject=all:signal=KILL:when=\(call)")
      if bob.bobsDevices.isEmpty { killed += 1 }
      left += bob.orphans.count
      if try bob.scene.configText != EnrolmentScene.enrolled { try run("") }
      orphans += bob.orphans.count
      #expect(bob.bobsDevices == [EnrolmentScene.device], "killed at \(call)")
      #expect(try bob.scene.configText == EnrolmentScene.enrolled, "killed at \(call)")
    }
    #expect(left > 0, "no kill left a device behind, so its removal was not tried")
    #expect(orphans == 0)
    publish(figure: "mfa enroll killed at \(rounds) points: orphans after the re-run", orphans)
  }

  /// Those of the process that enrolls, in a run to the end.
  private func systemCalls() throws -> Int {
    let log = bob.scene.scratch.path("trace")
    try run("strace -f -o \(log)")
    let lines = try bob.scene.scratch.text(of: "trace").split(separator: "\n")
    let process = lines.first?.split(separator: " ").first
    return lines.count { $0.split(separator: " ").first == process && $0.contains("(") }
  }

  /// Enters codes as far as they are asked for.
  private func run(_ tracer: String) throws {
    let terminal = try bob.scene.terminal("\(tracer) daypass mfa enroll bob; echo; echo it is over")
    let answers: [(String, () throws -> String)] = [
      (EnrolmentScene.firstPrompt, { try bob.goodCodes().0 }),
      (EnrolmentScene.secondPrompt, { try bob.goodCodes().1 }),
    ]
    for (prompt, answer) in answers {
      while !terminal.hasShown(prompt), !terminal.hasShown("it is over"), !terminal.hasShown("[y/N] ") { usleep(5_000) }
      if terminal.hasShown("[y/N] ") { return try finish(terminal, with: "y") }
      guard terminal.hasShown(prompt), !terminal.hasShown("it is over") else { break }
      try terminal.send(answer() + "\n")
      try terminal.expect(prompt)
    }
    _ = try terminal.waitForExit()
  }

  private func finish(_ terminal: PseudoTerminal, with answer: String) throws {
    try terminal.send(answer + "\n")
    _ = try terminal.waitForExit()
  }
}
