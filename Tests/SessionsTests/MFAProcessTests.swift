import AWSServices
import AWSValues
import Foundation
import Processes
import Secrets
import TestSupport
import Testing

@testable import Profiles
@testable import Sessions

struct MFAProcessTests {
  private static let origin = Origin.property(.mfaSerial, profile: "prod", at: SourceLocation(file: "/c", line: 3))
  private let device: MFADevice
  private let scratch = ScratchFolder()

  init() throws { device = try #require(MFADevice(ResolverFixture.device)) }

  /// A program that is a shell script.
  private func prompter(_ script: String, pause: @escaping (Duration) -> Void = { _ in }) -> ProgramPrompter {
    ProgramPrompter(
      MFAProcess(words: ["sh", "-c", script], origin: Self.origin), for: "prod", by: .ofTests,
      now: { Date(timeIntervalSince1970: 1_000_000_000) }, pause: pause)
  }

  @Test(arguments: ["echo 123456", "printf 123456", "echo ' 123 456 '; echo more", "printf '123456\\r\\n'"])
  func `the first line that the program prints is the code`(script: String) throws {
    #expect(try prompter(script).code(of: device, after: nil).revealed() == "123456")
  }

  @Test func `the program is told the device and the profile`() throws {
    let script = "[ \"$DAYPASS_MFA_SERIAL $DAYPASS_PROFILE\" = '\(ResolverFixture.device) prod' ] && echo 111111"
    #expect(try prompter(script).code(of: device, after: nil).revealed() == "111111")
  }

  @Test func `what a program is told replaces what another one was told`() throws {
    let programs = ProfilePrograms(
      environment: ["PATH=/usr/bin:/bin", "DAYPASS_MFA_SERIAL=outer", "DAYPASS_MFA=kept"].map { Array($0.utf8) },
      trail: ProfileTrail(in: [:]), terminal: .none)
    let output = try programs.output(of: ["env"], for: ["prod"], adding: ["DAYPASS_MFA_SERIAL=inner"]).revealed()
    let lines = output?.split(separator: "\n").filter { $0.hasPrefix("DAYPASS_MFA") }.sorted()
    #expect(lines == ["DAYPASS_MFA=kept", "DAYPASS_MFA_SERIAL=inner"])
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
    #expect(waits == [])
    _ = try prompter.code(of: device, after: .refused)
    #expect(waits == [.seconds(20)])
    #expect(throws: SessionError.noPrompt(device: device, profile: "prod", .noTerminal)) {
      _ = try prompter.code(of: device, after: .refused)
    }
  }

  @Test func `after another's refused code the program is asked at once, and once more`() throws {
    var waits: [Duration] = []
    let prompter = prompter("echo 123456") { waits.append($0) }
    _ = try prompter.code(of: device, after: .refused)
    #expect(waits == [])
    _ = try prompter.code(of: device, after: .alreadyUsed)
    #expect(waits == [.seconds(20)])
  }

  @Test func `a code that an earlier call has spent is waited for`() throws {
    var waits: [Duration] = []
    let codes = MFACodes(
      given: nil,
      prompter: prompter("[ -e \(scratch.path)/again ] && echo 222222 || echo 111111") {
        waits.append($0)
        scratch.write("", to: "again")
      })
    var sent = 0
    for _ in 0..<2 { try codes.withCode(of: device) { _ in sent += 1 } }
    #expect(sent == 2)
    #expect(waits == [.seconds(20)])
  }

  @Test func `of a security key no code is asked for`() throws {
    let key = try #require(MFADevice("arn:aws:iam::123456789012:u2f/user/alice/key-ABCDEF"))
    let codes = MFACodes(given: nil, prompter: ScriptedPrompter([]))
    #expect(throws: SessionError.securityKey(key)) { try codes.withCode(of: key) { _ in } }
  }
}
