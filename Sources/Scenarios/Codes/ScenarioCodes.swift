package import AWSServices
package import AWSValues
package import OneTimeCodes

/// Where a run has the codes of its device from; it gives none twice.
///
/// `refusal` is what AWS said to the codes before, where these are to be better.
package protocol ScenarioCodes: AnyObject {
  /// Two codes in a row, by which the device becomes the user's.
  func pair(of device: MFADevice, _ seed: borrowing MFASeed, after refusal: ServiceError?) throws -> ConsecutiveCodes
  /// The next code.
  func code(of device: MFADevice, _ seed: borrowing MFASeed, after refusal: ServiceError?) throws -> MFACode
}
