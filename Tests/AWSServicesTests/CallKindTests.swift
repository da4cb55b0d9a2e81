import AWSValues
import FoundationEssentials
import HTTP
import Secrets
import TestSupport
import Testing

@testable import AWSServices

/// Calls that are not signed, or whose body or response is JSON.
struct CallKindTests {
  private static let json = ["content-type": "application/json"]
  private static let connection = Connection(region: "eu-west-1", endpoints: [.sts: "http://127.0.0.1:1/base"])

  private func portalCall() -> AWSCall {
    AWSCall(
      reading: .sts, "GetRoleCredentials", path: "federation/credentials", query: [("role_name", "a b")], .json)
  }

  private func tokenCall(_ retrySafety: RetrySafety = .once) -> AWSCall {
    AWSCall(
      .sts, "CreateToken", path: "token", json: SecretBytes(copying: #"{"grantType":"refresh_token"}"#), retrySafety)
  }

  private func credentials(_ fixture: Fixture) throws -> (key: String, secret: String?, next: String?) {
    let response = try fixture.client.response(to: portalCall()) { _ in
      HTTPRequest.SecretHeader("x-amz-sso_bearer_token", SecretBytes(copying: "made-up-token"))
    }
    let place = try response.element("roleCredentials")
    let secret = try response.secret("secretAccessKey", in: place).revealed()
    return (try response.text("accessKeyId", in: place), secret, try response.optionalText("nextToken"))
  }

  private func unsigned(_ fixture: Fixture, _ retrySafety: RetrySafety = .once) -> AWSError? {
    fixture.error { _ = try $0.responseToUnsigned(tokenCall(retrySafety)) }
  }

  @Test func `a call with a token sends it as a secret, and reads credentials from JSON`() throws {
    let answer = #"{"roleCredentials":{"accessKeyId":"ASIAIOSFODNN7EXAMPLE","secretAccessKey":"made\/up+="}}"#
    let fixture = Fixture([.answer(200, answer, headers: Self.json)], connection: Self.connection)
    let (key, secret, next) = try credentials(fixture)
    #expect(key == "ASIAIOSFODNN7EXAMPLE" && secret == "made/up+=" && next == nil)
    let request = fixture.transport.requests[0]
    #expect(request.method == .get)
    #expect(request.url.text == "http://127.0.0.1:1/base/federation/credentials?role_name=a%20b")
    #expect(request.token == "made-up-token")
    #expect(request.headers.isEmpty)
  }

  @Test func `an unsigned call sends its JSON and nothing that says who asks`() throws {
    let fixture = Fixture([.answer(200, #"{"accessToken":"t"}"#, headers: Self.json)], connection: Self.connection)
    #expect(unsigned(fixture) == nil)
    let request = fixture.transport.requests[0]
    #expect(request.method == .post && request.body == #"{"grantType":"refresh_token"}"#)
    #expect(request.url.text == "http://127.0.0.1:1/base/token")
    #expect(request.headers == ["content-type": "application/json"])
    #expect(request.token == nil)
  }

  @Test func `JSON may be signed as well`() throws {
    let fixture = Fixture([.answer(200, "", headers: Self.json)], connection: Self.connection)
    _ = try fixture.client.response(to: tokenCall(), signedBy: Fixture.longTermKey())
    #expect(fixture.transport.requests[0].headers["authorization"]?.contains("/eu-west-1/sts/") == true)
  }

  @Test(arguments: [
    (#"{"error":"authorization_pending","error_description":"wait"}"#, [:], "authorization_pending", "wait"),
    (
      #"{"__type":"com.amazonaws.sso#UnauthorizedException","message":"Session token not found"}"#, [:],
      "UnauthorizedException", "Session token not found"
    ),
    (#"{"message":"no"}"#, ["x-amzn-errortype": "ForbiddenException:http://internal/"], "ForbiddenException", "no"),
    ("", ["x-amzn-errortype": "ThrottlingException"], "ThrottlingException", ""),
    (#"{"code":"InvalidRequestException","Message":"x"}"#, [:], "InvalidRequestException", "x"),
  ])
  func `a refusal in JSON has its code and message`(
    body: String, headers: [String: String], code: String, message: String
  ) {
    let fixture = Fixture([.answer(400, body, headers: headers)], connection: Self.connection)
    let oauthError = body.contains("\"error\"") ? code : nil
    #expect(
      unsigned(fixture) == .service(ServiceError(code: code, message: message, status: 400, oauthError: oauthError)))
  }

  @Test func `what may be repeated is repeated, whoever asks`() {
    let throttled = ScriptedTransport.Step.answer(400, #"{"__type":"ThrottlingException"}"#, headers: Self.json)
    let fixture = Fixture([throttled, .answer(200, "{}", headers: Self.json)], connection: Self.connection)
    #expect(unsigned(fixture, .idempotent) == nil)
    let once = Fixture([throttled], connection: Self.connection)
    #expect(unsigned(once, .once)?.means(.throttled) == true)
  }

  @Test func `an answer that is not JSON is not AWS's, and a broken one shows nothing of its secrets`() {
    let page = Fixture([.answer(200, "<html>", headers: ["content-type": "text/html"])], connection: Self.connection)
    #expect(
      unsigned(page) == .notAWS(UnrecognizedResponse(status: 200, contentType: "text/html", start: "<html>")))
    let cut = Fixture([.answer(200, #"{"accessToken":"secret"#, headers: Self.json)], connection: Self.connection)
    #expect(unsigned(cut) == .malformed(call: "CreateToken", element: "JSON"))
    let foreign = Fixture([.answer(403, "{}", headers: Self.json)], connection: Self.connection)
    #expect(
      unsigned(foreign)
        == .notAWS(UnrecognizedResponse(status: 403, contentType: "application/json", start: "{}")))
  }

  @Test(arguments: [
    #"{"roleCredentials":{"accessKeyId":"A","secretAccessKey":""}}"#, #"{"roleCredentials":{"accessKeyId":"A"}}"#,
    #"{"roleCredentials":{"accessKeyId":"A","secretAccessKey":"a b"}}"#,
    #"{"roleCredentials":{"accessKeyId":"A","secretAccessKey":"s","secretAccessKey":"s"}}"#,
    #"{"roleCredentials":{"accessKeyId":"A","secretAccessKey":{"a":"b"}}}"#,
  ])
  func `a secret that cannot be used is refused`(body: String) {
    let fixture = Fixture([.answer(200, body, headers: Self.json)], connection: Self.connection)
    let error = fixture.error { _ in _ = try credentials(fixture) }
    #expect(error == .malformed(call: "GetRoleCredentials", element: "secretAccessKey"))
  }
}

// MARK: - Lists

/// Lists whose service does not come to an end.
struct ListLimitTests {
  /// Every page names another as the next.
  private static func pages(_ count: Int, filledWith filler: String = "") -> [ScriptedTransport.Step] {
    (0..<count).map { number in
      .answer(200, "<!--\(filler)-->" + Answers.buckets(["b\(number)"], next: "t\(number)").withoutDeclaration)
    }
  }

  private func list(_ transport: SlowTransport) -> AWSError? {
    do {
      _ = try S3(transport.client()).buckets(signedBy: Fixture.session())
      return nil
    } catch {
      return error
    }
  }

  @Test func `a list of slow pages ends after a minute`() {
    let transport = SlowTransport(Self.pages(30), each: .seconds(2))
    #expect(list(transport) == .listTooLong(call: "ListBuckets"))
    #expect(transport.timeouts.first == .seconds(30) && transport.timeouts.last == .seconds(2))
  }

  @Test func `a list of a thousand pages ends`() {
    let transport = SlowTransport(Self.pages(1000), each: .zero)
    #expect(list(transport) == .listTooLong(call: "ListBuckets"))
  }

  @Test func `a list of full pages ends after 32 MiB`() {
    let megabyte = String(repeating: "x", count: 1 << 20)
    let transport = SlowTransport(Self.pages(32, filledWith: megabyte), each: .zero)
    #expect(list(transport) == .listTooLong(call: "ListBuckets"))
  }
}

extension String {
  /// Comments may not stand before an XML declaration.
  fileprivate var withoutDeclaration: String { replacing("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", with: "") }
}
