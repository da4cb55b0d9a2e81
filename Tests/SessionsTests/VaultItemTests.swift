import Secrets
import TestSupport
import Testing

@testable import Sessions

struct VaultItemTests {
  private static let id = "AKIAIOSFODNN7EXAMPLE"
  private static let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

  @Test(arguments: [
    ("work", VaultItem.Kind.key), ("my work (old)", .key), ("a,b", .key), ("work session (x)", .key), ("session", .key),
    ("a,b,c,", .key), (",b,c,1", .key), ("session (1)", .key),
    ("sts.GetSessionToken,d29yaw,YXJuOmF3czppYW0,1795248000", .session), ("sso.GetRoleCredentials,d29yaw,,1", .session),
    ("session,d29yaw,YXJu,1795248000", .session), ("session:work:arn:1795248000", .session),
    ("work session (1795248000)", .session), ("oidc:https://d-abc123.awsapps.com/start", .signIn),
  ])
  func `a name tells keys from sessions and sign-ins`(name: String, kind: VaultItem.Kind) {
    #expect(VaultItem.kind(of: name) == kind)
  }

  private func key(_ name: String = "work", in json: String) throws -> [String] {
    let key = try VaultItem.key(named: name, in: SecretBytes(copying: json))
    return [key.accessKeyID, key.secretAccessKey.revealed() ?? ""]
  }

  @Test func `a key is read as aws-vault stored it`() throws {
    let json = VaultEntry("work", id: Self.id, secret: Self.secret).secret
    #expect(try key(in: json) == [Self.id, Self.secret])
    // Go takes the names of members in any case; version 4 wrote ProviderName for Source.
    let old = "{\"accesskeyid\":\"\(Self.id)\",\"SECRETACCESSKEY\":\"\(Self.secret)\",\"ProviderName\":\"\"}"
    #expect(try key(in: VaultEntry.json("work", data: old)) == [Self.id, Self.secret])
  }

  @Test func `credentials with a session token are temporary`() {
    let json = VaultEntry("work", id: "ASIAIOSFODNN7EXAMPLE", secret: Self.secret, token: "t").secret
    #expect(throws: VaultItemError.temporary) { try key(in: json) }
  }

  /// Shapes that another program's item, or a damaged one, may have.
  @Test(arguments: [
    "", "{", "[]", "null", "\"work\"", "{}", "{\"Key\":\"work\"}", "{\"Key\":\"work\",\"Data\":null}",
    "{\"Key\":\"work\",\"Data\":{}}", "{\"Key\":\"work\",\"Data\":\"*\"}", "{\"Key\":\"work\",\"Data\":\"\"}",
    VaultEntry.json("other", data: VaultEntry.data(id, secret)), VaultEntry.json("work", data: "[]"),
    VaultEntry.json("work", data: "{}"), VaultEntry.json("work", data: VaultEntry.data("", secret)),
    VaultEntry.json("work", data: VaultEntry.data(id, "")), VaultEntry.json("work", data: "{\"AccessKeyID\":1}"),
    VaultEntry.json("work", data: "{\"AccessKeyID\":\"a\",\"accessKeyId\":\"b\",\"SecretAccessKey\":\"c\"}"),
    VaultEntry.json("work", data: VaultEntry.data(id, secret)) + "x",
  ])
  func `what aws-vault would not have written is damaged`(json: String) {
    #expect(throws: VaultItemError.damaged) { try key(in: json) }
  }

  /// Whatever is broken about an item, its error says nothing of what it holds.
  @Test func `an item that is cut off or changed anywhere is refused or read, and never shown`() {
    let json = Array(VaultEntry("work", id: Self.id, secret: Self.secret).secret.utf8)
    for index in json.indices {
      for damaged in [Array(json[..<index]), json[..<index] + [json[index] ^ 0x11] + json[(index + 1)...]] {
        do {
          _ = try VaultItem.key(named: "work", in: SecretBytes(copying: damaged.span))
        } catch {
          #expect(error as? VaultItemError == .damaged)
        }
      }
    }
  }
}
