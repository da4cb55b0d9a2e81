import AWSDouble
import Crypto
import Foundation

/// A call to sign, with a signer of its own: only for the path `/`, and with no line in common with the double's verifier.
struct SignedCall: Sendable {
  var key = TestKey.alice
  var service = "sts"
  var region = "us-east-1"
  var time: Date
  var scopeDate: String?
  var method = "POST"
  /// Sorted and encoded already.
  var query = ""
  var body = ""
  var headers: [String: String] = [:]
  var unsigned: Set<String> = []

  /// A call of the Query API.
  init(_ action: String, _ parameters: [String: String] = [:], iam: Bool = false, at time: Date) {
    self.time = time
    service = iam ? "iam" : "sts"
    let all = parameters.merging(["Action": action, "Version": iam ? "2010-05-08" : "2011-06-15"]) { first, _ in first }
    let kept = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
    body = all.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: kept) ?? "")" }.joined(separator: "&")
    headers["content-type"] = "application/x-www-form-urlencoded; charset=utf-8"
  }

  /// ListBuckets.
  init(listBuckets query: String, at time: Date) {
    self.time = time
    (service, method, self.query) = ("s3", "GET", query)
    headers["x-amz-content-sha256"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  }

  func request(host: String) -> WireRequest {
    var headers = headers
    headers["host"] = host
    headers["x-amz-date"] = stamp
    headers["x-amz-security-token"] = key.token
    let names = headers.keys.filter { !unsigned.contains($0) }.sorted()
    let scope = "\(scopeDate ?? String(stamp.prefix(8)))/\(region)/\(service)/aws4_request"
    let canonical =
      "\(method)\n/\n\(query)\n" + names.map { "\($0):\(headers[$0] ?? "")\n" }.joined()
      + "\n\(names.joined(separator: ";"))\n\(digest(body))"
    let signature = sign("AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n\(digest(canonical))", scope)
    headers["authorization"] =
      "AWS4-HMAC-SHA256 Credential=\(key.id)/\(scope), SignedHeaders=\(names.joined(separator: ";")), Signature=\(signature)"
    let target = query.isEmpty ? "/" : "/?" + query
    return WireRequest(
      method: method, target: target, headers: headers.map { ($0.key, $0.value) }, body: Array(body.utf8))
  }

  private var stamp: String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "UTC")
    format.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
    return format.string(from: time)
  }

  private func digest(_ text: String) -> String { hex(Data(SHA256.hash(data: Data(text.utf8)))) }

  private func sign(_ text: String, _ scope: String) -> String {
    var key = Data("AWS4\(self.key.secret)".utf8)
    for part in scope.components(separatedBy: "/") + [text] {
      key = Data(HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: SymmetricKey(data: key)))
    }
    return hex(key)
  }

  private func hex(_ data: Data) -> String { data.map { String(format: "%02x", $0) }.joined() }
}
