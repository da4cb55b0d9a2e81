package import AWSValues
package import Secrets

/// Six digits from an MFA device. AWS takes them once, so a call consumes them.
package struct MFACode: ~Copyable, Sendable {
  package let device: MFADevice
  let digits: SecretBytes

  package static let length = 6

  /// Nil where `digits` are not exactly six ASCII digits.
  package init?(_ digits: consuming SecretBytes, of device: MFADevice) {
    let isCode = digits.withBytes { bytes in
      bytes.count == MFACode.length && bytes.indices.allSatisfy { bytes[$0].isDigit }
    }
    guard isCode else { return nil }
    self.device = device
    self.digits = digits
  }
}
