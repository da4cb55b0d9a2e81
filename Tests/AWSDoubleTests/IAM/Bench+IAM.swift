import AWSDouble
import Foundation
import Testing

extension Bench {
  /// The answer of a call that admin makes.
  func admin(_ action: String, _ parameters: [String: String] = [:]) -> Answer? { iam(action, parameters, as: .admin) }

  /// The code of what came instead of success; nil where the call was carried out.
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
  func code(_ step: Int) -> String { totp.code(step: TOTP.step(at: Bench.noon) + step) }

  /// What EnableMFADevice and ResyncMFADevice take, with the codes of a step and the next one.
  func codes(from step: Int, of user: String) -> [String: String] {
    [
      "UserName": user, "SerialNumber": serial, "AuthenticationCode1": code(step),
      "AuthenticationCode2": code(step + 1),
    ]
  }
}
