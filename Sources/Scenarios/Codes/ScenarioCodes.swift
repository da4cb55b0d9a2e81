package import AWSServices
package import AWSValues
package import OneTimeCodes

/// Where a run has the codes of its device from; it gives none twice.
package protocol ScenarioCodes: AnyObject {
  /// Two codes in a row, by which the device becomes the user's. `attempt` counts from 1.
  func pair(of device: MFADevice, _ seed: borrowing MFASeed, attempt: Int) throws -> ConsecutiveCodes
  /// The next code. `attempt` counts from 1.
  func code(of device: MFADevice, _ seed: borrowing MFASeed, attempt: Int) throws -> MFACode
}
