import AWSServices
import AWSValues
import Secrets
import TestSupport
import Testing

@testable import Sessions

struct MFACodesTests {
  private static let wrong = Refusal(
    "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.")
  private static let skew = Refusal("RequestTimeTooSkewed", "too far", clockOffset: 3600)
  private let device: MFADevice

  init() throws {
    device = try #require(MFADevice(ResolverFixture.device))
  }

  /// An error that AWS answers a call with.
  struct Refusal: Sendable {
    let service: ServiceError
    var error: AWSError { .service(service) }

    init(_ code: String, _ message: String = "no", clockOffset: Int? = nil) {
      service = ServiceError(code: code, message: message, status: 403, clockOffset: clockOffset)
    }
  }

  /// What became of calls that AWS answers with `refusals`, nil for a success.
  private struct Outcome {
    var sent = 0
    var error: (any Error)?
    var questions: [MFARefusal?] = []
  }

  private func run(
    given: String? = nil, typed: [Result<String, SessionError>], answers: [Refusal?]
  ) -> Outcome {
    let prompter = ScriptedPrompter(typed)
    let codes = MFACodes(given: given.map { SecretBytes(copying: $0) }, prompter: prompter)
    var outcome = Outcome()
    do {
      try codes.withCode(of: device) { _ in
        outcome.sent += 1
        if let refusal = try #require(answers.dropFirst(outcome.sent - 1).first) { throw refusal.error }
      }
    } catch {
      outcome.error = error
    }
    outcome.questions = prompter.questions
    #expect(prompter.remaining == 0)
    #expect(outcome.sent == answers.count)
    return outcome
  }

  @Test func `the given code goes first, and nobody is asked`() {
    let outcome = run(given: "111111", typed: [], answers: [nil])
    #expect(outcome.error == nil)
  }

  @Test func `without a given code one is asked for`() {
    let outcome = run(typed: [.success("111111")], answers: [nil])
    #expect(outcome.error == nil)
    #expect(outcome.questions == [nil])
  }

  @Test func `a refused code is asked for again, three tries in all`() {
    let typed = ["111111", "222222", "333333"].map { Result<String, SessionError>.success($0) }
    let outcome = run(typed: typed, answers: [Self.wrong, Self.wrong, Self.wrong])
    #expect(outcome.error as? SessionError == .noValidCode(device: device, tries: 3, Self.wrong.service))
    #expect(outcome.questions == [nil, .refused, .refused])
  }

  @Test func `a given code counts as one of the three`() {
    let outcome = run(
      given: "111111", typed: [.success("222222"), .success("333333")], answers: [Self.wrong, Self.wrong, nil])
    #expect(outcome.error == nil)
    #expect(outcome.questions == [.refused, .refused])
  }

  @Test(arguments: ["", "12345", "1234567", "12345x", "\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}", "123 45"])
  func `what is not six digits is not sent`(typed: String) {
    let outcome = run(typed: [.success(typed), .success("111111")], answers: [nil])
    #expect(outcome.error == nil)
    #expect(outcome.questions == [nil, .notSixDigits])
  }

  @Test func `a code typed with a blank in it is sent, and is the same as without`() {
    let outcome = run(typed: ["111 111", "111111", "222 222"].map { .success($0) }, answers: [Self.wrong, nil])
    #expect(outcome.error == nil)
    #expect(outcome.questions == [nil, .refused, .alreadyUsed])
  }

  @Test func `what is not sent, a code again or a typing error, costs no try`() {
    let typed = ["111111", "", "12345", "222222", "x", "222222", "111111", "333333"]
    let outcome = run(given: "111111", typed: typed.map { .success($0) }, answers: [Self.wrong, Self.wrong, nil])
    #expect(outcome.error == nil)
    #expect(
      outcome.questions == [
        .refused, .alreadyUsed, .notSixDigits, .notSixDigits, .refused, .notSixDigits, .alreadyUsed, .alreadyUsed,
      ])
  }

  @Test func `a code that one call has spent is not sent by the next`() throws {
    let prompter = ScriptedPrompter([.success("111111"), .success("222222")])
    let codes = MFACodes(given: SecretBytes(copying: "111111"), prompter: prompter)
    var calls = 0
    for _ in 0..<2 { try codes.withCode(of: device) { _ in calls += 1 } }
    #expect(calls == 2)
    #expect(prompter.questions == [nil, .alreadyUsed])
  }

  @Test func `if the clock was off, another code is asked for, which goes with the right time`() {
    let outcome = run(given: "111111", typed: [.success("222222")], answers: [Self.skew, nil])
    #expect(outcome.error == nil)
    #expect(outcome.questions == [.clockWasOff(offset: 3600)])
  }

  @Test func `a clock that stays off, or of which the offset is not known, ends it`() {
    let again = run(given: "111111", typed: [.success("222222")], answers: [Self.skew, Self.skew])
    #expect(again.error as? AWSError == Self.skew.error)
    let unknown = Refusal("RequestTimeTooSkewed")
    #expect(run(given: "111111", typed: [], answers: [unknown]).error as? AWSError == unknown.error)
  }

  @Test(arguments: [
    Refusal("AccessDenied"), Refusal("AccessDenied", "unable to validate MFA code"), Refusal("ExpiredToken"),
    Refusal("InvalidClientTokenId"), Refusal("SignatureDoesNotMatch"), Refusal("RegionDisabledException"),
    Refusal("Throttling"), Refusal("ValidationError"), Refusal("InternalFailure"),
  ])
  func `any other refusal ends it at once`(refusal: Refusal) {
    let outcome = run(given: "111111", typed: [], answers: [refusal])
    #expect(outcome.error as? AWSError == refusal.error)
  }

  @Test func `a lost answer ends it at once, because the code may be spent`() throws {
    let codes = MFACodes(given: SecretBytes(copying: "111111"), prompter: ScriptedPrompter([]))
    let lost = AWSError.http(.timedOut(host: "sts.eu-west-1.amazonaws.com", seconds: 30))
    #expect(throws: lost) { try codes.withCode(of: device) { _ in throw lost } }
  }

  @Test func `if nobody can be asked again, the error says what was wrong with the given code`() throws {
    let noPrompt = Result<String, SessionError>.failure(.noPrompt(device: device, profile: "prod", .noTerminal))
    let refused = run(given: "111111", typed: [noPrompt], answers: [Self.wrong])
    #expect(refused.error as? AWSError == Self.wrong.error)
    let malformed = run(given: "1111", typed: [noPrompt], answers: [])
    #expect(malformed.error as? SessionError == .invalidCode)
    let skewed = run(given: "111111", typed: [noPrompt], answers: [Self.skew])
    #expect(skewed.error as? SessionError == .clockWasOff(offset: 3600))
    let none = run(typed: [noPrompt], answers: [])
    #expect(none.error as? SessionError == .noPrompt(device: device, profile: "prod", .noTerminal))
  }

  @Test func `a cancelled prompt ends it`() {
    let outcome = run(given: "111111", typed: [.failure(.promptCancelled)], answers: [Self.wrong])
    #expect(outcome.error as? SessionError == .promptCancelled)
  }
}
