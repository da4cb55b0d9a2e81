import AWSDouble
import Crypto
import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

/// A double with the demo account and a fixed clock, and calls to it.
final class Fixture: Sendable {
  static let noon = Date(timeIntervalSince1970: 1_893_499_200)
  static let device = "arn:aws:iam::123456789012:mfa/alice"
  static let roles = "arn:aws:iam::123456789012:role/"
  let aws: AWSDouble

  init(_ change: (inout Account) -> Void = { _ in }) throws {
    var account = Account.demo
    change(&account)
    aws = try AWSDouble.start(account)
    aws.clock = .fixed(Self.noon)
  }

  deinit {
    do {
      try aws.stop()
    } catch {
      Issue.record(error)
    }
  }

  var port: UInt16 { UInt16(aws.url.split(separator: ":").last ?? "") ?? 0 }

  var code: String { aws.code(for: Self.device) ?? "none" }

  func send(_ call: SignedCall, _ change: (inout WireRequest) -> Void = { _ in }) -> Answer? {
    var request = call.request(host: "127.0.0.1:\(port)")
    change(&request)
    return LoopbackClient.send(request, toPort: port)
  }

  func sts(_ action: String, _ parameters: [String: String] = [:], as key: TestKey = .alice) -> Answer? {
    var call = SignedCall(action, parameters, at: Self.noon)
    call.key = key
    return send(call)
  }

  func iam(_ action: String, _ parameters: [String: String] = [:], as key: TestKey = .alice) -> Answer? {
    var call = SignedCall(action, parameters, iam: true, at: Self.noon)
    call.key = key
    return send(call)
  }

  func listBuckets(_ query: String = "", as key: TestKey) -> Answer? {
    var call = SignedCall(listBuckets: query, at: Self.noon)
    call.key = key
    return send(call)
  }

  /// A session of alice's with MFA.
  func mfaSession() throws -> TestKey {
    let answer = sts("GetSessionToken", ["SerialNumber": Self.device, "TokenCode": code])
    return try #require(answer?.key)
  }

  func control(_ method: String, _ path: String, _ body: String = "") -> Answer? {
    let target = "/_double/" + path
    let request = WireRequest(method: method, target: target, headers: [("Host", "127.0.0.1")], body: Array(body.utf8))
    return LoopbackClient.send(request, toPort: port)
  }
}

// MARK: - IAM

extension Fixture {
  /// The answer of a call that admin makes.
  func admin(_ action: String, _ parameters: [String: String] = [:]) -> Answer? { iam(action, parameters, as: .admin) }

  /// The code of what came instead of success; nil if the call was carried out.
  func refusal(_ action: String, _ parameters: [String: String] = [:], as key: TestKey = .admin) -> String? {
    guard let answer = iam(action, parameters, as: key) else { return "no answer" }
    return answer.status == 200 ? nil : answer["Code"]
  }

  /// A new key of the user.
  func key(of user: String) throws -> TestKey {
    try #require(admin("CreateAccessKey", ["UserName": user])?.key)
  }

