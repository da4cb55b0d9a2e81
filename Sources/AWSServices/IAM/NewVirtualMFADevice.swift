package import AWSValues
package import OneTimeCodes

/// A virtual MFA device that was just created, with the seed that AWS tells once.
package struct NewVirtualMFADevice: ~Copyable, Sendable {
  package let device: MFADevice
  package let seed: MFASeed

  init(device: MFADevice, seed: consuming MFASeed) {
    self.device = device
    self.seed = seed
  }

  package consuming func takeSeed() -> MFASeed { seed }
}
