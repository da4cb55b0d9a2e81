import AWSServices
import AWSValues
import Secrets

/// The calls of IAM whose answers have something in them.
struct IAMAnswers {
  private let iam: IAM

  init(_ iam: IAM) {
    self.iam = iam
  }

  func read(_ call: UInt8, signedBy key: borrowing Credentials) throws {
    guard let user = UserName("eve"), let role = RoleName("eve"), let id = AccessKeyID("AKIAIOSFODNN7EXAMPLE") else {
      throw Violation("no names")
    }
    switch call {
    case 3: _ = try iam.user(signedBy: key)
    case 4: _ = try iam.mfaDevices(signedBy: key)
    case 6: try checkKey(signedBy: key)
    case 7: try checkDevice(signedBy: key)
    case 8: _ = try iam.accessKeys(signedBy: key)
    case 9: _ = try iam.lastUse(ofAccessKey: id, signedBy: key)
    case 10: _ = try iam.virtualMFADevices(signedBy: key)
    case 11: _ = try iam.users(signedBy: key)
    case 12: _ = try iam.roles(signedBy: key)
    case 13: _ = try iam.tags(ofUser: user, signedBy: key)
    case 14: _ = try iam.policies(ofUser: user, signedBy: key)
    case _: _ = try iam.role(named: role, signedBy: key)
    }
  }

  private func checkKey(signedBy key: borrowing Credentials) throws {
    let new = try iam.createAccessKey(signedBy: key)
    let secret = new.credentials.secretAccessKey.bytes
    try demand(new.id.text == new.credentials.accessKeyID && !secret.isEmpty, "\(new.id) is no key")
    try demand(secret.allSatisfy { (0x21...0x7e).contains($0) }, "the secret is not of visible characters")
  }

  private func checkDevice(signedBy key: borrowing Credentials) throws {
    guard let name = MFADeviceName("eve") else { throw Violation("no name") }
    let new = try iam.createVirtualMFADevice(named: name, signedBy: key)
    let letters = new.seed.base32.bytes.filter { $0 != UInt8(ascii: "=") }
    try demand(letters.count >= 2 && letters.allSatisfy(\.isWordCharacter), "the seed is not base32")
  }
}
