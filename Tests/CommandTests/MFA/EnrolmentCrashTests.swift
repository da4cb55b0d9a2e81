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
  @Test func `whenever it is killed, the next run leaves no device that belongs to nobody`() throws {
    let calls = try systemCalls(of: EnrolmentScene())
    let points = Soak.rounds(10, soak: calls.count)
    var (left, orphans) = (0, 0)
    for point in 0..<points {
      // AWS takes the codes of a new device; the double knows those it has seen of an old one of that name.
      let bob = try EnrolmentScene()
      let call = calls[calls.startIndex + point * calls.count / points]
      try run("strace -o /dev/null -e inject=\(call.name):signal=KILL:when=\(call.number)", bob)
      left += bob.orphans.count
      if try bob.scene.configText != EnrolmentScene.enrolled { try run("", bob) }
      orphans += bob.orphans.count
      #expect(bob.bobsDevices == [EnrolmentScene.device], "killed at \(call)")
      #expect(try bob.scene.configText == EnrolmentScene.enrolled, "killed at \(call)")
    }
    #expect(left > 0, "no kill left a device behind, so its removal was not tried")
    #expect(orphans == 0)
    publish(figure: "mfa enroll killed at \(points) points: orphans after the re-run", orphans)
  }

  /// From the call that makes the device on: nothing is changed before.
  private func systemCalls(of bob: EnrolmentScene) throws -> ArraySlice<SystemCallTrace.Boundary> {
    let transcript = try run("strace -o \(bob.scene.scratch.path("trace"))", bob)
    let trace = try bob.scene.scratch.text(of: "trace")
    guard let shown = trace.firstRange(of: "?1049h") else { throw SetupFailure("no picture was shown: \(transcript)") }
    let before = SystemCallTrace.boundaries(in: String(trace[..<shown.lowerBound])).count
    return SystemCallTrace.boundaries(in: trace)[(before - 60)...]
  }

  /// Enters codes as far as they are asked for; returns what was on the terminal.
  @discardableResult
  private func run(_ tracer: String, _ bob: EnrolmentScene) throws -> String {
    let terminal = try bob.scene.terminal("\(tracer) daypass mfa enroll bob; echo; echo it is over")
    var codes: [String] = []
    for (index, prompt) in [EnrolmentScene.firstPrompt, EnrolmentScene.secondPrompt].enumerated() {
      while !terminal.hasShown(prompt), !terminal.hasShown("it is over"), !terminal.hasShown("[y/N] ") { usleep(5_000) }
      if terminal.hasShown("[y/N] ") { return try finish(terminal, with: "y") }
      guard terminal.hasShown(prompt), !terminal.hasShown("it is over") else { break }
      if index == 0 { codes = try [bob.goodCodes().0, bob.goodCodes().1] }
      try terminal.send(codes[index] + "\n")
      try terminal.expect(prompt)
    }
    _ = try terminal.waitForExit()
    return terminal.transcript
  }

  private func finish(_ terminal: PseudoTerminal, with answer: String) throws -> String {
    try terminal.send(answer + "\n")
    _ = try terminal.waitForExit()
    return terminal.transcript
  }
}
