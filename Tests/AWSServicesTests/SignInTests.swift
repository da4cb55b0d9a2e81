import AWSDouble
import AWSValues
import FoundationEssentials
import HTTP
import Hashing
import Secrets
import TestSupport
import Testing

@testable import AWSServices

/// The service where `aws login` signs in.
struct SignInTests {
  private static let json = ["content-type": "application/json"]
  private static let pem = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIMaJg5O8Jy7ugsZdrOzrg5gu80w/RA6/wBPxbpBN8Z/foAoGCCqGSM49
    AwEHoUQDQgAEbW24Yon+QBW+yHtp47f4FVBJoCqWI6xvTuIOUXzoQBPrcb8Vrvhc
    3x0oLIvK1gjQGAgWaJTTTLfdF9FjSLpJBA==
    -----END EC PRIVATE KEY-----
    """
  private static let place = "https://us-east-1.signin.aws.amazon.com/v1/token"
  private static let subject = "eyJzdWIiOiJhcm46YXdzOmlhbTo6MTIzNDU2Nzg5MDEyOnVzZXIvYWxpY2UifQ"

  private static func answer(_ replace: (String, String) = ("", "")) -> String {
    """
    {"accessToken":{"accessKeyId":"ASIAIOSFODNN7EXAMPLE","secretAccessKey":"made/up","sessionToken":"token"},\
    "tokenType":"aws_sigv4","expiresIn":900,"refreshToken":"next","idToken":"eyJhIjoxfQ.\(subject).c2ln"}
    """.replacing(replace.0, with: replace.1)
  }

  private func fixture(_ script: ScriptedTransport.Step...) -> Fixture {
    Fixture(script, connection: Connection(region: "us-east-1"))
  }

  private func key() throws -> P256Key {
    guard let key = try P256Key(pem: SecretBytes(copying: Self.pem)) else {
      throw HashingError.algorithmUnavailable("PEM")
    }
    return key
  }

  private func signIn(_ fixture: Fixture) throws -> (key: String, account: String?, subject: String?, next: String?) {
    let tokens = try SignInService(fixture.client).tokens(
      forAuthorizationCode: SecretBytes(copying: "the\"code"), verifier: SecretBytes(copying: "proof"),
      redirectURI: "http://127.0.0.1:1/oauth/callback", on: .same, provenBy: key())
    return (tokens.credentials.accessKeyID, tokens.credentials.account, tokens.subject, tokens.refreshToken.revealed())
  }

  private func refresh(_ fixture: Fixture) throws -> Date? {
    let tokens = try SignInService(fixture.client).tokens(
      refreshedWith: SecretBytes(copying: "old"), clientID: "c", provenBy: key())
    return tokens.credentials.expiration
  }

  // MARK: Proof

  @Test func `a proof is signed over the vector's text, in 64 bytes that others verify`() throws {
    let url = try URLText(strictly: Self.place)
    let id = "5c2f1e0a-7d1b-4e0f-9a53-2f6f0b1c9d11"
    let time = Date(timeIntervalSince1970: 1_763_510_400.9)
    let secret = try key().proof(for: url, at: time, id: id)
    let text = secret.revealed() ?? ""
    let signed = text.split(separator: ".").dropLast().joined(separator: ".")
    let digest = Digest.hex(SHA256.digest(signed.utf8.span))
    #expect(digest == "7db514054d7002ad23462eefce3551e7fbb4b1398fd1dd4f7d5f5040ad534170")
    let proof = try Proof(text, for: Self.place, now: time)
    #expect(proof.id == id)
    #expect(proof.thumbprint == "-61zGyI6XHYxDx7LvkW5bVFQlA71Grv3Kt1SODiqjNI")
    let fixed = signed + ".p9p-HgDqr-cmk4msq5OM7DSqY6wHb9jKh7dI7o2DaYqkWCZd5AWASBOQ08dOLk5GvoLiGVCEz17-VdVdII_N-A"
    #expect(throws: Never.self) { try Proof(fixed, for: Self.place, now: time) }
  }

  @Test func `every proof of many verifies, even if a number begins with zeros`() throws {
    let key = try P256Key()
    let time = Date(timeIntervalSince1970: 1_763_510_400)
    for id in 0..<300 {
      let secret = try key.proof(for: URLText(strictly: Self.place), at: time, id: String(id))
      let text = secret.revealed() ?? ""
      #expect(try Proof(text, for: Self.place, now: time).id == String(id))
    }
  }

  // MARK: Page

  @Test func `the page's address says SHA-256, openid and who we are`() throws {
    let service = SignInService(fixture().client)
    #expect(
      try service.authorizationURL(on: .same, redirectURI: "http://127.0.0.1:9/x", state: "s", challenge: "c")
        == "https://us-east-1.signin.aws.amazon.com/v1/authorize?response_type=code"
        + "&client_id=arn%3Aaws%3Asignin%3A%3A%3Adevtools%2Fsame-device&state=s&code_challenge_method=SHA-256"
        + "&scope=openid&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fx&code_challenge=c")
    #expect(
      try service.confirmationURI == "https://us-east-1.signin.aws.amazon.com/v1/sessions/confirmation")
    #expect(try service.origin == "https://us-east-1.signin.aws.amazon.com")
  }

  // MARK: Tokens

  @Test func `a code is exchanged by JSON with a proof, and the identity read from the token`() throws {
    let fixture = fixture(.answer(200, Self.answer(), headers: Self.json))
    let (key, _, subject, next) = try signIn(fixture)
    #expect(key == "ASIAIOSFODNN7EXAMPLE" && next == "next")
    #expect(subject == "arn:aws:iam::123456789012:user/alice")
    let request = fixture.transport.requests[0]
    #expect(request.url.text == Self.place)
    #expect(
      request.body == #"{"clientId":"arn:aws:signin:::devtools/same-device","grantType":"authorization_code","#
        + #""code":"the\"code","codeVerifier":"proof","redirectUri":"http://127.0.0.1:1/oauth/callback"}"#)
    _ = try Proof(#require(request.token), for: Self.place, now: Fixture.now)
  }

  @Test func `credentials end when our own clock says so`() throws {
    let fixture = fixture(.answer(200, Self.answer(), headers: Self.json))
    #expect(try refresh(fixture) == Fixture.now + 900)
    #expect(fixture.transport.requests[0].body == #"{"clientId":"c","grantType":"refresh_token","refreshToken":"old"}"#)
  }

  @Test func `a refresh whose answer is lost is sent again with another proof`() throws {
    let fixture = fixture(
      .failure(.interrupted(host: "h")), .answer(500, #"{"error":"server_error"}"#, headers: Self.json),
      .answer(200, Self.answer(), headers: Self.json))
    _ = try refresh(fixture)
    let proofs = fixture.transport.requests.compactMap(\.token)
    #expect(Set(proofs).count == 3)
    #expect(Set(fixture.transport.requests.map(\.body)).count == 1)
  }

  @Test func `a code is never sent twice`() {
    for step in [ScriptedTransport.Step.failure(.interrupted(host: "h")), .answer(500, "{}", headers: Self.json)] {
      let fixture = fixture(step)
      #expect(throws: (any Error).self) { try signIn(fixture) }
      #expect(fixture.transport.requests.count == 1)
    }
  }

  @Test(arguments: [
    (401, "AccessDeniedException", "TOKEN_EXPIRED", LoginRefusal.tokenExpired),
    (401, "AccessDeniedException", "AUTHCODE_EXPIRED", .codeExpired),
    (403, "AccessDeniedException", "USER_CREDENTIALS_CHANGED", .credentialsChanged),
    (403, "AccessDeniedException", "INSUFFICIENT_PERMISSIONS", .notPermitted),
    (400, "ValidationException", "INVALID_REQUEST", .invalidRequest),
    (400, "ValidationException", "CONFLICT", nil),
  ])
  func `a refusal is recognized by its error, not by its type`(
    status: Int, type: String, error: String, refusal: LoginRefusal?
  ) {
    let body = "{\"error\":\"\(error)\",\"message\":\"no\"}"
    let fixture = fixture(.answer(status, body, headers: Self.json.merging(["x-amzn-errortype": type]) { $1 }))
    #expect(fixture.error { _ in _ = try refresh(fixture) }?.loginRefusal == refusal)
    #expect(fixture.transport.requests.count == 1)
  }

  @Test func `a proof with a wrong time is made again with AWS's`() throws {
    let body = #"{"error":"INVALID_REQUEST","message":"no"}"#
    let headers = Self.json.merging([
      "date": "Sat, 21 Nov 2026 09:00:00 GMT", "x-amzn-errortype": "ValidationException",
    ]) { $1 }
    let fixture = fixture(
      .answer(400, body, headers: headers), .answer(200, Self.answer(), headers: Self.json))
    #expect(try refresh(fixture) == Fixture.now + 900)
    _ = try Proof(#require(fixture.transport.requests[1].token), for: Self.place, now: Fixture.now + 3600)
  }

  @Test(arguments: [
    ("\"aws_sigv4\"", "\"Bearer\""), ("900", "0"), ("900", "-1"), ("900", "43201"), ("900", "\"soon\""),
    ("\"next\"", "\"\""),
    ("\"token\"", "\"to ken\""), ("ASIAIOSFODNN7EXAMPLE", "x"), ("eyJhIjoxfQ.", ""), (subject, "*"), (subject, "e30"),
    (subject, "bm8"), ("\"refreshToken\":\"next\",", ""),
  ])
  func `an answer that lacks something, or has it wrong, is none`(part: String, replacement: String) {
    let fixture = fixture(.answer(200, Self.answer((part, replacement)), headers: Self.json))
    let error = fixture.error { _ in _ = try signIn(fixture) }
    guard case .malformed(call: "CreateOAuth2Token", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