  /// A new virtual device, and what makes its codes.
  func device(_ name: String) throws -> TestDevice {
    let answer = try #require(admin("CreateVirtualMFADevice", ["VirtualMFADeviceName": name]))
    let wire = try #require(Data(base64Encoded: answer["Base32StringSeed"] ?? ""))
    #expect(wire.count == 64)
    let seed = try #require(Base32.decode(String(decoding: wire, as: UTF8.self)))
    return TestDevice(serial: try #require(answer["SerialNumber"]), totp: TOTP(seed: seed))
  }

  static let listBuckets = policy(#""Action": "s3:ListAllMyBuckets", "Resource": "*""#)
  static let withMFA = #""Condition": {"Bool": {"aws:MultiFactorAuthPresent": true}}"#

  static func policy(_ members: String, effect: String = "Allow") -> String {
    #"{"Version": "2012-10-17", "Statement": {"Effect": "\#(effect)", \#(members)}}"#
  }
}

/// A virtual MFA device, seen from its owner.
struct TestDevice {
  let serial: String
  let totp: TOTP

  /// The code of a step, told from that of noon.
  func code(_ step: Int) -> String { totp.code(step: TOTP.step(at: Fixture.noon) + step) }

  /// What EnableMFADevice and ResyncMFADevice take, with the codes of a step and the next one.
  func codes(from step: Int, of user: String) -> [String: String] {
    [
      "UserName": user, "SerialNumber": serial, "AuthenticationCode1": code(step),
      "AuthenticationCode2": code(step + 1),
    ]
  }
}

/// Credentials a test signs with.
struct TestKey: Equatable, Sendable {
  var id: String
  var secret: String
  var token: String?

  static let alice = TestKey(id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
  static let admin = TestKey(id: "AKIAADMINMADEUPEXAMP", secret: "adminK7MDENG/bPxRfiCYmadeup+EXAMPLEKEY00")
  static let bob = TestKey(id: "AKIAI44QH8DHBEXAMPLE", secret: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")
}

// MARK: - Answer

/// What came back over the socket, up to its end.
struct Answer: Sendable {
  let status: Int
  let headers: [String: String]
  let body: String

  /// nil when the connection closed before a whole head came.
  init?(_ text: String) {
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    let pairs = lines.dropFirst().map { line in
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      return (line[..<colon].lowercased(), line[colon...].dropFirst().trimmingCharacters(in: .whitespaces))
    }
    headers = Dictionary(pairs) { first, _ in first }
    body = String(text[end.upperBound...])
  }

  /// The text of the first element of that name.
  subscript(_ element: String) -> String? { all(element).first }

  func all(_ element: String) -> [String] {
    body.components(separatedBy: "<\(element)>").dropFirst().map { $0.components(separatedBy: "</\(element)>")[0] }
  }

  var key: TestKey? {
    guard let id = self["AccessKeyId"], let secret = self["SecretAccessKey"] else { return nil }
    return TestKey(id: id, secret: secret, token: self["SessionToken"])
  }
}

// MARK: - Signed call

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

// MARK: - Text

extension WireRequest {
  /// Reads a request as it is printed, with folded headers.
  init(_ text: String) throws {
    let end = try #require(text.firstRange(of: "\n\n"))
    var lines = text[..<end.lowerBound].split(separator: "\n").map(String.init)
    let first = lines.removeFirst()
    var headers: [(name: String, value: String)] = []
    for line in lines {
      if line.hasPrefix(" "), let last = headers.popLast() {
        headers.append((last.name, last.value + "\n" + line))
        continue
      }
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      headers.append((String(parts[0]), String(try #require(parts.last).drop { $0 == " " })))
    }
    let target = first.dropLast(" HTTP/1.1".count).drop { $0 != " " }.dropFirst()
    self.init(
      method: String(first.prefix { $0 != " " }), target: String(target), headers: headers,
      body: Array(text[end.upperBound...].utf8))
  }
}

// MARK: - Loopback client

/// One request over one connection, byte for byte as given.
enum LoopbackClient {
  /// nil when the double closed the connection without an answer.
  static func send(_ request: WireRequest, toPort port: UInt16) -> Answer? {
    let client = RawClient(port: Int(port))
    client.write(bytes(of: request))
    return Answer(client.text())
  }

  private static func bytes(of request: WireRequest) -> [UInt8] {
    let headers = request.headers + [("Content-Length", String(request.body.count)), ("Connection", "close")]
    let head = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
    return Array("\(request.method) \(request.target) HTTP/1.1\r\n\(head)\r\n".utf8) + request.body
  }
}

// MARK: - Pending call

/// A call on its way, made from a thread of its own.
final class PendingCall: Sendable {
  private let came = Mutex<Answer?>(nil)
  private let group = DispatchGroup()

  /// Returns once the double has the call.
  init(to fixture: Fixture) {
    DispatchQueue.global().async(group: group) { [self] in
      let answer = fixture.sts("GetCallerIdentity")
      came.withLock { $0 = answer }
    }
    #expect(fixture.aws.wait(for: 1, of: .getCallerIdentity))
  }

  /// Waits for its end; nil when the connection closed without an answer.
  var answer: Answer? {
    group.wait()
    return came.withLock { $0 }
  }
}
