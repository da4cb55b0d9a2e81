import AWSServices
import AWSValues
import Console

/// Why the MFA devices of a user stay as they are.
enum MFADeviceError: Error, Equatable {
  /// Codes have to be asked for, and there is no terminal in whose foreground we are.
  case noTerminal
  /// `--png` and `--text` at once.
  case oneFormOnly
  /// The terminal does not show `▀` and `▄`, by its locale or its type.
  case noBlockCharacters
  /// The QR code has more characters than the terminal.
  case terminalTooSmall(TerminalSize)
  /// The key is that of the root user, or of something else that is no IAM user.
  case notAUser(arn: String)
  /// A device has the name, and belongs to somebody.
  case nameTaken(MFADeviceName)
  case noDevice(profile: String)
  /// The profile names none of these, so it is not clear which one is meant.
  case severalDevices([MFADevice])
  /// A FIDO device, which shows no codes.
  case showsNoCodes(MFADevice)
  /// A signal that ends us came while the device was made.
  case interrupted
  /// AWS did not take any of the pairs of codes; what it last said to that, where it said anything.
  case noValidCodes(MFADevice, tries: Int, ServiceError?)
}
