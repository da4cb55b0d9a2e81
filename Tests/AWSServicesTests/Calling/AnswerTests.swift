import HTTP
import TestSupport
import Testing

@testable import AWSServices

struct AnswerTests {
  private func error(_ status: Int, _ body: String, type: String? = "text/html") -> AWSError? {
    let bench = Bench([.answer(status, body, headers: type.map { ["content-type": $0] } ?? [:])])
    return bench.error { _ = try STS($0).callerIdentity(signedBy: Bench.longTermKey()) }
  }

  @Test(arguments: [
    (200, "<html><body>Log in</body></html>", "<html><body>Log in</body></html>"),
    (200, "<!DOCTYPE html>\n<p>", "<!DOCTYPE html>\\u{a}<p>"), (200, "", ""), (200, "{}", "{}"), (302, "", ""),
    (403, "Blocked by \u{1b}[2Jproxy \u{e4}", "Blocked by \\u{1b}[2Jproxy \\u{c3}\\u{a4}"),
    (200, String(repeating: "x", count: 81), String(repeating: "x", count: 80)),
  ])
  func `an answer that is not AWS's is told with its status, type and first bytes`(
    status: Int, body: String, start: String
  ) {
    #expect(error(status, body) == .notAWS(ForeignAnswer(status: status, contentType: "text/html", start: start)))
  }

  @Test(arguments: [
    ("<AssumeRoleResponse><Credentials><SecretAccessKey>hidden", "AssumeRoleResponse"),
    (Answers.assumedRole(), "AssumeRoleResponse"), ("<GetCallerIdentityResponse>", "GetCallerIdentityResponse"),
    ("<GetCallerIdentityResponse/>", "GetCallerIdentityResult"),
  ])
  func `a broken answer of AWS shows nothing of what may be secret`(body: String, element: String) {
    #expect(error(200, body) == .malformed(call: "GetCallerIdentity", element: element))
  }

  @Test func `an error document is an error whatever the status says`() {
    let expected = ServiceError(code: "InternalError", message: "no", requestID: "r-1", status: 200)
    #expect(error(200, Answers.error("InternalError")) == .service(expected))
  }

  @Test func `a whole answer with an error status is not taken`() {
    #expect(error(403, Answers.callerIdentity) != nil)
  }

  @Test func `elements too deep are a broken answer`() {
    let body = String(repeating: "<a>", count: 40)
    #expect(error(200, body) == .malformed(call: "GetCallerIdentity", element: "GetCallerIdentityResponse"))
  }
}
