import AWSServices
import AWSValues
import Foundation
import Processes
import Profiles
import Secrets
import Testing

@testable import Sessions

struct MFAProcessTests {
  private static let origin = Origin.property(.mfaSerial, profile: "prod", at: SourceLocation(file: "/c", line: 3))
  private let device: MFADevice

  init() throws { device = try #require(MFADevice(ResolverBench.device)) }

  /// A program that is a shell script.
  private func prompter(_ script: String, pause: @escaping (Duration) -> Void = { _ in }) -> MFAProcessPrompter {
    MFAProcessPrompter(
      MFAProcess(words: ["sh", "-c", script], origin: Self.origin), for: "prod", by: .ofTests,
      now: { Date(timeIntervalSince1970: 1_000_000_000) }, pause: pause)
  }

  @Test(arguments: ["echo 123456", "printf 123456", "echo ' 123 456 '; echo more", "printf '123456\\r\\n'"])
  func `the first line that the program prints is the code`(script: String) throws {
    #expect(try prompter(script).code(of: device, after: nil).revealed() == "123456")
  }

  @Test func `the program is told the device and the profile`() throws {
    let script = "[ \"$DAYPASS_MFA_SERIAL $DAYPASS_PROFILE\" = '\(ResolverBench.device) prod' ] && echo 111111"
    #expect(try prompter(script).code(of: device, after: nil).revealed() == "111111")
  }

  @Test(arguments: ["true", "echo 12345", "echo; echo 123456", "echo 1234567", "echo １２３４５６", "echo code: 123456"])
  func `a program that prints no code is an error`(script: String) {
    #expect(throws: SessionError.mfaProcess(Self.origin, nil)) { _ = try prompter(script).code(of: device, after: nil) }
  }

  @Test func `a program that fails is an error with its last words, and nobody is asked`() {
    #expect(throws: SessionError.mfaProcess(Self.origin, .ended(.exited(2), complaint: ["no card"]))) {
      _ = try prompter("echo no card >&2; exit 2").code(of: device, after: nil)
    }
  }

  @Test func `after a refused code the program is asked once more, in the next half minute`() throws {
    var waits: [Duration] = []
    let prompter = prompter("echo 123456") { waits.append($0) }
    _ = try prompter.code(of: device, after: nil)
    _ = try prompter.code(of: device, after: .refused)
    #expect(waits == [.seconds(20)])
    #expect(throws: SessionError.noPrompt(device: device, profile: "prod", .noTerminal)) {
      _ = try prompter.code(of: device, after: .refused)
    }
  }
}
