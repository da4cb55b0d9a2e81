import AWSValues
import FoundationEssentials
import HTTP
import Secrets
import TestSupport
import Testing

@testable import AWSServices

struct ClockSkewTests {
  private let identity = ScriptedTransport.Step.answer(200, Answers.callerIdentity)

  private func skewed(
    _ date: String = "Sat, 21 Nov 2026 09:00:00 GMT", code: String = "SignatureDoesNotMatch"
  ) -> ScriptedTransport.Step {
    .answer(403, Answers.error(code), headers: ["date": date])
  }

  private func ask(_ bench: Bench) -> AWSError? {
    bench.error { _ = try STS($0).callerIdentity(signedBy: Bench.longTermKey()) }
  }

  private func dates(_ bench: Bench) -> [String] {
    bench.transport.requests.compactMap { $0.headers["x-amz-date"] }
  }

  @Test func `a clock that is off is corrected once, and stays so`() {
    let bench = Bench([skewed(), identity, identity])
    #expect(ask(bench) == nil)
    #expect(ask(bench) == nil)
    #expect(dates(bench) == ["20261121T080000Z", "20261121T090000Z", "20261121T090000Z"])
    #expect(bench.client.clockOffset == 3600)
    #expect(bench.pauses.isEmpty)
  }

  @Test(arguments: [
    ("Sat, 21 Nov 2026 09:00:00 GMT", "2026-11-21T10:00:00Z"),
    ("Fri, 20 Nov 2026 08:00:00 GMT", "2026-11-20T09:00:00Z"),
  ])
  func `a session is told to end by our clock`(date: String, expiration: String) throws {
    let bench = Bench([skewed(date), .answer(200, Answers.sessionToken(Answers.credentials(expiration: expiration)))])
    let left = try STS(bench.client).sessionToken(duration: .roleChainingLimit, signedBy: Bench.longTermKey())
      .timeLeft(at: Bench.now)
    #expect(left == 3600)
  }

  @Test func `a correction that does not help is not repeated`() {
    let bench = Bench([skewed(code: "RequestTimeTooSkewed"), skewed(code: "RequestTimeTooSkewed")])
    guard case .service(let error) = ask(bench) else { return #expect(Bool(false), "not a service error") }
    #expect(error.meaning == .clockSkew(offset: 3600))
  }

  @Test func `a wrong signature under a right clock is not tried again`() {
    let bench = Bench([skewed("Sat, 21 Nov 2026 08:03:00 GMT")])
    guard case .service(let error) = ask(bench) else { return #expect(Bool(false), "not a service error") }
    #expect(error.meaning == .signatureMismatch)
    #expect(bench.client.clockOffset == 0)
  }

  @Test func `one attempt in total leaves none for a correction, but the next call has it`() {
    let bench = Bench([skewed(), identity], connection: Connection(region: "eu-west-1", maxAttempts: 1))
    #expect(ask(bench) != nil)
    #expect(ask(bench) == nil)
    #expect(dates(bench) == ["20261121T080000Z", "20261121T090000Z"])
  }

  @Test func `a call with a code is not resent, but the next one has the right time`() throws {
    let device = try #require(MFADevice("GAHT12345678"))
    let bench = Bench([
      skewed(), .answer(200, Answers.sessionToken(Answers.credentials(expiration: "2026-11-21T10:00:00Z"))),
    ])
    let errors = ["111111", "222222"].map { digits in
      bench.error {
        _ = try STS($0).sessionToken(
          duration: SessionDuration(seconds: 3600), mfa: MFACode(SecretBytes(copying: digits), of: device),
          signedBy: Bench.longTermKey())
      }
    }
    #expect(errors[0] != nil && errors[1] == nil)
    #expect(bench.transport.requests.map { $0.parameters["TokenCode"] } == ["111111", "222222"])
    #expect(dates(bench) == ["20261121T080000Z", "20261121T090000Z"])
  }
}
