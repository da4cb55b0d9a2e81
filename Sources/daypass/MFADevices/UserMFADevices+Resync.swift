import AWSServices
import AWSValues
import Console
import Secrets

extension UserMFADevices {
  /// Asks for two codes of `device` until AWS takes them.
  func resync(_ device: MFADevice, askingOn terminal: borrowing Terminal, for host: Host) throws {
    guard device.givesCodes else { throw MFADeviceError.showsNoCodes(device) }
    host.diagnostics.note("enter two codes in a row of \(device.text)")
    let prompt = CodePrompt(of: device, on: host)
    try prompt.untilTaken(on: terminal, below: SecretBytes()) { codes throws(AWSError) in
      try resync(with: codes)
    } orDone: { () throws(AWSError) in
      false
    } unless: {
      $0.means(.iam(.noSuchEntity))
    }
    host.diagnostics.note("AWS knows the clock of \(device.text) again")
  }
}
