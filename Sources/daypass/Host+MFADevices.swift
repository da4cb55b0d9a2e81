import AWSServices
import AWSValues
import Profiles
import Sessions

extension Host {
  /// Lends the MFA devices of the user whose key signs.
  func withMFADevices<Result>(
    by plan: CredentialPlan, _ options: SessionOptions, _ body: (borrowing UserMFADevices) throws -> Result
  ) throws -> Result {
    let access = try access(by: plan, options)
    return try access.withCredentials(margin: .command) { credentials in
      let devices = try UserMFADevices(by: access, signedBy: credentials, .whileBusy(pause: Self.pause))
      return try body(devices)
    }
  }

  /// The device that the files name for the profile with the key.
  func mfaSerial(of plan: CredentialPlan) throws -> MFADevice? {
    try profiles().profile(named: plan.keyProfile)?[.mfaSerial].flatMap { MFADevice($0.value) }
  }
}
