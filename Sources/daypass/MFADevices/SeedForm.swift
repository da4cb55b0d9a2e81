import AWSServices
import Console
import OneTimeCodes
import QRCodes
import Secrets

/// How the user takes over a seed.
enum SeedForm: Equatable {
  case qrCode
  case text
  /// A picture in a new file.
  case png(path: String)

  /// Throws, before anything is made, where the terminal cannot show it.
  func check(for user: UserARN, on terminal: borrowing Terminal, in environment: [String: String]) throws {
    guard self == .qrCode else { return }
    guard Terminal.showsBlocks(in: environment) else { throw MFADeviceError.noBlockCharacters }
    // As long as AWS's.
    let seed = SecretBytes(copying: String(repeating: "A", count: 64))
    _ = try picture(of: seed, for: user, on: terminal)
  }

  /// What to show on the terminal above the first question; empty for none.
  func picture(of seed: borrowing SecretBytes, for user: UserARN, on terminal: borrowing Terminal) throws -> SecretBytes
  {
    switch self {
    case .png: return SecretBytes()
    case .text: return Explained.seedText(seed, account: user.label)
    case .qrCode:
      let size = terminal.size
      let text = try Self.uri(of: seed, for: user).terminalText(columns: size.columns, rows: size.rows - 1)
      guard let text else { throw MFADeviceError.terminalTooSmall(size) }
      return text
    }
  }

  static func uri(of seed: borrowing SecretBytes, for user: UserARN) throws(QRCodeError) -> OTPAuthURI {
    try OTPAuthURI(seed: seed, account: user.label, issuer: "AWS")
  }
}

extension UserARN {
  /// What apps show beside the codes.
  var label: String { "\(name.text)@\(account)" }
}
