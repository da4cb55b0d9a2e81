import AWSServices
import Foundation
import Glibc
import Secrets
import TestSupport
import Testing

@testable import Profiles
@testable import Sessions

/// What the AWS CLI keeps in files, which is read as it is, and left as it is.
struct SharedTokenCacheTests {
  private static let start = "https://d-abc123.awsapps.com/start"
  private let home = ScratchFolder()

  private func token(
    _ session: String? = "my-sso", _ startURL: String = start, sharing: CacheSharing = .read
  ) -> String? {
    let session = IdentityCenterSession(
      name: session, startURL: startURL, region: "us-west-2", sharing: sharing, origin: .option("test"))
    let cache = SharedTokenCache(home: home.path) { TestClock.start }
    return cache.token(of: session).withValue { $0.token.revealed() } ?? nil
  }

  private func write(_ text: String, named name: String = "0ad374308c5a4e22f723adf10145eafad7c4031c") {
    for folder in [".aws", ".aws/sso", ".aws/sso/cache"] { home.makeFolder(folder) }
    home.write(text, to: ".aws/sso/cache/\(name).json")
  }

  private static func file(
    _ startURL: String = start, token: String = #""aoa""#, region: String = "us-west-2",
    expires: String = "2026-11-21T08:00:01Z"
  ) -> String {
    #"{"startUrl":"\#(startURL)","region":"\#(region)","accessToken":\#(token),"expiresAt":"\#(expires)","x":[1]}"#
  }

  @Test(arguments: [
    ("my-sso", start, "0ad374308c5a4e22f723adf10145eafad7c4031c"),
    ("default", start, "7505d64a54e061b7acd54ccd58b49dc43500b635"),
    (nil, start, "40a89917e3175433e361b710a9d43528d7f1890a"),
    (nil, start + "/", "efc31dacc9f40d3b937b7214601a881f4c2500c4"),
    (nil, start + "#", "514b6602afe551ea679d893c138d387db88192f3"),
  ])
  func `a token is in the file that the AWS CLI names by session or start URL`(
    session: String?, startURL: String, name: String
  ) {
    write(Self.file(startURL), named: name)
    #expect(token(session, startURL) == "aoa")
  }

  @Test(arguments: ["2026-11-21T08:00:01Z", "2026-11-21T10:00:00.5+02:00", "2026-11-21T08:00:01UTC"])
  func `the AWS CLI and the SDKs write the time each in their own way`(expires: String) {
    write(Self.file(expires: expires))
    #expect(token() == "aoa")
  }

  @Test(arguments: [
    file(expires: "2026-11-21T08:00:00Z"), file(expires: "soon"), file(region: "us-east-1"), file(start + "/"),
    file(token: "null"), file(token: #""""#), file(token: #""a b""#), file(token: "1"), "", "[]", file() + file(),
    file(token: "\"" + String(repeating: "a", count: 70_000) + "\""),
  ])
  func `a token that has expired, is of another place or is none is as good as absent`(text: String) {
    write(text)
    #expect(token() == nil)
  }

  @Test func `what is not shared is not read, nor what is no file`() {
    write(Self.file())
    #expect(token(sharing: .off) == nil)
    #expect(token("other") == nil)
    home.makeFolder(".aws/sso/cache/7505d64a54e061b7acd54ccd58b49dc43500b635.json")
    #expect(token("default") == nil)
  }

  /// A pipe in the place of a file would hold us up, and another user's file would have us work as they.
  @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
  func `neither a pipe nor another user's file is read`() throws {
    write(Self.file())
    let path = home.path(".aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json")
    try #require(chown(path, 65_534, 65_534) == 0)
    #expect(token() == nil)
    try #require(unlink(path) == 0 && mkfifo(path, 0o600) == 0)
    #expect(token() == nil)
  }
}

struct SharedLoginCacheTests {
  private static let alice = "arn:aws:iam::123456789012:user/alice"
  private let home = ScratchFolder()

