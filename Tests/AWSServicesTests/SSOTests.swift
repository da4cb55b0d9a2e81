import AWSValues
import Foundation
import HTTP
import Secrets
import TestSupport
import Testing

@testable import AWSServices

struct SSOTests {
  private static let json = ["content-type": "application/json"]

  @Test func `the address of the authorization page has what the AWS CLI sends`() throws {
    let fixture = Fixture([], connection: Connection(region: "us-east-1"))
    let url = try SSOOIDC(fixture.client).authorizationURL(
      for: "abc", redirectURI: "http://127.0.0.1:1234/oauth/callback",
      state: "4f2b1c6e-8a0e-4c3e-9b59-0f5a4a1f7f11", scopes: ["sso:account:access"],
      challenge: "0yYmnP4bO4rGE_A5t7N38moWM6-SEO0vHhtepQ3V1eY")
    #expect(
      url
        == "https://oidc.us-east-1.amazonaws.com/authorize?response_type=code&client_id=abc&redirect_uri=http%3A%2F%2F"
        + "127.0.0.1%3A1234%2Foauth%2Fcallback&state=4f2b1c6e-8a0e-4c3e-9b59-0f5a4a1f7f11&code_challenge_method=S256"
        + "&scopes=sso%3Aaccount%3Aaccess&code_challenge=0yYmnP4bO4rGE_A5t7N38moWM6-SEO0vHhtepQ3V1eY")
  }

  @Test(arguments: [SignInFlow.device, .authorizationCode])
  func `a registration is for one flow, with scopes`(flow: SignInFlow) throws {
    let answer = #"{"clientId":"id","clientSecret":"s","clientSecretExpiresAt":1803024000}"#
    let fixture = Fixture([.answer(200, answer, headers: Self.json)])
    let registration = try SSOOIDC(fixture.client).registerClient(
      named: "daypass-me@host", for: flow, scopes: ["sso:account:access"], startURL: "https://x.awsapps.com/start")
    #expect(registration.expiration == Date(timeIntervalSince1970: 1_803_024_000))
    let body = fixture.transport.requests[0].body
    let grants =
      flow == .device
      ? #""grantTypes":["urn:ietf:params:oauth:grant-type:device_code","refresh_token"]}"#
      : #""grantTypes":["authorization_code","refresh_token"],"redirectUris":["http://127.0.0.1/oauth/callback"],"#
        + #""issuerUrl":"https://x.awsapps.com/start"}"#
    #expect(
      body == #"{"clientName":"daypass-me@host","clientType":"public","scopes":["sso:account:access"],"# + grants)
  }

  @Test func `times in milliseconds may have a fraction`() throws {
    let answer =
      #"{"roleCredentials":{"accessKeyId":"ASIAMADEUP0000000001","secretAccessKey":"s","sessionToken":"t","#
      + #""expiration":1795251600000.5}}"#
    let fixture = Fixture([.answer(200, answer, headers: Self.json)])
    let credentials = try SSO(fixture.client).roleCredentials(
      account: "123456789012", role: "A@B", token: SecretBytes(copying: "token"))
    #expect(credentials.expiration == Date(timeIntervalSince1970: 1_795_251_600))
    #expect(fixture.transport.requests[0].url.query == "role_name=A%40B&account_id=123456789012")
    #expect(!fixture.transport.requests[0].url.text.contains("token"))
  }

  @Test func `accounts come page by page, and may have no name`() throws {
    let pages = [
      #"{"accountList":[{"accountId":"012345678901","accountName":"Payments","emailAddress":"a@b.c"}],"nextToken":"n"}"#,
      #"{"accountList":[{"accountId":"123456789012"}],"nextToken":""}"#,
    ]
    let fixture = Fixture(pages.map { .answer(200, $0, headers: Self.json) })
    let accounts = try SSO(fixture.client).accounts(token: SecretBytes(copying: "t"))
    #expect(
      accounts == [
        SSOAccount(id: "012345678901", name: "Payments", email: "a@b.c"),
        SSOAccount(id: "123456789012", name: nil, email: nil),
      ])
    #expect(fixture.transport.requests.map(\.url.query) == ["max_result=100", "max_result=100&next_token=n"])
  }

  @Test(arguments: ["{}", "[]", "1", #"{"accountList":null}"#, #"{"accountList":{}}"#, #"{"accountList":[{}]}"#])
  func `an answer without a list is not taken for an empty one`(text: String) {
    let fixture = Fixture([.answer(200, text, headers: Self.json)])
    #expect(throws: AWSError.self) { try SSO(fixture.client).accounts(token: SecretBytes(copying: "t")) }
  }

  @Test func `all pages of a list together have a minute`() throws {
    let pages = ["m", "n", ""].map { next in
      ScriptedTransport.Step.answer(
        200, #"{"accountList":[{"accountId":"123456789012"}],"nextToken":"\#(next)"}"#, headers: Self.json)
    }
    let transport = SlowTransport(pages, each: .seconds(20))
    _ = try SSO(transport.client()).accounts(token: SecretBytes(copying: "t"))
    #expect(transport.timeouts == [.seconds(30), .seconds(30), .seconds(20)])
  }

  @Test func `a list that gives the same page for ever ends`() throws {
    let page = #"{"roleList":[{"roleName":"Admin","accountId":"123456789012"}],"nextToken":"n"}"#
    let fixture = Fixture([.answer(200, page, headers: Self.json), .answer(200, page, headers: Self.json)])
    #expect(throws: AWSError.malformed(call: "ListAccountRoles", element: "next page")) {
      try SSO(fixture.client).roles(account: "123456789012", token: SecretBytes(copying: "t"))
    }
  }
}

// MARK: - Start URL

struct StartURLTests {
  @Test(arguments: [
    "https://d-abc123.awsapps.com/start#/", "https://ssoins-1.portal.eu-west-1.app.aws",
    "https://identitycenter.amazonaws.com/ssoins-1",
    "https://D-ABC.awsapps.com/start",
  ])
  func `a host of AWS's is used as it is, without a call`(text: String) throws {
    let fixture = Fixture([])
    #expect(try StartURL.resolve(text, by: fixture.client) == StartURL(text: text, region: nil))
  }

  private static func redirect(to location: String, _ status: Int = 302) -> ScriptedTransport.Step {
    .answer(status, "", headers: ["location": location])
  }

  @Test(arguments: [
    ("https://d-abc123.awsapps.com/start/", "https://d-abc123.awsapps.com/start", nil),
    ("https://ssoins-1.portal.eu-west-1.app.aws:443/?a=b#/", "https://ssoins-1.portal.eu-west-1.app.aws", "eu-west-1"),
    ("https://d-1.eu-west-1.portal.amazonaws.com/x", "https://d-1.eu-west-1.portal.amazonaws.com/x", "eu-west-1"),
  ])
  func `a company's own name is followed by one redirect`(location: String, url: String, region: String?) throws {
    let fixture = Fixture([Self.redirect(to: location)])
    #expect(
      try StartURL.resolve("https://sso.example.com/start", by: fixture.client) == StartURL(text: url, region: region))
    #expect(fixture.transport.requests.map(\.method) == [.head])
  }

  @Test(arguments: [
    "http://d-abc123.awsapps.com/start", "https://evil.example/start", "https://other.example/",
    "https://awsapps.com.evil.example/", "https://user@d-1.awsapps.com/", "/relative", "javascript:alert(1)",
  ])
  func `a redirect that does not lead to AWS is refused`(location: String) {
    let fixture = Fixture([Self.redirect(to: location)])
    #expect(throws: StartURL.Fault.notAWS(location)) {
      try StartURL.resolve("https://sso.example.com/start", by: fixture.client)
    }
  }

  @Test func `a server without HEAD is asked by GET`() throws {
    let fixture = Fixture([.answer(405, "", headers: [:]), Self.redirect(to: "https://d-1.awsapps.com/start")])
    _ = try StartURL.resolve("https://sso.example.com", by: fixture.client)
    #expect(fixture.transport.requests.map(\.method) == [.head, .get])
  }

  @Test func `a page in place of a redirect is no redirect`() {
    let fixture = Fixture([.answer(200, "", headers: [:])])
    #expect(throws: StartURL.Fault.noRedirect(status: 200)) {
      try StartURL.resolve("https://sso.example.com", by: fixture.client)
    }
  }
}
