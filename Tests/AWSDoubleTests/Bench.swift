import AWSDouble
import Foundation
import Testing

/// A double with the demo account and a fixed clock, and calls to it.
final class Bench: Sendable {
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
