import AWSServices
import AWSValues

extension Enrolment {
  /// Offers the devices that the user has already, such as one whose enrolment ended before the profile was written;
  /// true where one of them was taken.
  func offerExisting(_ devices: borrowing UserMFADevices) throws -> Bool {
    guard try host.profiles().profile(named: profile)?[.mfaSerial] == nil else { return false }
    let existing = try devices.all().map(\.device).filter(\.givesCodes)
    guard let device = try host.choose(among: existing, for: profile) else { return false }
    try writeProfile(device)
    return true
  }
}
