import AWSValues
import Foundation
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

  @Test func `a new key's id and secret are read`() throws {
    let fixture = Fixture([
      created(
        "<UserName>bob</UserName><AccessKeyId>AKIAMADEUPMADEUP0000</AccessKeyId><SecretAccessKey>made/up+</SecretAccessKey>"
      )
    ])
    let key = try IAM(fixture.client).createAccessKey(signedBy: Fixture.longTermKey())
    #expect(key.id.text == "AKIAMADEUPMADEUP0000")
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
  ])
  func `an answer that is not a key is an error without the secret in it`(key: String, element: String) {
    let fixture = Fixture([created(key)])
    let error = fixture.error { _ = try IAM($0).createAccessKey(signedBy: Fixture.longTermKey()) }
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
    let fixture = Fixture([page("AKIAMADEUPMADEUP0000", "Active", more), page("AKIAMADEUPMADEUP0001", "Inactive", "")])
    let keys = try IAM(fixture.client).accessKeys(signedBy: Fixture.longTermKey())
    #expect(keys.map(\.id.text) == ["AKIAMADEUPMADEUP0000", "AKIAMADEUPMADEUP0001"])
    #expect(keys.map(\.status) == [.active, .inactive])
    #expect(keys.map(\.creationDate) == [Fixture.now, Fixture.now])
    #expect(fixture.transport.requests[1].parameters["Marker"] == "m")
  }

  @Test(arguments: [
    ("<LastUsedDate>2026-11-21T08:00:00Z</LastUsedDate><ServiceName>s3</ServiceName><Region>eu-west-1</Region>", "s3"),
    ("<ServiceName>N/A</ServiceName><Region>N/A</Region>", nil),
  ])
  func `the last use of a key is reported, or that there was none`(use: String, service: String?) throws {
    let fixture = Fixture([
      .answer(
        200,
        """
        <GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult><AccessKeyLastUsed>\(use)</AccessKeyLastUsed>\
        <UserName>bob</UserName></GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>
        """)
    ])
    let id: AccessKeyID = try IAMCall.made("AKIAMADEUPMADEUP0000")
    let lastUse = try IAM(fixture.client).lastUse(ofAccessKey: id, signedBy: Fixture.longTermKey())
    #expect(lastUse == service.map { AccessKeyUse(date: Fixture.now, service: $0, region: "eu-west-1") })
  }
}

// MARK: - User tests

struct UserTests {
  @Test func `a user's name and ARN are read`() throws {
    let fixture = Fixture([
      .answer(
        200,
        """
        <GetUserResponse><GetUserResult><User><UserName>alice</UserName><Path>/team/</Path><UserId>AIDA</UserId>\
        <Arn>arn:aws:iam::123456789012:user/team/alice</Arn><CreateDate>2026-11-21T08:00:00Z</CreateDate></User>\
        </GetUserResult></GetUserResponse>
        """)
    ])
    let user = try IAM(fixture.client).user(signedBy: Fixture.longTermKey())
    #expect(user.name?.text == "alice")
    #expect(user.arn == "arn:aws:iam::123456789012:user/team/alice")
    let request = fixture.transport.requests[0]
    #expect(request.url.text == "https://iam.amazonaws.com/")
    #expect(request.body == "Action=GetUser&Version=2010-05-08")
    #expect(request.headers["authorization"]?.contains("/us-east-1/iam/") == true)
  }

  @Test func `the root user has no name`() throws {
    let answer = """
      <GetUserResponse><GetUserResult><User><UserId>1</UserId><Arn>arn:aws:iam::123456789012:root</Arn></User>\
      </GetUserResult></GetUserResponse>
      """
    let user = try IAM(Fixture([.answer(200, answer)]).client).user(signedBy: Fixture.longTermKey())
    #expect(user.name == nil)
  }
}

// MARK: - Policy document tests

struct PolicyDocumentTests {
  @Test func `policies are the JSON that IAM takes`() throws {
    let role: RoleARN = try IAMCall.made("arn:aws:iam::123456789012:role/x/r")
    let documents: [(PolicyDocument, String)] = [
      (.listingBuckets, #"{"Effect":"Allow","Resource":"*","Action":"s3:ListAllMyBuckets"}"#),
      (
        .listingBucketsWithMFA,
        #"{"Effect":"Allow","Resource":"*","Action":"s3:ListAllMyBuckets","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#
      ),
      (
        .assuming(role),
        #"{"Effect":"Allow","Resource":"arn:aws:iam::123456789012:role/x/r","Action":"sts:AssumeRole"}"#
      ),
    ]
    for (document, statement) in documents {
      #expect(document.json == #"{"Version":"2012-10-17","Statement":[\#(statement)]}"#)
    }
  }

  @Test func `text from elsewhere cannot add to a policy`() throws {
    let name = #"arn:aws:iam::123456789012:role/"],\"#
    let json = PolicyDocument.assuming(try IAMCall.made(name)).json
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let statements = try #require(object?["Statement"] as? [[String: Any]])
    #expect(statements.map { $0["Resource"] as? String } == [name])
  }
}

// MARK: - IAM polling tests

struct PollingPolicyTests {
  private enum Trouble: Error { case passing, lasting }

  private final class Clock {
    var pauses: [Duration] = []
  }

  private let clock = Clock()
  private var polling: PollingPolicy { .whileBusy { [clock] in clock.pauses.append($0) } }

  @Test(arguments: 0...5)
  func `what fails for a while is made again after longer and longer pauses`(failures: Int) {
    var attempts = 0
    let isDone: Bool
    do {
      try polling.retry {
        attempts += 1
        if attempts <= failures { throw Trouble.passing }
      } while: {
        $0 as? Trouble == .passing
      }
      isDone = true
    } catch {
      isDone = false
    }
    #expect(isDone == (failures < 5))
    #expect(attempts == min(failures + 1, 5))
    #expect(clock.pauses == [1, 2, 4, 8].prefix(failures).map { Duration.seconds($0) })
  }

  @Test func `what fails for good is made once`() {
    #expect(throws: Trouble.lasting) {
      try polling.retry({ throw Trouble.lasting }, while: { $0 as? Trouble == .passing })
    }
    #expect(clock.pauses.isEmpty)
  }

  @Test func `who waits is told for how long, a fact only once`() throws {
    var told: [Duration] = []
    #expect(throws: Trouble.passing) {
      try polling.retry(
        { throw Trouble.passing }, while: { $0 as? Trouble == .passing }, waiting: { told.append($0) })
    }
    #expect(told == [0, 1, 3, 7].map { Duration.seconds($0) })
    var (looks, times) = (0, 0)
    let isSeen = try polling.wait {
      looks += 1
      return looks == 3
    } waiting: {
      times += 1
    }
    #expect(isSeen && times == 1)
  }

  @Test func `the limit is that of all pauses`() throws {
    let polling = PollingPolicy(limit: 60) { [clock] in clock.pauses.append($0) }
    #expect(polling.limit == 60 && polling.brief.limit == 2)
    #expect(try !polling.wait { false })
    #expect(clock.pauses.count == 30)
  }
}
