import AWSValues
import FoundationEssentials
import Secrets
import TestSupport
import Testing

@testable import AWSServices

struct AccessKeyTests {
  private func created(_ key: String) -> ScriptedTransport.Step {
    .answer(
      200,
      """
      <CreateAccessKeyResponse><CreateAccessKeyResult><AccessKey>\(key)<Status>Active</Status>\
      </AccessKey></CreateAccessKeyResult></CreateAccessKeyResponse>
      """)
  }

  @Test func `a new key's id, secret and user are read`() throws {
    let bench = Bench([
      created(
        "<UserName>bob</UserName><AccessKeyId>AKIAMADEUPMADEUP0000</AccessKeyId><SecretAccessKey>made/up+</SecretAccessKey>"
      )
    ])
    let key = try IAM(bench.client).createAccessKey(signedBy: Bench.longTermKey())
    #expect(key.id.text == "AKIAMADEUPMADEUP0000")
    #expect(key.userName.text == "bob")
    let credentials = key.takeCredentials()
    let (secret, hasToken) = (credentials.secretAccessKey.revealed(), credentials.sessionToken.exists)
    #expect(credentials.accessKeyID == "AKIAMADEUPMADEUP0000")
    #expect(secret == "made/up+")
    #expect(!hasToken && credentials.expiration == nil)
  }

  @Test(arguments: [
    ("<UserName>bob</UserName><AccessKeyId>short</AccessKeyId><SecretAccessKey>x</SecretAccessKey>", "AccessKeyId"),
    ("<UserName>bob</UserName><AccessKeyId>AKIAMADEUPMADEUP0000</AccessKeyId>", "SecretAccessKey"),
    (
      "<UserName>bob</UserName><AccessKeyId>AKIAMADEUPMADEUP0000</AccessKeyId><SecretAccessKey>a b</SecretAccessKey>",
      "SecretAccessKey"
    ),
    ("<AccessKeyId>AKIAMADEUPMADEUP0000</AccessKeyId><SecretAccessKey>x</SecretAccessKey>", "UserName"),
  ])
  func `an answer that is not a key is an error without the secret in it`(key: String, element: String) {
    let bench = Bench([created(key)])
    let error = bench.error { _ = try IAM($0).createAccessKey(signedBy: Bench.longTermKey()) }
    #expect(error == .malformed(call: "CreateAccessKey", element: element))
  }

  @Test func `keys of all pages are listed with their status`() throws {
    func page(_ id: String, _ status: String, _ rest: String) -> ScriptedTransport.Step {
      .answer(
        200,
        """
        <ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata><member><UserName>bob</UserName>\
        <AccessKeyId>\(id)</AccessKeyId><Status>\(status)</Status><CreateDate>2026-11-21T08:00:00Z</CreateDate></member>\
        </AccessKeyMetadata>\(rest)</ListAccessKeysResult></ListAccessKeysResponse>
        """)
    }
    let more = "<IsTruncated>true</IsTruncated><Marker>m</Marker>"
    let bench = Bench([page("AKIAMADEUPMADEUP0000", "Active", more), page("AKIAMADEUPMADEUP0001", "Inactive", "")])
    let keys = try IAM(bench.client).accessKeys(signedBy: Bench.longTermKey())
    #expect(keys.map(\.id.text) == ["AKIAMADEUPMADEUP0000", "AKIAMADEUPMADEUP0001"])
    #expect(keys.map(\.status) == [.active, .inactive])
    #expect(keys.map(\.creationDate) == [Bench.now, Bench.now])
    #expect(bench.transport.requests[1].parameters["Marker"] == "m")
  }

  @Test(arguments: [
    ("<LastUsedDate>2026-11-21T08:00:00Z</LastUsedDate><ServiceName>s3</ServiceName><Region>eu-west-1</Region>", "s3"),
    ("<ServiceName>N/A</ServiceName><Region>N/A</Region>", nil),
  ])
  func `the last use of a key is told, or that there was none`(use: String, service: String?) throws {
    let bench = Bench([
      .answer(
        200,
        """
        <GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult><AccessKeyLastUsed>\(use)</AccessKeyLastUsed>\
        <UserName>bob</UserName></GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>
        """)
    ])
    let id: AccessKeyID = try IAMCall.made("AKIAMADEUPMADEUP0000")
    let lastUse = try IAM(bench.client).lastUse(ofAccessKey: id, signedBy: Bench.longTermKey())
    #expect(lastUse == service.map { AccessKeyUse(date: Bench.now, service: $0, region: "eu-west-1") })
  }
}
