internal import AWSServices
package import AWSValues
package import FoundationEssentials
package import Processes
package import Profiles
package import Secrets

/// Gets MFA codes from a program that prints one on its first line, without asking a person.
///
/// A refused code may have been spent already in its half minute, so the program is asked once more when the next one is
/// shown.
package final class ProgramPrompter: MFAPrompter {
  /// Runs the program.
  private let output: (MFADevice) throws(ChildError) -> SecretBytes
  /// The error if it fails; nil if it printed no code.
  private let failure: (ChildError?) -> SessionError
  private let profile: String
  private let now: () -> Date
  private let pause: (Duration) -> Void
  /// How often it was asked for the same call.
  private var questions = 0
  private static let limit = 2

  /// - Parameter profile: the profile for which a session is wanted.
  package init(
    for profile: String, now: @escaping () -> Date, pause: @escaping (Duration) -> Void,
    output: @escaping (MFADevice) throws(ChildError) -> SecretBytes, failure: @escaping (ChildError?) -> SessionError
  ) {
    (self.profile, self.now, self.pause) = (profile, now, pause)
    (self.output, self.failure) = (output, failure)
  }

  /// The program that a profile's `mfa_process` names.
  package convenience init(
    _ process: MFAProcess, for profile: String, by programs: ProfilePrograms, now: @escaping () -> Date,
    pause: @escaping (Duration) -> Void
  ) {
    self.init(for: profile, now: now, pause: pause) { device throws(ChildError) in
      let variables = ["\(Self.deviceVariable)=\(device.text)", "DAYPASS_PROFILE=\(profile)"]
      return try programs.output(of: process.words, for: [profile], adding: variables)
    } failure: { error in
      .mfaProcess(process.origin, error)
    }
  }

  package func code(of device: MFADevice, after refusal: MFARefusal?) throws(SessionError) -> SecretBytes {
    if refusal == nil { questions = 0 }
    if questions > 0 { try waitForNextCode(of: device) }
    questions += 1
    let code: SecretBytes
    do throws(ChildError) { code = try output(device).firstLine } catch { throw failure(error) }
    guard MFACode(code, of: device).exists else { throw failure(nil) }
    return code
  }

  private func waitForNextCode(of device: MFADevice) throws(SessionError) {
    guard questions < Self.limit else { throw .noPrompt(device: device, profile: profile, .noTerminal) }
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
}
