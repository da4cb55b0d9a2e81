internal import AWSServices
package import AWSValues
package import FoundationEssentials
internal import Processes
package import Profiles
package import Secrets

/// Gets MFA codes from the program that a profile's `mfa_process` names, which prints one on its first line.
///
/// A refused code may have been spent already in its half minute, so the program is asked once more when the next one is
/// shown.
package final class MFAProcessPrompter: MFAPrompter {
  private let process: MFAProcess
  private let profile: String
  private let programs: ProfilePrograms
  private let now: () -> Date
  private let pause: (Duration) -> Void
  private var hasAskedAgain = false

  package init(
    _ process: MFAProcess, for profile: String, by programs: ProfilePrograms, now: @escaping () -> Date,
    pause: @escaping (Duration) -> Void
  ) {
    self.process = process
    self.profile = profile
    self.programs = programs
    self.now = now
    self.pause = pause
  }

  package func code(of device: MFADevice, after refusal: MFARefusal?) throws(SessionError) -> SecretBytes {
    if refusal != nil { try waitForNextCode(of: device) }
    let code: SecretBytes
    do throws(ChildError) {
      let variables = ["\(Self.deviceVariable)=\(device.text)", "DAYPASS_PROFILE=\(profile)"]
      code = try programs.output(of: process.words, for: [profile], adding: variables).firstLine
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
