internal import Foundation

// What aws-vault and granted keep, written as 99designs/keyring writes it.

/// An item: `{profile: NAME}`, and JSON that has a key's JSON in it.
package struct VaultEntry {
  package var attributes: [String: String]
  package var secret: String

  package init(_ name: String, secret: String) {
    attributes = ["profile": name]
    self.secret = secret
  }

  package init(_ name: String, id: String, secret: String, token: String = "") {
    self.init(name, secret: Self.json(name, data: Self.data(id, secret, token)))
  }

  /// As Go's encoding/json writes aws.Credentials and keyring.Item.
  package static func json(_ name: String, data: String) -> String {
    "{\"Key\":\"\(name)\",\"Data\":\"\(Data(data.utf8).base64EncodedString())\",\"Label\":\"aws-vault (\(name))\","
      + "\"Description\":\"\",\"KeychainNotTrustApplication\":true,\"KeychainNotSynchronizable\":false}"
  }

  package static func data(_ id: String, _ secret: String, _ token: String = "") -> String {
    "{\"AccessKeyID\":\"\(id)\",\"SecretAccessKey\":\"\(secret)\",\"SessionToken\":\"\(token)\",\"Source\":\"\","
      + "\"CanExpire\":false,\"Expires\":\"0001-01-01T00:00:00Z\",\"AccountID\":\"\"}"
  }

  /// An item called `work` with the access key of AWS's documentation, encrypted with `correct horse` as aws-vault's files
  /// are. It was made by other code than ours, and latchset's jose reads it.
  package static let file =
    "eyJhbGciOiJQQkVTMi1IUzI1NitBMTI4S1ciLCJjcmVhdGVkIjoiMjAyNi0wMS0wMiAwMzowNDowNS4wMDAwMDAwMDYgKzAwMDAgVVRDIG09KzAu"
    + "MDAwMDAwMDAxIiwiZW5jIjoiQTI1NkdDTSIsInAyYyI6ODE5MiwicDJzIjoiQUFFQ0F3UUZCZ2NJQ1FvTCJ9."
    + "vxmEwb5p9oqndL9BnFhzqI8OWQzGiamJ-hQAnhX8qxEcZoaoPckdtQ" + body
  package static let passphrase = "correct horse"

  /// The same with an empty passphrase, which is granted's.
  package static let fileWithoutPassphrase =
    file.split(separator: ".")[0] + ".fa6H__myw7uVy5sKvdOgJ-JzC_SwT_IUpQW4LRbYwmqkijsBvBxkpw" + body

  private static let body =
    ".YGFiY2RlZmdoaWpr.1wpCYH62qoR-7gtdJ6p-T25YjzMtHPR3RDiSiuWuZMhuo7dGF4GNyuHP6UNdYlN_uGw5fTsB-YQ3WU0BmMeb9QLv-gs3CR"
    + "auNWDIS-1zLHbLYgeyJljC4RQrD2adfTc-SK0K1Zs7EtRV1dJB9SWF0aRN90oa8hlcziKPm0Y7bpsmREEYqdoPOEJrRM57gXbusm2fw3Owi9aa5"
    + "0mpVCCQ8rdA9Z5ky-gx9SZlsDPwXyRyvL1n9UpIrKIOWmH9g_zNn2n4OaTPBnlf8PjiG18DOu7hlL34YiotWmenxvDCXBWDAjnbEqsBPi70N_vj"
    + "QJDl6ev39l6BVA6U6eMZ0veprtnNrC1AazDT2g-kPkcefBLYJG7j9O6nypjGnZelU1B53YNPVRuKgkkW6KkiCtFh6mi5oLofVrqf7IOlzhjyh7"
    + "MIfS5iTo_H7RxbnQTQrv3OeGkz8MR4EYwwRwCAy7UE-D_eOa8zNZ2nuxWibcWHb41UJP40hJlnn_1fK7mKtN5248-r_bgxm9fsMbmiXQ."
    + "yWrbLD9eTiFLgOe8Cy0P6w"
}

extension PrivateKeyring {
  /// Has another program keep items in a collection of its own, which is open then. Its password is the keyring's.
  package func keep(_ entries: [VaultEntry], in collection: String) throws {
    let items = entries.map { ["attributes": $0.attributes, "secret": $0.secret] as [String: Any] }
    let input = String(decoding: try JSONSerialization.data(withJSONObject: items), as: UTF8.self)
    let process = PythonTool.collection.start([collection, Self.password], environment: environment, input: input)
    guard process.wait() == 0 else { throw SetupFailure(process.errors) }
  }

  package func lock(collection: String) throws {
    let path = "/org/freedesktop/secrets/collection/" + collection.replacingOccurrences(of: "-", with: "_2d")
    let answer = callService("Lock", "['\(path)']")
    guard answer.status == 0 else { throw SetupFailure(answer.errors) }
  }
}
