import AWSDouble
import Foundation
import Glibc
import TestSupport
import Testing

/// `mfa enroll` while IAM fails.
@Suite(.keyring)
struct EnrolmentFaultTests {
  private let bob: EnrolmentScene

  init() throws { bob = try EnrolmentScene() }

  @Test(arguments: [Fault.closeAfterActing, .close, .cut, .serverError, .garbage])
  func `a device whose seed was lost on its way is replaced at once`(fault: Fault) throws {
    bob.double.fail(.createVirtualMFADevice, with: fault)
    let terminal = try bob.enroll()
    try bob.enterGoodCodes(on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(bob.bobsDevices == [EnrolmentScene.device])
    #expect(bob.orphans == [])
  }

  @Test func `a seed that is lost twice leaves nothing behind`() throws {
    bob.double.fail(.createVirtualMFADevice, with: .closeAfterActing, times: 2)
    let terminal = try bob.enroll()
    #expect(try terminal.waitForExit() == .exited(75))
    #expect(bob.orphans == [])
  }

  @Test(arguments: [Fault.closeAfterActing, .cut])
  func `codes that AWS took without our knowing are not asked for again`(fault: Fault) throws {
    bob.double.fail(.enableMFADevice, with: fault)
    let terminal = try bob.enroll()
    try bob.enterGoodCodes(on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(bob.bobsDevices == [EnrolmentScene.device])
    #expect(try bob.scene.configText == EnrolmentScene.enrolled)
  }

  @Test(arguments: [(Fault.close, "lost"), (.serverError, "lost"), (.busy, "busy"), (.throttle, "busy")])
  func `codes that AWS did not look at are asked for again`(fault: Fault, reason: String) throws {
    bob.double.fail(.enableMFADevice, with: fault)
    let terminal = try bob.enroll()
    try bob.enterGoodCodes(on: terminal)
    try terminal.expect(reason)
    bob.double.clock = bob.double.clock.advanced(by: 60)
    try bob.enterGoodCodes(on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(bob.bobsDevices == [EnrolmentScene.device])
  }

  @Test func `codes that were sent are not sent again, whatever became of them`() throws {
    bob.double.fail(.enableMFADevice, with: .close)
    let terminal = try bob.enroll()
    try terminal.expect(EnrolmentScene.firstPrompt)
    let codes = try bob.goodCodes()
    try terminal.send(codes.0 + "\n")
    try terminal.expect(EnrolmentScene.secondPrompt)
    try terminal.send(codes.1 + "\n")
    try terminal.expect("AWS's reply was lost; " + EnrolmentScene.firstPrompt)
    try terminal.send(codes.0 + "\n")
    try terminal.expect("that is the code from before; " + EnrolmentScene.firstPrompt)
    try terminal.send(codes.1 + "\n")
    // Too long a line for a countdown, so the prompt behind it comes once.
    try terminal.expect("that is the code from before; ")
    bob.double.clock = bob.double.clock.advanced(by: 60)
    try bob.enterGoodCodes(on: terminal)
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test(arguments: [Action.createVirtualMFADevice, .enableMFADevice, .listVirtualMFADevices, .listMFADevices])
  func `a refusal leaves nothing behind`(action: Action) throws {
    let refusal = Fault.refuse(status: 409, code: "LimitExceeded", message: "too many")
    bob.double.fail(action, with: refusal)
    let terminal = try bob.enroll()
    if action == .enableMFADevice { try bob.enterGoodCodes(on: terminal) }
    #expect(try terminal.waitForExit() == .exited(77))
    #expect(terminal.transcript.contains("(LimitExceeded: too many"))
    #expect(bob.orphans == [])
    #expect(try bob.scene.configText == EnrolmentScene.config)
  }

  @Test func `a device that cannot be deleted is reported, and replaced by the next run`() throws {
    bob.double.fail(.deleteVirtualMFADevice, with: .refuse(status: 403, code: "AccessDenied", message: "no"))
    let terminal = try bob.enroll()
    try terminal.expect(EnrolmentScene.firstPrompt)
    try terminal.send("\u{4}")
    _ = try terminal.waitForExit()
    #expect(terminal.transcript.contains("was not deleted: AWS denied access"))
    #expect(bob.orphans == [EnrolmentScene.device])
    let again = try bob.enroll()
    try again.expect("replace it? [y/N] ")
    try again.send("y\n")
    try bob.enterGoodCodes(on: again)
    #expect(try again.waitForExit() == .exited(0))
    #expect(bob.orphans == [])
  }

  @Test func `IAM that is busy deleting is waited for`() throws {
    bob.double.fail(.deleteVirtualMFADevice, with: .busy)
    let terminal = try bob.enroll()
    try terminal.expect(EnrolmentScene.firstPrompt)
    try terminal.send("\u{3}")
    _ = try terminal.waitForExit()
    #expect(bob.orphans == [])
  }
}

// MARK: - Enrolment crash tests

/// `mfa enroll` is killed at its system calls, and run again.
@Suite(
  .keyring,
  .enabled(if: Trace.isPossible, "strace does not trace here"))
struct EnrolmentCrashTests {
  @Test func `whenever it is killed, the next run leaves no device that belongs to nobody`() throws {
    let calls = try systemCalls(of: EnrolmentScene()).spread(Soak.rounds(10, soak: .max))
    var (left, orphans) = (0, 0)
    for call in calls {
      // AWS takes the codes of a new device; the double knows those it has seen of an old one of that name.
      let bob = try EnrolmentScene()
      try run("strace -o /dev/null -e inject=\(call.name):signal=KILL:when=\(call.number)", bob)
      left += bob.orphans.count
      if try bob.scene.configText != EnrolmentScene.enrolled { try run("", bob) }
      orphans += bob.orphans.count
      #expect(bob.bobsDevices == [EnrolmentScene.device], "killed at \(call)")
      #expect(try bob.scene.configText == EnrolmentScene.enrolled, "killed at \(call)")
    }
    #expect(left > 0, "no kill left a device behind, so its removal was not tried")
    #expect(orphans == 0)
    publish(figure: "mfa enroll killed at \(calls.count) points: orphans after the re-run", orphans)
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
    var (codes, end) = (("", ""), "it is over")
    // A countdown shows a prompt again each second; it is answered once.
    var questions = ["[Y/n] ", "replace it? [y/N] ", EnrolmentScene.firstPrompt, EnrolmentScene.secondPrompt]
    while case let shown = try terminal.expect(anyOf: [end] + questions), shown != end {
      questions.removeAll { $0 == shown }
      switch shown {
      case EnrolmentScene.firstPrompt:
        codes = try bob.goodCodes()
        try terminal.send(codes.0 + "\n")
      case EnrolmentScene.secondPrompt: try terminal.send(codes.1 + "\n")
      default: try terminal.send("y\n")
      }
    }
    _ = try terminal.waitForExit()
    return terminal.transcript
  }
}
