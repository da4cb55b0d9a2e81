package import AWSValues

/// The codes that a device showed one after the other, by which AWS learns how its clock runs.
package struct ConsecutiveCodes: ~Copyable, Sendable {
  let first: MFACode
  let second: MFACode

  /// Nil where the codes are the same, or of two devices. Which steps they are of only AWS can tell.
  package init?(_ first: consuming MFACode, _ second: consuming MFACode) {
    guard first.device == second.device, !first.digits.equals(second.digits) else { return nil }
    self.first = first
    self.second = second
  }

  package var device: MFADevice { first.device }
}