  private func credentials(
    of identity: String = alice, sharing: CacheSharing = .read, environment: [String: String] = [:]
  ) throws -> [String?]? {
    let identity = try #require(LoginIdentity(identity))
    let session = CredentialPlan.LoginSession(identity: identity, sharing: sharing, origin: .option("test"))
    let environment = environment.merging(["HOME": home.path]) { first, _ in first }
    let found = SharedLoginCache(environment: environment) { TestClock.start }.credentials(of: session)
    return found.withValue { [$0.accessKeyID, $0.account, $0.expiration?.ISO8601Format()] }
  }

  private func write(
    _ text: String, named name: String = "b7d71d383b9557a9bad4c3346c50365819226484c6824a0fdef66637be339db0",
    in folder: String = ".aws/login/cache"
  ) {
    for folder in [".aws", ".aws/login", folder] { home.makeFolder(folder) }
    home.write(text, to: "\(folder)/\(name).json")
  }

  private static func file(
    key: String = "ASIAOFTHECLIEXAMPLE0", secret: String = "made/up", account: String = #""210987654321""#,
    expires: String = "2026-11-21T08:01:01Z"
  ) -> String {
    """
    {"accessToken":{"accessKeyId":"\(key)","secretAccessKey":"\(secret)","sessionToken":"t",\
    "accountId":\(account),"expiresAt":"\(expires)"},"identityToken":"a.b.c","refreshToken":"the-clis-own"}
    """
  }

  @Test(arguments: [
    (
      "arn:aws:sts::012345678910:assumed-role/Admin/admin",
      "4b0ba8f99f075c0633e122fd73346ce203a3faf18ea0310eb2d29df1bab2e255"
    ),
    ("arn:aws:iam::012345678910:root", "faafbf012e487c88239dbc55ba81aa49f04506169b097f02b4cbeafefb5c0507"),
    (alice, "b7d71d383b9557a9bad4c3346c50365819226484c6824a0fdef66637be339db0"),
  ])
  func `credentials are in the file that the AWS CLI names by the identity`(identity: String, name: String) throws {
    write(Self.file(), named: name)
    #expect(try credentials(of: identity) == ["ASIAOFTHECLIEXAMPLE0", "210987654321", "2026-11-21T08:01:01Z"])
  }

  @Test(arguments: ["2026-11-21T10:01:01.123456789+02:00", "2026-11-21T08:01:01.000Z"])
  func `the SDK for Go writes nanoseconds and its own zone, that for JavaScript milliseconds`(expires: String) throws {
    write(Self.file(expires: expires))
    #expect(try credentials()?.last == "2026-11-21T08:01:01Z")
  }

  @Test func `an account that is none is that of the identity`() throws {
    for account in ["null", "\"12\""] {
      write(Self.file(account: account))
      #expect(try credentials()?[1] == "123456789012")
    }
  }

  @Test(arguments: [
    file(expires: "2026-11-21T08:01:00Z"), file(expires: ""), file(key: "x"), file(secret: ""), file(secret: "a b"),
    "{}", #"{"accessToken":{}}"#, "", file() + "x", file(secret: String(repeating: "a", count: 70_000)),
  ])
  func `what has less than a minute left, or lacks something, is as good as absent`(text: String) throws {
    write(text)
    #expect(try credentials() == nil)
  }

  @Test func `a variable names another folder, and sharing can be switched off`() throws {
    write(Self.file(), in: "cache")
    #expect(try credentials() == nil)
    for folder in [home.path("cache"), "~/cache"] {
      #expect(try credentials(environment: ["AWS_LOGIN_CACHE_DIRECTORY": folder]) != nil)
    }
    write(Self.file())
    #expect(try credentials(environment: ["AWS_LOGIN_CACHE_DIRECTORY": ""]) != nil)
    #expect(try credentials(sharing: .off) == nil)
  }
}
