internal import AWSServices
package import AWSValues
package import FoundationEssentials
package import Processes
package import Profiles
package import Secrets

/// Gets MFA codes from the program that a profile's `mfa_process` names, which prints one on its first line.
///
/// A refused code may have been spent already in its half minute, so the program is asked once more when the next one is
/// shown.
package final class MFAProcessPrompter: MFAPrompter {
  private let process: MFAProcess
  private let profile: String
  /// `NAME=value` entries.
  private let environment: [[UInt8]]
  private let terminal: ChildProgram.TerminalUse
  private let now: () -> Date
  private let pause: (Duration) -> Void
  private var hasAskedAgain = false

  package init(
    _ process: MFAProcess, for profile: String, environment: [[UInt8]], terminal: ChildProgram.TerminalUse,
    now: @escaping () -> Date, pause: @escaping (Duration) -> Void
  ) {
    self.process = process
    self.profile = profile
    self.environment = environment
    self.terminal = terminal
    self.now = now
    self.pause = pause
  }

  package func code(of device: MFADevice, after refusal: MFARefusal?) throws(SessionError) -> SecretBytes {
    if refusal != nil { try waitForNextCode(of: device) }
    let program = ChildProgram(
      process.words, environment: environment + entries(for: device), terminal: terminal, timeout: timeout)
    let code: SecretBytes
    do throws(ChildError) {
      code = try program.run().firstLine
    } catch {
      throw .mfaProcess(process.origin, error)
    }
    guard code.isMFACode else { throw .mfaProcess(process.origin, nil) }
    return code
  }

  private func waitForNextCode(of device: MFADevice) throws(SessionError) {
    guard !hasAskedAgain else { throw .noPrompt(device: device, profile: profile, .noTerminal) }
    hasAskedAgain = true
    let time = now()
    pause(.seconds(TimeStep(at: time).end.timeIntervalSince(time)))
  }

  /// A program at the terminal may wait for a person.
  private var timeout: Duration {
    switch terminal {
    case .none: .seconds(60)
    case .shared: .seconds(300)
    }
  }

  private func entries(for device: MFADevice) -> [[UInt8]] {
    ["\(Self.deviceVariable)=\(device.text)", "DAYPASS_PROFILE=\(profile)"].map { Array($0.utf8) }
  }

  /// Tells the program which device is meant, and us, if the program calls us, that it is about to get that code itself.
  package static let deviceVariable = "DAYPASS_MFA_SERIAL"
}

extension SecretBytes {
  /// Without blanks.
  fileprivate var firstLine: SecretBytes {
    var line = SecretBytes()
    withBytes { bytes in
      for index in bytes.indices {
        if bytes[index] == UInt8(ascii: "\n") { return }
        if bytes[index] > UInt8(ascii: " ") { line.append(bytes[index]) }
      }
    }
    return line
  }

  fileprivate var isMFACode: Bool {
    withBytes { bytes in
      bytes.count == MFACode.length
        && bytes.indices.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) }
    }
  }
}
